//! The dialect of servers that follow no framework: `application/problem+json`, or a sentence.

use percent_encoding::percent_decode_str;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde_json::{Map, Value};

use super::{Dialect, ErrorReport, Meaning};
use crate::encode::essence;
use crate::field_errors::{FieldError, FieldErrors};

/// The dialect of servers that follow no framework.
///
/// - The sentence of an error is the `detail`, or else the `title`, of `application/problem+json` (RFC 9457). In another
///   JSON object it is the first text among `detail`, `message`, `error_description`, `error` and `title`; an object `error`
///   is read in the same way. A body of `text/plain` is the sentence itself.
/// - A 400 or 422 with a list `errors` has the errors of fields. Each has the `detail` (or `message`) and what it is about: a
///   `pointer` into the body or a `parameter`.
/// - A page of HTML with the status 404 is not from the API.
/// - Essential are `id`, `slug` and `uuid`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Plain;

/// The members of an error that hold its sentence, in the order in which they are looked for.
const SENTENCES: [&str; 5] = ["detail", "message", "error_description", "error", "title"];

/// The longest text that is taken for a sentence; a longer one is cut.
const MAX_SENTENCE: usize = 500;

impl Dialect for Plain {
    fn read_error(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> ErrorReport {
        let media_type = media_type(headers);
        let value = serde_json::from_slice(body).ok();
        let detail = match &value {
            Some(Value::Object(members)) => sentence(members),
            Some(Value::String(text)) => Some(cut(text)),
            None if media_type.as_deref() == Some("text/plain") => {
                Some(cut(&String::from_utf8_lossy(body))).filter(|text| !text.is_empty())
            }
            _ => None,
        };
        let fields = match (status, &value) {
            (StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY, Some(Value::Object(members))) => {
                fields(members)
            }
            _ => None,
        };
        let is_page = media_type.as_deref() == Some("text/html");
        let meaning = (status == StatusCode::NOT_FOUND && is_page).then_some(Meaning::NotTheApi);
        ErrorReport { detail, fields, meaning }
    }

    fn is_essential(&self, property: &str) -> bool {
        matches!(property, "id" | "slug" | "uuid")
    }
}

/// Returns the media type of a body in lower case, without parameters.
fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    Some(essence(value).to_ascii_lowercase())
}

/// Returns the sentence of an error that is an object.
fn sentence(members: &Map<String, Value>) -> Option<String> {
    SENTENCES.iter().find_map(|name| match members.get(*name)? {
        Value::String(text) if !text.trim().is_empty() => Some(cut(text)),
        Value::Object(error) if *name == "error" => sentence(error),
        _ => None,
    })
}

/// Returns the text without surrounding blanks, and without its end if it is too long for a line.
fn cut(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(MAX_SENTENCE) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

/// Returns the messages in the list `errors`, those about one field together.
fn fields(members: &Map<String, Value>) -> Option<FieldErrors> {
    let mut fields: Vec<FieldError> = Vec::new();
    for error in members.get("errors")?.as_array()? {
        let (path, message) = match error {
            Value::String(message) => (String::new(), message.clone()),
            Value::Object(error) => (path(error), sentence(error)?),
            _ => return None,
        };
        match fields.iter_mut().find(|field| field.path == path) {
            Some(field) => field.messages.push(message),
            None => fields.push(FieldError::new(path, [message])),
        }
    }
    (!fields.is_empty()).then(|| fields.into_iter().collect())
}

/// Returns the place of an error: one in the body, such as `tags.1` for the pointer `/tags/1`, or a parameter.
fn path(error: &Map<String, Value>) -> String {
    let text = |name: &str| error.get(name).and_then(Value::as_str);
    if let Some(pointer) = text("pointer") {
        // In a URL, a pointer is a fragment, and encoded.
        let decoded = match pointer.strip_prefix('#') {
            Some(fragment) => percent_decode_str(fragment).decode_utf8_lossy().into_owned(),
            None => pointer.to_owned(),
        };
        let segments =
            decoded.split('/').skip(1).map(|segment| segment.replace("~1", "/").replace("~0", "~"));
        return segments.collect::<Vec<_>>().join(".");
    }
    text("parameter").unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(status: u16, media_type: &str, body: &str) -> ErrorReport {
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, media_type.parse().unwrap())]);
        Plain.read_error(StatusCode::from_u16(status).unwrap(), &headers, body.as_bytes())
    }

    fn json(status: u16, body: &str) -> ErrorReport {
        read(status, "application/json", body)
    }

    #[test]
    fn a_problem_has_a_sentence_and_says_which_fields_are_wrong() {
        let body = r##"{
            "type": "about:blank", "title": "Bad Request", "status": 400, "detail": "2 values are not valid",
            "errors": [
                {"pointer": "/tags/1", "detail": "is blank"},
                {"pointer": "#/a~1b%20c", "detail": "is missing"},
                {"pointer": "/tags/1", "detail": "is short"},
                {"parameter": "limit", "detail": "is no number"},
                {"detail": "do not go together"}
            ]
        }"##;
        for status in [400, 422] {
            let report = read(status, "application/problem+json", body);
            assert_eq!(report.detail.as_deref(), Some("2 values are not valid"));
            assert_eq!(
                report.fields.unwrap().to_string(),
                "tags.1: is blank is short; a/b c: is missing; limit: is no number; do not go together"
            );
        }
        assert_eq!(read(500, "application/problem+json", body).fields, None);
        let titled = read(409, "application/problem+json", r#"{"title": "Conflict"}"#);
        assert_eq!(titled.detail.as_deref(), Some("Conflict"));
    }

    #[test]
    fn a_sentence_is_not_a_field_error() {
        for body in [
            r#"{"message": "x"}"#,
            r#"{"error": "x"}"#,
            r#"{"detail": "x", "title": "y"}"#,
            r#"{"title": "x"}"#,
            r#"{"error": {"code": 3, "message": "x"}}"#,
            r#"{"error": "invalid_request", "error_description": "x"}"#,
            r#"{"message": " x\n", "errors": [3]}"#,
            r#""x""#,
        ] {
            let report = json(400, body);
            assert_eq!(
                (report.detail.as_deref(), report.fields, report.meaning),
                (Some("x"), None, None),
                "{body}"
            );
        }
    }

    #[test]
    fn a_text_is_the_sentence_and_a_page_is_not() {
        assert_eq!(read(400, "Text/Plain; charset=utf-8", "no\n").detail.as_deref(), Some("no"));
        assert_eq!(read(400, "text/html", "<html>"), ErrorReport::default());
        assert_eq!(read(404, "text/html", "<html>").meaning, Some(Meaning::NotTheApi));
        for body in ["", "{}", "[]", "3", "{", r#"{"name": ["Bad."]}"#, r#"{"message": ""}"#] {
            assert_eq!(json(400, body), ErrorReport::default(), "{body}");
        }
        let long = json(500, &format!(r#"{{"message": "{}"}}"#, "ü".repeat(600))).detail.unwrap();
        assert_eq!(long.chars().count(), MAX_SENTENCE + 3);
    }
}
