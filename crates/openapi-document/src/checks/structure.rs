//! Checks that every value of a document has the shape the grammar gives it.
//!
//! What it passes may still contradict itself; references and operations have checks of their own.

use serde_json::{Map, Value};

use super::findings::Findings;
use crate::document::Document;
use crate::error::Diagnostic;
use crate::grammar::{self, Others, Shape};
use crate::{pointer, walk};

/// Schemas within schemas that a document may have; the generators of types recurse through them with large frames.
const MAX_NESTED_SCHEMAS: usize = 24;

/// Whether the document claims to be OpenAPI 3.0; nothing else is worth checking if it does not.
pub(crate) fn version(document: &Document) -> Option<Diagnostic> {
    let root = document.value();
    if !root.is_object() {
        let help = "write an OpenAPI document that begins with `openapi: 3.0.3`";
        let message = format!("the document is {}, not a mapping", kind(root));
        return Some(document.diagnostic("", message, help));
    }
    if let Some(version) = root.get("swagger") {
        let message = format!("this is a Swagger {} document", plain(version));
        return Some(document.diagnostic("/swagger", message, "convert it to OpenAPI 3.0"));
    }
    match root.get("openapi") {
        None => {
            let help = "begin it with `openapi: 3.0.3`";
            Some(document.diagnostic(
                "",
                "the document does not say which version of OpenAPI it follows",
                help,
            ))
        }
        Some(Value::String(version)) if version == "3.0" || version.starts_with("3.0.") => None,
        Some(Value::String(version)) => {
            let message = format!("OpenAPI {version} is not supported");
            Some(document.diagnostic("/openapi", message, "convert the document to OpenAPI 3.0"))
        }
        Some(other) => {
            let message = format!("`openapi` must be text, not {}", kind(other));
            Some(document.diagnostic("/openapi", message, "write `openapi: 3.0.3`"))
        }
    }
}

/// Finds every value of the wrong type and every object that lacks something.
pub(crate) fn check(findings: &mut Findings<'_>) {
    walk::walk(findings.document.value(), |value, shape, at| {
        if let Some(expected) = mismatch(value, shape) {
            let name = pointer::steps(at).last().unwrap_or_default();
            let message = format!("`{name}` must be {expected}, not {}", shown(value));
            return findings.add(at, message, advice(value, shape));
        }
        if walk::is_schema(shape) && walk::schemas_along(at) == MAX_NESTED_SCHEMAS + 1 {
            let message = format!("more than {MAX_NESTED_SCHEMAS} schemas are written inside one another");
            findings.add(at, message, "move this schema to the components and refer to it with $ref");
        }
        match (shape, value) {
            _ if grammar::reference(value, shape).is_some() => {}
            (Shape::Object(object) | Shape::Reference(object), Value::Object(map)) => {
                for member in object.members.iter().filter(|m| m.required && !map.contains_key(m.key)) {
                    let message = format!("the {} object lacks `{}`", object.name, member.key);
                    findings.add(at, message, format!("add `{}:`", member.key));
                }
                check_keys(findings, &object.others, at, map);
            }
            (Shape::Components(_), Value::Object(map)) => {
                for name in map.keys().filter(|name| !is_component_name(name)) {
                    let message = format!("`{name}` cannot name a component");
                    let help = "use letters, digits, `.`, `-` and `_` only";
                    findings.add(&pointer::child(at, name), message, help);
                }
            }
            _ => {}
        }
    });
}

fn check_keys(findings: &mut Findings<'_>, others: &Others, at: &str, map: &Map<String, Value>) {
    let (sound, message, help): (fn(&str) -> bool, _, _) = match others {
        Others::Paths(_) => (|key| key.starts_with('/'), "is no path", "begin it with `/`"),
        Others::Statuses(_) => (
            is_status,
            "is no response status",
            "write a status such as `200`, a range such as `4XX`, or `default`",
        ),
        Others::Unknown | Others::Any(_) => return,
    };
    for key in map.keys().filter(|key| !grammar::is_extension(key) && !sound(key)) {
        findings.add(&pointer::child(at, key), format!("`{key}` {message}"), help);
    }
}

fn is_status(key: &str) -> bool {
    let digit = b'0'..=b'9';
    match key.as_bytes() {
        [b'1'..=b'5', b'X', b'X'] => true,
        [b'1'..=b'5', tens, ones] => digit.contains(tens) && digit.contains(ones),
        other => other == b"default",
    }
}

fn is_component_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
}

/// What should stand in place of `value`, unless it has the right type.
fn mismatch(value: &Value, shape: Shape) -> Option<String> {
    let (fits, expected) = match shape {
        Shape::Any => return None,
        Shape::Text => (value.is_string(), "text"),
        Shape::Flag => (value.is_boolean(), "`true` or `false`"),
        Shape::Number => (value.is_number(), "a number"),
        Shape::Count => (value.is_u64(), "a whole number, zero or more"),
        Shape::List(..) => (value.is_array(), "a list"),
        Shape::Object(_) | Shape::Map(_) | Shape::Components(_) => (value.is_object(), "a mapping"),
        Shape::Reference(_) => match value.get("$ref") {
            Some(reference) => (reference.is_string(), "a reference whose `$ref` is text"),
            None => (value.is_object(), "a mapping"),
        },
        Shape::FlagOr(_) if value.is_boolean() => return None,
        Shape::FlagOr(shape) => {
            return mismatch(value, *shape).map(|other| format!("`true`, `false` or {other}"));
        }
        Shape::Word(words) => {
            let fits = value.as_str().is_some_and(|text| words.contains(&text));
            return (!fits).then(|| format!("one of `{}`", words.join("`, `")));
        }
    };
    (!fits).then(|| expected.to_owned())
}

fn advice(value: &Value, shape: Shape) -> &'static str {
    match (shape, value) {
        (Shape::Text, Value::Number(_) | Value::Bool(_)) => "put it in quotes",
        (Shape::Flag | Shape::Number | Shape::Count, Value::String(_)) => "write it without quotes",
        (Shape::Word(_), Value::Array(_)) => {
            "write one word; OpenAPI 3.0 says `nullable: true` where later versions list `null` among the types"
        }
        (Shape::Flag, Value::Number(_)) => "in OpenAPI 3.0 the limit itself stands in `minimum` or `maximum`",
        (_, Value::Null) => "give it a value or remove the key",
        _ => "see https://spec.openapis.org/oas/v3.0.3 for what may stand here",
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A short value itself, a long one by its kind.
fn shown(value: &Value) -> String {
    const LONGEST: usize = 40;
    match value {
        Value::String(text) if text.len() <= LONGEST => format!("the text `{text}`"),
        Value::Bool(_) | Value::Number(_) => format!("{} ({value})", kind(value)),
        _ => kind(value).to_owned(),
    }
}
