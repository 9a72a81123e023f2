//! The document of the control API itself.

use std::sync::OnceLock;

use http::{Response, StatusCode};
use openapi_document::Document;
use openapi_server_runtime::response::Body;
use serde_json::Value;

use crate::reply::{detail, json};

/// The document, as it is written.
const TEXT: &str = include_str!("../../control.yaml");

/// Returns the document as JSON. It is read when it is asked for first.
pub(super) fn show() -> Response<Body> {
    static JSON: OnceLock<Option<String>> = OnceLock::new();
    match JSON.get_or_init(|| parsed().map(|value| value.to_string())) {
        Some(text) => json(StatusCode::OK, text.clone()),
        None => detail(StatusCode::INTERNAL_SERVER_ERROR, "The document cannot be read."),
    }
}

pub(super) fn parsed() -> Option<Value> {
    Document::parse("control.yaml", TEXT).ok().map(|document| document.written())
}
