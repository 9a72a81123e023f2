//! Entries of the journal as JSON, without secrets. This is where bodies are parsed.

use http::HeaderMap;
use openapi_server_runtime::failure::Departure;
use openapi_server_runtime::media::Form;
use serde_json::{Map, Value, json};

use crate::entry::{Entry, Kept, Message};
use crate::secrets::Secrets;
use crate::times::{milliseconds, time};

/// The parts of an entry that are shown if they are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Details {
    pub(crate) headers: bool,
    pub(crate) bodies: bool,
}

/// Returns an entry as JSON.
pub(crate) fn entry(entry: &Entry, details: Details, secrets: &Secrets) -> Value {
    let mut shown = json!({
        "id": entry.id,
        "time": time(entry.began),
        "method": entry.method.as_str(),
        "path": target(entry, secrets),
        "operation": entry.operation(),
        "status": entry.status,
        "duration_ms": milliseconds(entry.duration),
        "fault": entry.fault,
        "answer": entry.answer,
    });
    if let Some(world) = &entry.world {
        shown["world"] = json!(world);
    }
    if !entry.violations.is_empty() {
        shown["violations"] = json!(entry.violations);
    }
    if let Some(Departure { name, reason }) = entry.departure {
        shown["departure"] = json!({"name": name, "reason": reason});
    }
    if details.headers || details.bodies {
        shown["request"] = message(&entry.request, details, secrets);
        if entry.status.is_some() {
            shown["response"] = message(&entry.response, details, secrets);
        }
    }
    shown
}

/// Returns the path of a request with its query.
pub(crate) fn target(entry: &Entry, secrets: &Secrets) -> String {
    match &entry.query {
        Some(query) => format!("{}?{}", entry.path, secrets.query(query)),
        None => entry.path.clone(),
    }
}

fn message(message: &Message, details: Details, secrets: &Secrets) -> Value {
    let mut shown = Map::new();
    if details.headers {
        shown.insert("headers".to_owned(), headers(&message.headers, secrets));
    }
    if details.bodies {
        let length = match &message.body {
            Kept::All(bytes) => bytes.len(),
            Kept::Length(length) => *length,
            Kept::Nothing => 0,
        };
        shown.insert("length".to_owned(), length.into());
        if let Some(body) = body(message, secrets) {
            shown.insert("body".to_owned(), body);
        }
    }
    Value::Object(shown)
}

/// Returns the headers: a text for each, or a list of texts for one that is there repeatedly.
fn headers(headers: &HeaderMap, secrets: &Secrets) -> Value {
    let texts = headers.keys().map(|name| {
        let text = |value: &http::HeaderValue| {
            let text = String::from_utf8_lossy(value.as_bytes());
            Value::from(if secrets.is_header(name) { crate::secrets::HIDDEN.into() } else { text })
        };
        let mut texts: Vec<Value> = headers.get_all(name).iter().map(text).collect();
        let shown = if texts.len() == 1 { texts.remove(0) } else { Value::Array(texts) };
        (name.to_string(), shown)
    });
    Value::Object(texts.collect())
}

/// Returns a body that can be shown: JSON and forms as JSON, texts as they are.
fn body(message: &Message, secrets: &Secrets) -> Option<Value> {
    let bytes = message.body.bytes().filter(|bytes| !bytes.is_empty())?;
    if matches!(message.form(), Form::Json | Form::UrlEncoded)
        && let Some(mut value) = message.value()
    {
        secrets.hide(&mut value);
        return Some(value);
    }
    Some(Value::from(secrets.text(std::str::from_utf8(bytes).ok()?)))
}
