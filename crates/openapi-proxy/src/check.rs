//! Checks responses of a server against the document.

use http::{HeaderMap, StatusCode};
use openapi_document::Document;
use openapi_document::declared::{contents, responses, with_status};
use openapi_document::pointer::child;
use openapi_document::samples::{Direction, fits};
use openapi_server_runtime::failure::Target;
use openapi_server_runtime::media::{Form, content_type, most_specific};
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::response_errors;
use serde_json::Value;

/// The most violations that are told of one response.
const MAX_TOLD: usize = 20;

/// Returns what a response has that the document does not declare. `body` is `None` if it was not read.
pub(crate) fn response(
    document: &Document,
    operation: &'static Operation,
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
    let media_type = content_type(headers);
    // A body that was not read may be an empty one.
    let is_empty = body.is_some_and(<[u8]>::is_empty);
    let has_body = body.is_some_and(|body| !body.is_empty());
    let known: Vec<&str> = contents(document, declared).map(|(known, _)| known).collect();
    if known.is_empty() && has_body {
        found.push("the body is not declared".to_owned());
    }
    if !known.is_empty() && is_empty {
        found.push("the body is missing".to_owned());
    }
    if known.is_empty() || is_empty {
        return found;
    }
    let Some(chosen) = most_specific(&media_type, known.iter().copied()) else {
        found.push(format!(
            "the media type `{media_type}` is not declared; declared are {}",
            known.join(", ")
        ));
        return found;
    };
    let (Some(body), Form::Json) = (body, Form::of(&media_type)) else { return found };
    match serde_json::from_slice(body) {
        Ok(value) => found.extend(misfits(document, operation, (status, declared, chosen), &value)),
        Err(error) => found.push(format!("the body is no JSON: {error}")),
    }
    found
}

/// Returns the ways in which a body is not what is declared of a media type in a response. A rule tells them; of ranges of
/// statuses, and of media types beside the first, there is none.
fn misfits(
    document: &Document,
    operation: &'static Operation,
    (status, declared, media_type): (StatusCode, &Value, &str),
    body: &Value,
) -> Vec<String> {
    let code = responses(document, operation.pointer).find(|(_, it)| std::ptr::eq(*it, declared));
    let of_status = operation.responses.iter().find(|response| response.status == status.as_u16());
    let known = match code {
        Some(("default", _)) => operation.default.as_ref(),
        Some((code, _)) if code == status.as_str() => of_status,
        _ => None,
    };
    let content = known.and_then(|known| known.content.as_ref());
    if let Some(content) = content.filter(|content| content.media_type == media_type) {
        let errors = response_errors(&content.rule, body);
        let errors = errors.iter().take(MAX_TOLD);
        return errors.map(|error| format!("{}: {}", place(&error.target), error.detail)).collect();
    }
    let schema = contents(document, declared).find(|(known, _)| *known == media_type);
    let schema = schema.and_then(|(_, content)| content.get("schema"));
    let is_fine = schema.is_none_or(|schema| fits(document.value(), schema, body, Direction::Response));
    if is_fine { Vec::new() } else { vec!["the body is not valid against its schema".to_owned()] }
}

/// Returns the place of an error as the journal tells it.
fn place(target: &Target) -> String {
    match target {
        Target::Body(path) => {
            path.iter().fold("#".to_owned(), |at, segment| child(&at, &segment.to_string()))
        }
        parameter @ Target::Parameter(..) => parameter.to_string(),
    }
}
