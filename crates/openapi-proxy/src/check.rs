//! Checks responses of a server against the document.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use openapi_document::Document;
use openapi_document::declared::{contents, responses, with_status};
use openapi_document::pointer::child;
use openapi_document::samples::{Direction, fits};
use openapi_server_runtime::media::{Form, overlap};
use openapi_server_runtime::operation::Operation;
use serde_json::Value;

/// The most violations that are told of one response.
const MAX_TOLD: usize = 20;

/// The most levels of a body at which a violation is looked for.
const MAX_LEVELS: usize = 32;

/// Returns what a response has that the document does not declare. `body` is `None` if it was not read.
pub(crate) fn response(
    document: &Document,
    operation: &Operation,
    status: StatusCode,
    headers: &HeaderMap,
    body: Option<&[u8]>,
) -> Vec<String> {
    let Some(declared) = with_status(document, operation.pointer, status.as_u16()) else {
        let known: Vec<&str> = responses(document, operation.pointer).map(|(code, _)| code).collect();
        return vec![format!(
            "the status {} is not declared; declared are {}",
            status.as_u16(),
            known.join(", ")
        )];
    };
    let mut found = Vec::new();
    let required = declared.get("headers").and_then(Value::as_object).into_iter().flatten();
    for (name, header) in required {
        let is_required = document.resolve(header).get("required") == Some(&Value::Bool(true));
        if is_required && !headers.contains_key(name) {
            found.push(format!("the header `{name}` is missing"));
        }
    }
    let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let has_body = body.is_none_or(|body| !body.is_empty());
    let known: Vec<&str> = contents(document, declared).map(|(known, _)| known).collect();
    if known.is_empty() || !has_body {
        if !known.is_empty() {
            found.push("the body is missing".to_owned());
        }
        return found;
    }
    let Some((_, content)) = contents(document, declared).find(|(known, _)| overlap(media_type, known))
    else {
        found.push(format!(
            "the media type `{media_type}` is not declared; declared are {}",
            known.join(", ")
        ));
        return found;
    };
    let (Some(schema), Some(body), Form::Json) = (content.get("schema"), body, Form::of(media_type)) else {
        return found;
    };
    match serde_json::from_slice(body) {
        Ok(value) => misfits(document, schema, &value, "#", &mut found, 0),
        Err(error) => found.push(format!("the body is no JSON: {error}")),
    }
    found
}

/// Adds the places of a value that are not valid against their schemas.
fn misfits(
    document: &Document,
    schema: &Value,
    value: &Value,
    at: &str,
    found: &mut Vec<String>,
    level: usize,
) {
    let root = document.value();
    if found.len() >= MAX_TOLD || fits(root, schema, value, Direction::Response) {
        return;
    }
    let (schema, before) = (document.resolve(schema), found.len());
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    if level < MAX_LEVELS {
        for part in parts {
            misfits(document, part, value, at, found, level + 1);
        }
        match value {
            Value::Object(members) => {
                let properties = schema.get("properties").and_then(Value::as_object);
                for (name, value) in members {
                    let property = properties.and_then(|properties| properties.get(name));
                    if let Some(schema) = property.or_else(|| schema.get("additionalProperties")) {
                        misfits(document, schema, value, &child(at, name), found, level + 1);
                    }
                }
                for name in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
                    let name = name.as_str().unwrap_or_default();
                    let property = properties.and_then(|it| it.get(name)).map(|it| document.resolve(it));
                    let is_sent = |schema: &Value| schema.get("writeOnly") != Some(&Value::Bool(true));
                    if !members.contains_key(name) && property.is_none_or(is_sent) {
                        found.push(format!("{}: this property is required", child(at, name)));
                    }
                }
            }
            Value::Array(items) => {
                for (number, item) in items.iter().enumerate() {
                    if let Some(schema) = schema.get("items") {
                        misfits(document, schema, item, &child(at, &number.to_string()), found, level + 1);
                    }
                }
            }
            _ => {}
        }
    }
    if found.len() == before {
        found.push(format!("{at}: the value is not valid against its schema"));
    }
}
