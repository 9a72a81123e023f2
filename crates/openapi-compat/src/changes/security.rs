//! Compares who may call an operation, and how credentials are sent and obtained.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::annotations;
use super::change_log::ChangeLog;
use super::node::{Both, Member, Node};
use super::rule::Direction;
use super::rules::{
    ANONYMOUS_ALLOWED, ANONYMOUS_FORBIDDEN, BEARER_FORMAT_CHANGED, DESCRIPTION_CHANGED, OAUTH_FLOW_CHANGED,
    OAUTH_SCOPE_OFFERED, OAUTH_SCOPE_WITHDRAWN, SECURITY_ALTERNATIVE_ADDED, SECURITY_ALTERNATIVE_REMOVED,
    SECURITY_SCHEME_CHANGED, SECURITY_SCOPE_ADDED, SECURITY_SCOPE_REMOVED,
};
use super::subject::Subject;
use super::urls::normalised;

/// Scopes that are needed together.
type Scopes = BTreeSet<String>;

/// Schemes that are needed together, and which scopes with them: one alternative or several.
type Alternatives = BTreeMap<Vec<String>, Vec<Scopes>>;

/// Tells whether callers with these scopes are served as before, by other schemes.
type IsServed<'a> = &'a dyn Fn(&Scopes) -> bool;

/// Compares the requirements of one operation, or those of the document for operations without any.
pub(super) fn compare(log: &mut ChangeLog, document: &Both<'_>, operation: &Both<'_>, subject: &Subject) {
    let identities = Identities::of(&document.old);
    let effective = |document: &Node<'_>, operation: &Node<'_>| -> (Alternatives, String) {
        let own = operation.get("security");
        let declared = if own.exists() { own } else { document.get("security") };
        (alternatives(&declared, &identities), declared.pointer)
    };
    let (old, old_pointer) = effective(&document.old, &operation.old);
    let (new, new_pointer) = effective(&document.new, &operation.new);
    let at = if new.keys().all(Vec::is_empty) { old_pointer } else { new_pointer };
    let subject = match at.as_str() {
        "/security" => Subject::plain("every operation without requirements of its own"),
        _ => subject.clone(),
    };
    let subject = subject.asking();
    let anonymous = |all: &Alternatives| all.contains_key(&Vec::new());
    if !anonymous(&old) && anonymous(&new) {
        log.record(&ANONYMOUS_ALLOWED, &at, &subject, "can be called without credentials");
    }
    if anonymous(&old) && !anonymous(&new) {
        log.record(&ANONYMOUS_FORBIDDEN, &at, &subject, "can no longer be called without credentials");
    }
    // Where credentials are no longer asked for, those of before do no harm.
    let are_ignored = !anonymous(&old) && anonymous(&new);
    let none = Vec::new();
    let schemes: BTreeSet<&Vec<String>> = old.keys().chain(new.keys()).collect();
    for schemes in schemes.into_iter().filter(|schemes| !schemes.is_empty()) {
        let sides = (old.get(schemes).unwrap_or(&none), new.get(schemes).unwrap_or(&none));
        let is_served = |scopes: &Scopes| {
            // Whoever has more credentials than are asked for is served as before.
            let mut eased = new
                .iter()
                .filter(|(fewer, _)| !fewer.is_empty() && fewer.iter().all(|one| schemes.contains(one)));
            are_ignored || eased.any(|(_, all)| all.iter().any(|fewer| fewer.is_subset(scopes)))
        };
        compare_scopes(log, sides, (schemes, &is_served), &at, &subject);
    }
}

