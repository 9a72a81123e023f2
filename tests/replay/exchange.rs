//! Turns a recorded step into the request that was sent, and what comes back into a response that can be compared.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::header::{self, HeaderName, HeaderValue};
use http::{Request, Response};
use serde_json::Value;

use super::case::{Answer, Auth, Kind, Step};

/// The path under which the API answers.
const BASE: &str = "/api/v3";

/// Returns the request of a step. What the recorder left unsaid it sent as any client would: JSON is wanted, and a
/// write without a body says so.
pub fn request(step: &Step, tokens: &BTreeMap<String, String>) -> Request<Vec<u8>> {
    let body = step.body();
    let writes = matches!(step.method.as_str(), "POST" | "PUT" | "PATCH");
    let length = body.as_ref().map(Vec::len).or(writes.then_some(0));
    let mut request = Request::builder()
        .method(step.method.as_str())
        .uri(format!("{BASE}{}", step.path))
        .header(header::ACCEPT, "application/json")
        .body(body.unwrap_or_default())
        .expect("a recorded request can be sent");
    let headers = request.headers_mut();
    for (name, value) in &step.headers {
        let name: HeaderName = name.parse().expect("a recorded header name");
        headers.insert(name, HeaderValue::from_bytes(value.as_bytes()).expect("a recorded header value"));
    }
    let authorization = match &step.auth {
        None => None,
        Some(Auth::User(user)) => Some(format!("Bearer {}", tokens[user])),
        Some(Auth::Raw { raw }) => Some(raw.clone()),
    };
    if let Some(value) = authorization {
        let value = HeaderValue::from_bytes(value.as_bytes()).expect("a recorded header value");
        headers.insert(header::AUTHORIZATION, value);
    }
    headers.remove(header::CONTENT_LENGTH);
    if let Some(length) = length {
        headers.insert(header::CONTENT_LENGTH, length.into());
    }
    request
}

/// Returns the parts of a response that are compared.
pub fn answer(response: &Response<Bytes>) -> Answer {
    let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let content_type = text(header::CONTENT_TYPE);
    let media_type =
        content_type.as_deref().and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    let body = response.body();
    let (kind, body) = match media_type {
        _ if body.is_empty() => (Kind::Empty, None),
        "application/json" => match serde_json::from_slice::<Value>(body) {
            Ok(value) => (Kind::Json, Some(value)),
            Err(_) => (Kind::Text, None),
        },
        "text/html" => (Kind::Html, None),
        _ => (Kind::Text, Some(String::from_utf8_lossy(body).into())),
    };
    Answer { status: response.status().as_u16(), allow: text(header::ALLOW), kind, body, content_type }
}
