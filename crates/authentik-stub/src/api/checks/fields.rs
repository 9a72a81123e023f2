//! Checks of single fields.
#![allow(clippy::unnecessary_wraps, reason = "checks have one type, for a table")]

use http::StatusCode;
use openapi_server_runtime::failure::Failure;
use serde_json::{Value, json};

use super::changes;
use super::subject::Subject;
use crate::api::certificates;
use crate::api::departure::Departs;

/// A check of a field's value.
type Check = fn(&Subject<'_>, &Value) -> Result<Option<String>, Failure>;

/// The checks, by the names of fields and the models that have them.
const CHECKS: &[(&str, Of, Check)] = &[
    ("backends", Of::Model("authentik_stages_password.passwordstage"), not_empty),
    ("basic_auth_enabled", Of::Model("authentik_providers_proxy.proxyprovider"), basic_auth),
    ("certificate_data", Of::Model("authentik_crypto.certificatekeypair"), certificate),
    (
        "device_classes",
        Of::Model("authentik_stages_authenticator_validate.authenticatorvalidatestage"),
        not_empty,
    ),
    ("expression", Of::Any, expression),
    ("fields", Of::Model("authentik_stages_prompt.promptstage"), not_empty),
    ("key", Of::Model("authentik_enterprise.license"), license),
    ("key_data", Of::Model("authentik_crypto.certificatekeypair"), private_key),
    ("kubeconfig", Of::Model("authentik_outposts.kubernetesserviceconnection"), kubeconfig),
    ("name", Of::Model("authentik_outposts.outpost"), outpost_name),
    (
        "not_configured_action",
        Of::Model("authentik_stages_authenticator_validate.authenticatorvalidatestage"),
        not_configured,
    ),
    ("parent", Of::Model("authentik_core.group"), parent),
    ("path", Of::Model("authentik_blueprints.blueprintinstance"), blueprint_path),
    ("path", Of::Model("authentik_core.user"), user_path),
    ("providers", Of::Model("authentik_outposts.outpost"), outpost_providers),
    ("sync_users_password", Of::Model("authentik_sources_ldap.ldapsource"), only_password_sync),
    ("template", Of::Model("authentik_stages_email.emailstage"), template),
    ("type", Of::Model("authentik_core.user"), user_type),
];

/// The models that have a field.
enum Of {
    Any,
    Model(&'static str),
}

/// Returns the check of a field of a model.
pub(super) fn of(field: &str, model: &str) -> Option<Check> {
    let is_of = |of: &Of| match of {
        Of::Any => true,
        Of::Model(known) => *known == model,
    };
    CHECKS.iter().find(|(name, of, _)| *name == field && is_of(of)).map(|(_, _, check)| *check)
}

fn said(message: &str) -> Result<Option<String>, Failure> {
    Ok(Some(message.to_owned()))
}

/// Refuses a list without items, where the document does not say that there have to be some.
fn not_empty(_: &Subject<'_>, value: &Value) -> Result<Option<String>, Failure> {
    if *value == json!([]) { said("This list may not be empty.") } else { Ok(None) }
}

/// Refuses what is no certificate.
fn certificate(_: &Subject<'_>, value: &Value) -> Result<Option<String>, Failure> {
    let is_one = certificates::is_certificate(value.as_str().unwrap_or_default());
    if is_one { Ok(None) } else { said("Unable to load certificate.") }
}

/// Refuses what is no private key; a pair may have none.
fn private_key(_: &Subject<'_>, value: &Value) -> Result<Option<String>, Failure> {
    match value.as_str().unwrap_or_default() {
        "" => Ok(None),
        text if certificates::key_kind(text).is_some() => Ok(None),
        _ => said("Unable to load private key (possibly encrypted?)."),
    }
}

/// Refuses what is no Python, as far as its brackets and strings tell.
fn expression(subject: &Subject<'_>, value: &Value) -> Result<Option<String>, Failure> {
    let text = value.as_str().unwrap_or_default();
    let file = file_of_expression(subject);
    let mut open: Vec<(char, usize)> = Vec::new();
    // The program wraps an expression into a function, whose head is a line of its own.
    let mut line = 2;
    let mut letters = text.chars();
    let mut quote = None;
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (_, '\n') => line += 1,
            (Some(_), '\\') => drop(letters.next()),
            (Some(end), letter) if letter == end => quote = None,
            (None, '\'' | '"') => quote = Some(letter),
            (None, '#') => {
                for letter in letters.by_ref() {
                    if letter == '\n' {
                        line += 1;
                        break;
                    }
                }
            }
            (None, '(' | '[' | '{') => open.push((letter, line)),
            (None, ')' | ']' | '}') => match open.pop() {
                Some((opened, _)) if closes(opened, letter) => {}
                Some((opened, _)) => {
                    let reason = format!(
                        "closing parenthesis '{letter}' does not match opening parenthesis '{opened}'"
                    );
                    return Ok(Some(syntax_error(&reason, &file, line)));
                }
                None => return Ok(Some(syntax_error(&format!("unmatched '{letter}'"), &file, line))),
            },
            _ => {}
        }
    }
    let unclosed = open.last();
    Ok(unclosed.map(|(letter, line)| syntax_error(&format!("'{letter}' was never closed"), &file, *line)))
}