/// Compares the scopes that go with the same schemes, where there may be several alternatives.
fn compare_scopes(
    log: &mut ChangeLog,
    (old, new): (&Vec<Scopes>, &Vec<Scopes>),
    (schemes, is_served): (&[String], IsServed<'_>),
    at: &str,
    subject: &Subject,
) {
    let mut added: Vec<&Scopes> = new.iter().filter(|scopes| !old.contains(scopes)).collect();
    let mut removed: Vec<&Scopes> = old.iter().filter(|scopes| !new.contains(scopes)).collect();
    // Whoever has more scopes than are asked for is served as before.
    let fewer = |before: &Scopes| new.iter().find(|scopes| scopes.is_subset(before));
    let eased: Vec<(&Scopes, &Scopes)> =
        removed.iter().filter_map(|before| Some((*before, fewer(before)?))).collect();
    removed.retain(|before| fewer(before).is_none());
    added.retain(|scopes| !eased.iter().any(|(_, fewer)| fewer == scopes));
    let mut pairs = eased;
    if let ([before], [now]) = (removed.as_slice(), added.as_slice()) {
        pairs.push((*before, *now));
        (removed, added) = (Vec::new(), Vec::new());
    }
    for (before, now) in pairs {
        for scope in now.difference(before) {
            log.record(&SECURITY_SCOPE_ADDED, at, subject, format!("asks for the scope `{scope}`"));
        }
        for scope in before.difference(now) {
            let text = format!("no longer asks for the scope `{scope}`");
            log.record(&SECURITY_SCOPE_REMOVED, at, subject, text);
        }
    }
    for scopes in added {
        let text = format!("accepts {}", names(schemes, scopes, new.len() > 1 || !old.is_empty()));
        log.record(&SECURITY_ALTERNATIVE_ADDED, at, subject, text);
    }
    for scopes in removed.into_iter().filter(|scopes| !is_served(scopes)) {
        let text = format!("no longer accepts {}", names(schemes, scopes, old.len() > 1 || !new.is_empty()));
        log.record(&SECURITY_ALTERNATIVE_REMOVED, at, subject, text);
    }
}

/// The names of the schemes of the old document, by what they say. One that says the same is the same, whatever its name.
struct Identities(BTreeMap<String, String>);

impl Identities {
    fn of(document: &Node<'_>) -> Self {
        let schemes = schemes_of(document);
        let mut names: Vec<&String> = schemes.object().into_iter().flat_map(|map| map.keys()).collect();
        names.sort_by(|one, other| other.cmp(one));
        let identified = names.into_iter().map(|name| (identity(&schemes.get(name)), name.clone()));
        Identities(identified.collect())
    }

    /// Returns the name by which the scheme `name` of a document was known before.
    fn name_of(&self, document: &Node<'_>, name: &str) -> String {
        let scheme = schemes_of(document).get(name);
        let known = self.0.get(&identity(&scheme)).filter(|_| scheme.exists());
        known.cloned().unwrap_or_else(|| name.to_owned())
    }
}

fn schemes_of<'a>(place: &Node<'a>) -> Node<'a> {
    place.document().get("components").get("securitySchemes")
}

/// Returns what a scheme says of how credentials are sent and obtained.
fn identity(scheme: &Node<'_>) -> String {
    let scheme = scheme.resolved();
    let texts = TOLD.map(|key| {
        let text = scheme.text(key).unwrap_or_default();
        if ignores_case(&scheme, key) { text.to_ascii_lowercase() } else { text.to_owned() }
    });
    let flows = scheme.get("flows");
    let flows: BTreeMap<&String, Value> =
        flows.members().filter_map(|(name, flow)| Some((name, told(flow.value?)))).collect();
    texts.join("\n") + &serde_json::json!(flows).to_string()
}

/// Returns what a flow says besides words, in one order: the names of its scopes, and addresses.
fn told(flow: &Value) -> Value {
    let mut flow = flow.clone();
    let scopes = flow.get_mut("scopes").and_then(Value::as_object_mut);
    scopes.into_iter().flat_map(|scopes| scopes.values_mut()).for_each(|words| *words = Value::Null);
    flow.sort_all_objects();
    flow
}

/// The keys that tell schemes apart, besides their flows.
const TOLD: [&str; 5] = ["type", "in", "name", "scheme", "openIdConnectUrl"];

/// Alternatives by the names of their schemes, with `scheme/scope` for each scope. None at all is one without schemes.
fn alternatives(declared: &Node<'_>, identities: &Identities) -> Alternatives {
    let mut found = Alternatives::new();
    for requirement in declared.items() {
        let known = |scheme: &String| identities.name_of(declared, scheme);
        let schemes: BTreeSet<String> = requirement.members().map(|(scheme, _)| known(scheme)).collect();
        let schemes: Vec<String> = schemes.into_iter().collect();
        let scopes = requirement.members().flat_map(|(scheme, scopes)| {
            let scheme = known(scheme);
            let scopes = scopes.value.and_then(Value::as_array).into_iter().flatten();
            scopes.filter_map(Value::as_str).map(move |scope| format!("{scheme}/{scope}"))
        });
        let (scopes, known): (Scopes, _) = (scopes.collect(), found.entry(schemes).or_default());
        // An alternative that asks for more than another says nothing.
        if !known.iter().any(|fewer| fewer.is_subset(&scopes)) {
            known.retain(|more| !scopes.is_subset(more));
            known.push(scopes);
        }
    }
    for alternatives in found.values_mut() {
        alternatives.sort();
    }
    if found.is_empty() {
        found.insert(Vec::new(), vec![Scopes::new()]);
    }
    found
}

