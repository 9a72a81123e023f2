//! The responses that a document declares.

use serde_json::{Map, Value};

use crate::Document;

/// Returns the responses of the operation at a pointer, by their codes.
pub fn responses<'a>(document: &'a Document, operation: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let described = document.value().pointer(operation.trim_start_matches('#'));
    let responses = described.and_then(|described| described.get("responses")).and_then(Value::as_object);
    let responses = responses.into_iter().flatten().filter(|(code, _)| !code.starts_with("x-"));
    responses.map(|(code, response)| (code.as_str(), document.resolve(response)))
}

/// Returns the response of the operation at a pointer to a status: that of its code, of the range that it is in, or the default.
#[must_use]
pub fn with_status<'a>(document: &'a Document, operation: &str, status: u16) -> Option<&'a Value> {
    let codes = [status.to_string(), format!("{}XX", status / 100), "default".to_owned()];
    let find = |code: &String| {
        responses(document, operation).find(|(known, _)| known.eq_ignore_ascii_case(code)).map(|(_, it)| it)
    };
    codes.iter().find_map(find)
}

/// Returns the contents of a response, by their media types.
pub fn contents<'a>(
    document: &'a Document,
    response: &'a Value,
) -> impl Iterator<Item = (&'a str, &'a Value)> {
    let contents = response.get("content").and_then(Value::as_object).map(Map::iter);
    contents
        .into_iter()
        .flatten()
        .map(|(media_type, content)| (media_type.as_str(), document.resolve(content)))
}
