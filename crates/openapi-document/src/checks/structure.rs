//! Checks that every value of a document has the shape the grammar gives it.
//!
//! References and operations have their own checks.

use serde_json::{Map, Value};

use super::findings::Findings;
use crate::grammar::{self, Others, SCHEMA, Shape};
use crate::tree::Tree;
use crate::version::Version;
use crate::{pointer, walk};

/// Schemas within schemas that a document may have; the generators of types recurse through them with large frames.
const MAX_NESTED_SCHEMAS: usize = 24;

/// The reason why a document is of no supported version.
pub(super) struct NoVersion {
    pub(super) pointer: &'static str,
    pub(super) message: String,
    pub(super) help: &'static str,
}

/// Returns the version that the document claims to follow; nothing else is worth checking if it claims none.
pub(super) fn version(root: &Tree) -> Result<Version, NoVersion> {
    let no = |pointer, message: String, help| Err(NoVersion { pointer, message, help });
    if root.map().is_none() {
        let help = "write an OpenAPI document that begins with `openapi: 3.1.0`";
        return no("", format!("the document is {}, not a mapping", kind(&root.to_value())), help);
    }
    if let Some(version) = root.get("swagger") {
        let message = format!("this is a Swagger {} document", plain(&version.to_value()));
        return no("/swagger", message, "convert it to OpenAPI 3.0 or later");
    }
    let Some(stated) = root.get("openapi") else {
        let message = "the document does not say which version of OpenAPI it follows".to_owned();
        return no("", message, "begin it with `openapi: 3.1.0`");
    };
    let Some(text) = stated.as_text() else {
        let message = format!("`openapi` must be text, not {}", kind(&stated.to_value()));
        return no("/openapi", message, "write `openapi: 3.1.0`");
    };
    Version::parse(text).ok_or_else(|| NoVersion {
        pointer: "/openapi",
        message: format!("OpenAPI {text} is not supported"),
        help: "convert the document to OpenAPI 3.0, 3.1 or 3.2",
    })
}

/// Finds every value of the wrong type and every object that lacks something.
pub(super) fn check(findings: &mut Findings<'_>) {
    let version = findings.document.version();
    walk::walk_in(version, findings.document.value(), |value, shape, at| {
        if let Some(expected) = mismatch(value, shape, version) {
            let name = pointer::steps(at).last().unwrap_or_default();
            let message = format!("`{name}` must be {expected}, not {}", shown(value));
            return findings.add(at, message, advice(value, shape, version));
        }
        if walk::is_schema(shape) && walk::schemas_along(at) == MAX_NESTED_SCHEMAS + 1 {
            let message = format!("more than {MAX_NESTED_SCHEMAS} schemas are written inside one another");
            findings.add(at, message, "move this schema to the components and refer to it with $ref");
        }
        match (shape, value) {
            _ if grammar::reference(value, shape).is_some() => {}
            (Shape::Object(object) | Shape::Reference(object), Value::Object(map)) => {
                let required =
                    object.members.iter().filter(|member| member.required && member.is_in(version));
                for member in required.filter(|member| !map.contains_key(member.key)) {
                    let message = format!("the {} object lacks `{}`", object.name, member.key);
                    findings.add(at, message, format!("add `{}:`", member.key));
                }
                check_keys(findings, &object.others, at, map);
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
        Others::Unknown | Others::Any(_) | Others::Methods(_) => return,
    };
    for key in map.keys().filter(|key| !grammar::is_extension(key) && !sound(key)) {
        findings.add(&pointer::child(at, key), format!("`{key}` {message}"), help);
    }
}

pub(super) fn is_status(key: &str) -> bool {
    let digit = b'0'..=b'9';
    match key.as_bytes() {
        [b'1'..=b'5', b'X', b'X'] => true,
        [b'1'..=b'5', tens, ones] => digit.contains(tens) && digit.contains(ones),
        other => other == b"default",
    }
}

/// Returns the expected type, unless `value` has it.
fn mismatch(value: &Value, shape: Shape, version: Version) -> Option<String> {
    let (fits, expected) = match shape {
        Shape::Any => return None,
        Shape::Text => (value.is_string(), "text"),
        Shape::Flag => (value.is_boolean(), "`true` or `false`"),
        Shape::Number => (value.is_number(), "a number"),
        Shape::Count => (value.is_u64(), "a whole number, zero or more"),
        Shape::List(..) => (value.is_array(), "a list"),
        Shape::Object(_) | Shape::Map(_) | Shape::Components(_) => (value.is_object(), "a mapping"),
        Shape::Reference(object)
            if value.is_boolean() && object.name == SCHEMA.name && version > Version::V3_0 =>
        {
            return None;
        }
        Shape::Reference(_) => match value.get("$ref") {
            Some(reference) => (reference.is_string(), "a reference whose `$ref` is text"),
            None => (value.is_object(), "a mapping"),
        },
        Shape::FlagOr(_) if value.is_boolean() => return None,
        Shape::FlagOr(shape) => {
            return mismatch(value, *shape, version).map(|other| format!("`true`, `false` or {other}"));
        }
        Shape::Types(words) => {
            let fits =
                |value: &Value| value.as_str().is_some_and(|text| text == "null" || words.contains(&text));
            let fits = fits(value) || value.as_array().is_some_and(|list| list.iter().all(fits));
            return (!fits).then(|| format!("one of `{}` and `null`, or a list of them", words.join("`, `")));
        }
        Shape::Word(words) => {
            let fits = value.as_str().is_some_and(|text| words.contains(&text));
            return (!fits).then(|| format!("one of `{}`", words.join("`, `")));
        }
    };
    (!fits).then(|| expected.to_owned())
}

fn advice(value: &Value, shape: Shape, version: Version) -> &'static str {
    match (shape, value) {
        (Shape::Text, Value::Number(_) | Value::Bool(_)) => "put it in quotes",
        (Shape::Flag | Shape::Number | Shape::Count, Value::String(_)) => "write it without quotes",
        (Shape::Flag, Value::Number(_)) if version == Version::V3_0 => {
            "in OpenAPI 3.0 the limit itself is the value of `minimum` or `maximum`"
        }
        (_, Value::Null) => "give it a value or remove the key",
        (Shape::Number, Value::Bool(_)) => {
            "since OpenAPI 3.1 the limit itself is the value of `exclusiveMinimum` or `exclusiveMaximum`"
        }
        _ => match version {
            Version::V3_0 => "see https://spec.openapis.org/oas/v3.0.3 for what may stand here",
            Version::V3_1 => "see https://spec.openapis.org/oas/v3.1.1 for what may stand here",
            Version::V3_2 => "see https://spec.openapis.org/oas/v3.2.0 for what may stand here",
        },
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

/// Returns a short value itself, a long one by its kind.
fn shown(value: &Value) -> String {
    const MAX_LENGTH: usize = 40;
    match value {
        Value::String(text) if text.len() <= MAX_LENGTH => format!("the text `{text}`"),
        Value::Bool(_) | Value::Number(_) => format!("{} ({value})", kind(value)),
        _ => kind(value).to_owned(),
    }
}
