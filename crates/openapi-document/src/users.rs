//! Finds the users of a component: the places that refer to it, and the operations whose messages can hold it.

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use crate::document::Document;
use crate::operations::operations;
use crate::pointer;

/// An operation that uses a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    /// The operation's id, or method and path if it has none.
    pub operation: String,
    /// The operation's pointer.
    pub pointer: String,
    /// The parts of the exchange that can hold the component.
    pub ways: Vec<Way>,
}

/// A part of an exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// The request: its body or a parameter.
    Request,
    /// The response with this status.
    Answer(String),
    /// A response with this status, which the operation does not declare and was seen to give.
    Observed(String),
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Way::Request => f.write_str("request"),
            Way::Answer(status) => write!(f, "answer {status}"),
            Way::Observed(status) => write!(f, "answer {status} (observed)"),
        }
    }
}

/// Returns the operations that use the component at or around `at`, or the one that `at` is a part of.
#[must_use]
pub fn users(document: &Document, at: &str) -> Vec<User> {
    let root = document.value();
    let mut users = Vec::new();
    for (path, method, operation) in operations(root) {
        let item = pointer::child("/paths", path);
        let pointer = format!("{item}/{method}");
        let ways = match component(at) {
            Some(component) => ways(root, root.pointer(&item), operation, component),
            None => at.strip_prefix(&format!("{pointer}/")).and_then(part).into_iter().collect(),
        };
        if !ways.is_empty() {
            let id = operation.get("operationId").and_then(Value::as_str).map(str::to_owned);
            let operation = id.unwrap_or_else(|| format!("{} {path}", method.to_uppercase()));
            users.push(User { operation, pointer, ways });
        }
    }
    users
}

/// Returns the parts of an operation's exchange that can hold `component`.
fn ways(root: &Value, item: Option<&Value>, operation: &Value, component: &str) -> Vec<Way> {
    let holds = |value: &Value| reached(root, value).contains(component);
    let shared = item.and_then(|item| item.get("parameters"));
    let sent = [shared, operation.get("parameters"), operation.get("requestBody")];
    let mut ways = Vec::new();
    if sent.into_iter().flatten().any(holds) || secured_by(root, operation, component) {
        ways.push(Way::Request);
    }
    for (key, way) in ANSWERS {
        let answers = operation.get(key).and_then(Value::as_object).into_iter().flatten();
        ways.extend(answers.filter(|(_, answer)| holds(answer)).map(|(status, _)| way(status.clone())));
    }
    ways
}

/// A member of an operation that holds answers by their status, and what they are.
type Answers = (&'static str, fn(String) -> Way);

const ANSWERS: [Answers; 2] = [("responses", Way::Answer), ("x-observed-responses", Way::Observed)];

/// Returns the part of the exchange that the rest of a pointer, from the operation on, is in.
fn part(rest: &str) -> Option<Way> {
    let (member, below) = rest.split_once('/').unwrap_or((rest, ""));
    if ["parameters", "requestBody", "security"].contains(&member) {
        return Some(Way::Request);
    }
    let (_, way) = ANSWERS.iter().find(|(key, _)| *key == member)?;
    let status = below.split('/').next().filter(|status| !status.is_empty())?;
    Some(way(status.to_owned()))
}
/// Returns the pointers of everything that refers to the component at or around `at`.
#[must_use]
pub fn references_to(document: &Document, at: &str) -> Vec<String> {
    let Some(component) = component(at) else { return Vec::new() };
    let mut found = Vec::new();
    let mut rest = vec![(String::new(), document.value())];
    while let Some((at, value)) = rest.pop() {
        if target(value).as_deref() == Some(component) {
            found.push(at);
            continue;
        }
        match value {
            // The last is looked at first, so the members are turned round.
            Value::Object(members) => {
                rest.extend(members.iter().rev().map(|(key, member)| (pointer::child(&at, key), member)));
            }
            Value::Array(items) => {
                let items = items.iter().enumerate().rev();
                rest.extend(items.map(|(index, item)| (format!("{at}/{index}"), item)));
            }
            _ => {}
        }
    }
    found
}

/// Returns the pointer of the component that `at` is, or is in.
fn component(at: &str) -> Option<&str> {
    let rest = at.strip_prefix("/components/")?;
    let (kind, name) = rest.split_once('/')?;
    let name = name.split('/').next()?;
    at.get(.."/components/".len() + kind.len() + 1 + name.len())
}

fn secured_by(root: &Value, operation: &Value, component: &str) -> bool {
    let Some(scheme) = component.strip_prefix("/components/securitySchemes/") else { return false };
    let security = operation.get("security").or_else(|| root.get("security")).and_then(Value::as_array);
    security.into_iter().flatten().any(|alternative| alternative.get(pointer::unescape(scheme)).is_some())
}

/// Returns the pointers of all components that `value` refers to.
pub fn reached(root: &Value, value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut rest = vec![value];
    while let Some(value) = rest.pop() {
        if let Some(target) = target(value) {
            let component = root.pointer(&target);
            if found.insert(target) {
                rest.extend(component);
            }
            continue;
        }
        // A discriminator names what it chooses from by reference, too.
        for mapped in value.pointer("/discriminator/mapping").and_then(Value::as_object).into_iter().flatten()
        {
            let target = mapped.1.as_str().and_then(pointer::of_reference).unwrap_or_default();
            if let Some(component) = root.pointer(&target).filter(|_| found.insert(target.clone())) {
                rest.push(component);
            }
        }
        match value {
            Value::Object(members) => rest.extend(members.values()),
            Value::Array(items) => rest.extend(items),
            _ => {}
        }
    }
    found
}

fn target(value: &Value) -> Option<String> {
    pointer::of_reference(value.get("$ref")?.as_str()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PETS: &str = include_str!("../tests/users.yaml");

    #[test]
    fn a_component_is_used_in_requests_answers_and_by_others() {
        let document = Document::parse("pets.yaml", PETS).unwrap();
        let told = |at: &str| -> Vec<String> {
            let users = users(&document, at).into_iter();
            users
                .map(|user| {
                    let ways: Vec<String> = user.ways.iter().map(ToString::to_string).collect();
                    format!("{}: {}", user.operation, ways.join(", "))
                })
                .collect()
        };
        assert_eq!(
            told("/components/schemas/Kind"),
            ["pets_list: request, answer 200", "pets_create: request"]
        );
        assert_eq!(
            told("/components/schemas/Fault/properties/detail"),
            ["pets_create: answer 409 (observed)"]
        );
        assert!(told("/paths/~1pets~1/get").is_empty());
        assert_eq!(told("/paths/~1pets~1/get/parameters/0"), ["pets_list: request"]);
        assert_eq!(told("/paths/~1pets~1/post/responses/204/description"), ["pets_create: answer 204"]);
        assert_eq!(
            references_to(&document, "/components/schemas/Kind"),
            ["/paths/~1pets~1/get/parameters/1/schema", "/components/schemas/Pet/properties/petKind/allOf/0"]
        );
    }
}
