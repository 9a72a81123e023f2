//! Rules about who may call an operation, and about descriptions, tags and examples.

use super::catalogue;
use crate::changes::rule::SemverBump::{Major, Patch};
use crate::changes::rule::Severity::{Breaking, Compatible, Documentation, Risky};
use crate::changes::rule::{CALLERS, EVERYONE, NOBODY, Rule, SERVERS};

catalogue! { SECURITY:
    ANONYMOUS_ALLOWED = Rule::request("anonymous-allowed", Compatible, SERVERS).in_answers(Risky, CALLERS)
        .means("An operation can be called without credentials.")
        .because("Callers with credentials still may, whether they are looked at or not; the server opens up.");
    ANONYMOUS_FORBIDDEN = Rule::request("anonymous-forbidden", Breaking, CALLERS).in_answers(Compatible, SERVERS)
        .means("An operation can no longer be called without credentials.")
        .because("Such calls are refused.");
    SECURITY_ALTERNATIVE_ADDED = Rule::request("security-alternative-added", Compatible, SERVERS).in_answers(Risky, CALLERS)
        .means("An operation accepts a further kind of credentials.")
        .because("The others stay.");
    SECURITY_ALTERNATIVE_REMOVED = Rule::request("security-alternative-removed", Breaking, CALLERS).in_answers(Compatible, SERVERS)
        .means("An operation no longer accepts a kind of credentials.")
        .because("Callers with these are refused.");
    SECURITY_SCOPE_ADDED = Rule::request("security-scope-added", Breaking, CALLERS).in_answers(Compatible, SERVERS)
        .means("An operation asks for a further scope.")
        .because("Tokens without it are refused.");
    SECURITY_SCOPE_REMOVED = Rule::request("security-scope-removed", Compatible, SERVERS).in_answers(Compatible, SERVERS)
        .means("An operation no longer asks for a scope.")
        .because("Tokens that have it do no harm.");
    SECURITY_SCHEME_CHANGED = Rule::request("security-scheme-changed", Breaking, EVERYONE)
        .means("Credentials are of another kind or sent in another way.")
        .because("The server no longer looks where callers put them.");
    OAUTH_FLOW_CHANGED = Rule::request("oauth-flow-changed", Risky, CALLERS)
        .means("Tokens are obtained in another way or elsewhere.")
        .because("Tokens that were obtained work; new ones must be asked for differently.");
    OAUTH_SCOPE_OFFERED = Rule::request("oauth-scope-offered", Compatible, NOBODY)
        .means("There is a further scope to ask for.")
        .because("Nobody asks for it yet.");
    OAUTH_SCOPE_WITHDRAWN = Rule::request("oauth-scope-withdrawn", Breaking, CALLERS)
        .means("A scope can no longer be asked for.")
        .because("Asking for it fails.");
    BEARER_FORMAT_CHANGED = Rule::request("bearer-format-changed", Documentation, NOBODY)
        .means("The hint at the form of a bearer token is another.")
        .because("It is a hint to people.");

    INFO_CHANGED = Rule::undirected("info-changed", Documentation, NOBODY)
        .means("Title, version, licence or contact of the document are others.")
        .because("They describe the document.");
    TAGS_CHANGED = Rule::undirected("tags-changed", Documentation, NOBODY)
        .means("The list of tags, or what it says of one, is another.")
        .because("It describes; the tags of an operation are judged with it.");
    DESCRIPTION_CHANGED = documentation("description-changed").rust("documented differently", Patch)
        .means("A title, summary or description is another.")
        .because("It is for people; it may tell of a change that the document cannot express.");
    EXAMPLE_CHANGED = Rule::directed("example-changed", Documentation, NOBODY)
        .means("An example is another.")
        .because("An example shows valid values without defining them.");
    EXTERNAL_DOCS_CHANGED = documentation("external-docs-changed")
        .means("A link to documentation is another.")
        .because("It is for people.");
    EXTENSION_CHANGED = documentation("extension-changed")
        .means("A vendor extension (`x-`) is added, removed or another.")
        .because("Extensions that nothing reads are notes.");
    HINT_CHANGED = Rule { undirected: HINT.request, ..HINT }.rust("generated differently", Major)
        .means("An extension that the generators read is added, removed or another.")
        .because("Nothing changes on the wire, but the generated code takes another form.");
    SECRET_REVEALED = Rule::directed("secret-revealed", Risky, EVERYONE).rust("shown in `Debug`", Patch)
        .means("A value is no longer marked as a secret (`x-secret`).")
        .because("Nothing changes on the wire, but logs and errors of generated code print it from now on.");
    UNKNOWN_CHANGED = Rule { undirected: UNKNOWN.request, ..UNKNOWN }
        .means("A member that OpenAPI 3.0 does not know is added, removed or another.")
        .because("Its meaning depends on the programs that read it.");
}

const HINT: Rule = Rule::directed("hint-changed", Compatible, EVERYONE);

const UNKNOWN: Rule = Rule::directed("unknown-changed", Risky, EVERYONE);

/// Makes a rule about descriptions, wherever they are.
const fn documentation(id: &'static str) -> Rule {
    let rule = Rule::directed(id, Documentation, NOBODY);
    Rule { undirected: rule.request, ..rule }
}