fn names(schemes: &[String], scopes: &Scopes, with_scopes: bool) -> String {
    let quoted = |text: &String| format!("`{text}`");
    let names = schemes.iter().map(quoted).collect::<Vec<_>>().join(" with ");
    match scopes.iter().map(quoted).collect::<Vec<_>>() {
        scopes if with_scopes && !scopes.is_empty() => format!("{names} for {}", scopes.join(" and ")),
        _ => names,
    }
}

/// Returns `true` if a scheme says the same under `key`.
fn is_same(scheme: &Both<'_>, key: &str) -> bool {
    let [old, new] = [&scheme.old, &scheme.new].map(|side| side.text(key));
    match (old, new) {
        (Some(old), Some(new)) if ignores_case(&scheme.new, key) => old.eq_ignore_ascii_case(new),
        (old, new) => old == new,
    }
}

/// Returns `true` if what a scheme says under `key` is the same in any case, as the names of authentication schemes and of
/// headers are.
fn ignores_case(scheme: &Node<'_>, key: &str) -> bool {
    key == "scheme" || key == "name" && scheme.text("in") == Some("header")
}

/// Returns the schemes that some operation asks for.
fn used<'a>(document: &Node<'a>) -> BTreeSet<&'a str> {
    let operations = openapi_document::operations::operations(document.side.root);
    let shared = document.get("security");
    let lists = operations.map(|(.., operation)| operation.get("security").or(shared.value));
    let requirements = lists.flatten().filter_map(Value::as_array).flatten();
    requirements.filter_map(Value::as_object).flat_map(|map| map.keys().map(String::as_str)).collect()
}

/// Compares the schemes that both documents have and use; others show in the operations that ask for them.
pub(super) fn compare_schemes(log: &mut ChangeLog, document: &Both<'_>) {
    let (old_used, new_used) = (used(&document.old), used(&document.new));
    for (name, member) in document.get("components").get("securitySchemes").members() {
        let Member::Kept(pair) = member else { continue };
        let pair = pair.resolved();
        if !(old_used.contains(name) && new_used.contains(name)) {
            continue;
        }
        let subject = Subject::plain(format!("the credentials `{name}`")).directed(Direction::Request);
        annotations::compare(log, &pair, &subject);
        for key in TOLD {
            let member = pair.get(key);
            if !is_same(&pair, key) {
                let new = pair.new.text(key).unwrap_or("nothing");
                let text = format!("have `{new}` as `{key}` now");
                log.record(&SECURITY_SCHEME_CHANGED, member.pointer(), &subject, text);
            }
        }
        let format = pair.get("bearerFormat");
        if !format.same() {
            let text = "have another hint at the form of the token";
            log.record(&BEARER_FORMAT_CHANGED, format.pointer(), &subject, text);
        }
        for (flow, member) in pair.get("flows").members() {
            match member {
                Member::Added(new) => {
                    let text = format!("can be obtained by the flow `{flow}`");
                    log.record(&OAUTH_FLOW_CHANGED, &new.pointer, &subject, text);
                }
                Member::Removed(old) => {
                    let text = format!("can no longer be obtained by the flow `{flow}`");
                    log.record(&OAUTH_FLOW_CHANGED, &old.pointer, &subject, text);
                }
                Member::Kept(pair) => compare_flows(log, flow, &pair, &subject),
            }
        }
    }
}

fn compare_flows(log: &mut ChangeLog, flow: &str, pair: &Both<'_>, subject: &Subject) {
    annotations::compare(log, pair, subject);
    for key in ["authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl"] {
        let member = pair.get(key);
        if pair.old.text(key).map(normalised) != pair.new.text(key).map(normalised) {
            let text = format!("have another `{key}` in the flow `{flow}`");
            log.record(&OAUTH_FLOW_CHANGED, member.pointer(), subject, text);
        }
    }
    for (scope, member) in pair.get("scopes").members() {
        match member {
            Member::Added(new) => {
                log.record(&OAUTH_SCOPE_OFFERED, &new.pointer, subject, format!("offer the scope `{scope}`"));
            }
            Member::Removed(old) => {
                let text = format!("no longer offer the scope `{scope}`");
                log.record(&OAUTH_SCOPE_WITHDRAWN, &old.pointer, subject, text);
            }
            Member::Kept(pair) if !pair.same() => {
                let text = format!("describe the scope `{scope}` differently");
                log.record(&DESCRIPTION_CHANGED, pair.pointer(), subject, text);
            }
            Member::Kept(_) => {}
        }
    }
}