/// Returns the name of the file that an expression is compiled as: that of the object that has it.
fn file_of_expression(subject: &Subject<'_>) -> String {
    match &subject.row {
        Some(row) => subject.reader().value(row, "name").as_str().unwrap_or_default().to_owned(),
        None if subject.model() == "authentik_policies_expression.expressionpolicy" => {
            "temp-policy".to_owned()
        }
        None => "None".to_owned(),
    }
}

fn closes(opened: char, letter: char) -> bool {
    matches!((opened, letter), ('(', ')') | ('[', ']') | ('{', '}'))
}

fn syntax_error(reason: &str, file: &str, line: usize) -> String {
    format!("Expression Syntax Error: {reason} ({file}, line {line})")
}

/// Refuses a file that no instance of a blueprint names. Where no worker runs, nobody looks for it.
fn blueprint_path(subject: &Subject<'_>, value: &Value) -> Result<Option<String>, Failure> {
    let path = value.as_str().unwrap_or_default();
    let reader = subject.reader();
    if path.is_empty() || path.starts_with("oci://") || !changes::has_worker(reader) {
        return Ok(None);
    }
    let model = reader.model(subject.model());
    let is_known = model.is_some_and(|model| reader.find(model, "path", value).is_some());
    if is_known { Ok(None) } else { said("Blueprint file does not exist") }
}

fn user_path(_: &Subject<'_>, value: &Value) -> Result<Option<String>, Failure> {
    let path = value.as_str().unwrap_or_default();
    if path.starts_with('/') || path.ends_with('/') {
        return said("No leading or trailing slashes allowed.");
    }
    if path.split('/').any(str::is_empty) {
        return said("No empty segments in user path allowed.");
    }
    Ok(None)
}

fn user_type(subject: &Subject<'_>, value: &Value) -> Result<Option<String>, Failure> {
    const INTERNAL: &str = "internal_service_account";
    match &subject.row {
        Some(row) if subject.reader().value(row, "type") == INTERNAL && value != INTERNAL => {
            said("Can't change internal service account to other user type.")
        }
        None if value == INTERNAL => said("Setting a user to internal service account is not allowed."),
        _ => Ok(None),
    }
}

fn parent(subject: &Subject<'_>, value: &Value) -> Result<Option<String>, Failure> {
    match &subject.row {
        Some(row) if subject.reader().key(row) == value => said("Cannot set group as parent of itself."),
        _ => Ok(None),
    }
}

fn kubeconfig(subject: &Subject<'_>, value: &Value) -> Result<Option<String>, Failure> {
    match value.as_object() {
        Some(members) if members.is_empty() => match subject.body.get("local") {
            // The program looks for a member that is not there.
            None => Err(Departs::MemberTaken.broken()),
            Some(local) if openapi_django::server::python::str(local) == "False" || local.is_null() => {
                said("You can only use an empty kubeconfig when connecting to a local cluster.")
            }
            Some(_) => Ok(None),
        },
        Some(members) if members.contains_key("clusters") && members.contains_key("contexts") => Ok(None),
        // The program does not expect anything but text and objects here.
        None if value.is_number() || value.is_boolean() => Err(Departs::BodyUnchecked.broken()),
        _ => said("Invalid kubeconfig"),
    }
}

/// The templates that the program has.
pub(crate) const TEMPLATES: [&str; 4] = [
    "email/password_reset.html",
    "email/account_confirmation.html",
    "email/setup.html",
    "email/event_notification.html",
];

