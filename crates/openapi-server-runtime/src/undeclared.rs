//! Responses that a server gives and its document does not declare.

use serde_json::Value;

/// A response that an operation may have beside those that the document declares.
#[derive(Debug, Clone, PartialEq)]
pub struct Undeclared {
    /// The status.
    pub status: u16,
    /// The occasion, as a sentence.
    pub description: String,
    /// The media type and the schema of its body; `None` for a response without one.
    pub content: Option<(&'static str, Value)>,
}

impl Undeclared {
    /// Returns a response with a body of JSON.
    pub fn json(status: u16, description: impl Into<String>, schema: Value) -> Self {
        Self { status, description: description.into(), content: Some(("application/json", schema)) }
    }

    /// Returns a response with a page.
    pub fn page(status: u16, description: impl Into<String>, schema: Value) -> Self {
        Self { status, description: description.into(), content: Some(("text/html", schema)) }
    }
}