fn template(_: &Subject<'_>, value: &Value) -> Result<Option<String>, Failure> {
    let name = value.as_str().unwrap_or_default();
    Ok((!TEMPLATES.contains(&name)).then(|| format!("Invalid template '{name}' specified.")))
}

/// Refuses a second source that keeps passwords.
fn only_password_sync(subject: &Subject<'_>, value: &Value) -> Result<Option<String>, Failure> {
    const FIELD: &str = "sync_users_password";
    let reader = subject.reader();
    if *value != true || !subject.others().any(|other| reader.value(other, FIELD) == true) {
        return Ok(None);
    }
    // The program raises a dictionary where a sentence is expected.
    let sentence = "Only a single LDAP Source with password synchronization is allowed";
    Err(Failure::Body { status: StatusCode::BAD_REQUEST, value: json!({FIELD: {FIELD: sentence}}) })
}

fn license(_: &Subject<'_>, _: &Value) -> Result<Option<String>, Failure> {
    said("Unable to verify license")
}

fn not_configured(subject: &Subject<'_>, value: &Value) -> Result<Option<String>, Failure> {
    if value == "configure" && !subject.is_set("configuration_stages") {
        return said(
            "When \"Not configured action\" is set to \"Configure\", you must set a configuration stage.",
        );
    }
    Ok(None)
}

fn basic_auth(subject: &Subject<'_>, value: &Value) -> Result<Option<String>, Failure> {
    let is_complete =
        subject.is_set("basic_auth_password_attribute") && subject.is_set("basic_auth_user_attribute");
    if value == true && !is_complete {
        return said("User and password attributes must be set when basic auth is enabled.");
    }
    Ok(None)
}

fn is_embedded(subject: &Subject<'_>) -> bool {
    let managed = subject.row.as_ref().map(|row| subject.reader().value(row, "managed") == EMBEDDED);
    managed.unwrap_or(false)
}

fn outpost_name(subject: &Subject<'_>, value: &Value) -> Result<Option<String>, Failure> {
    if is_embedded(subject) && value != "authentik Embedded Outpost" {
        return said("Embedded outpost's name cannot be changed");
    }
    Ok(None)
}

/// The mark of the outpost that is part of the server.
const EMBEDDED: &str = "goauthentik.io/outposts/embedded";

/// The providers, each with its class, and with the type of the outposts that serve it.
const PROVIDERS: &[(&str, &str, Option<&str>)] = &[
    ("authentik_providers_google_workspace.googleworkspaceprovider", "GoogleWorkspaceProvider", None),
    ("authentik_providers_ldap.ldapprovider", "LDAPProvider", Some("ldap")),
    ("authentik_providers_microsoft_entra.microsoftentraprovider", "MicrosoftEntraProvider", None),
    ("authentik_providers_oauth2.oauth2provider", "OAuth2Provider", None),
    ("authentik_providers_proxy.proxyprovider", "ProxyProvider", Some("proxy")),
    ("authentik_providers_rac.racprovider", "RACProvider", Some("rac")),
    ("authentik_providers_radius.radiusprovider", "RadiusProvider", Some("radius")),
    ("authentik_providers_saml.samlprovider", "SAMLProvider", None),
    ("authentik_providers_scim.scimprovider", "SCIMProvider", None),
];

/// Refuses providers that outposts of the type of the body do not serve, and none at all.
fn outpost_providers(subject: &Subject<'_>, value: &Value) -> Result<Option<String>, Failure> {
    let reader = subject.reader();
    let keys = value.as_array().map(Vec::as_slice).unwrap_or_default();
    let kind = subject.get("type");
    let is_served = kind.is_null() || PROVIDERS.iter().any(|(.., by)| by.is_some() && *by == kind.as_str());
    if !keys.is_empty() && !is_served {
        // The program looks for the providers of the type before it says that there is no such type.
        return Err(Departs::MemberTaken.broken());
    }
    if let (Some(kind), Some(model)) =
        (subject.body.get("type").and_then(Value::as_str), reader.model("authentik_core.provider"))
    {
        let models =
            keys.iter().filter_map(|key| Some(reader.model_name(reader.by_key(model, key)?.model())));
        let mut providers = models.filter_map(|model| PROVIDERS.iter().find(|(name, ..)| *name == model));
        if let Some((_, class, _)) = providers.find(|(.., served_by)| *served_by != Some(kind)) {
            return said(&format!("Outpost type {kind} can't be used with {class} providers."));
        }
    }
    if is_embedded(subject) { Ok(None) } else { not_empty(subject, value) }
}
