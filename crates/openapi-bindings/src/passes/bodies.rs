//! How bodies are sent.

use serde_json::{Map, Value};

use openapi_document::document::{Document, resolve};
use openapi_document::model::Form;
use openapi_document::operations::operations;
use openapi_document::usage::component;

/// How a body is sent; the first that a body can be sent as is what it is sent as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Json,
    Multipart,
    Form,
    Bytes,
    Text,
}

/// How a body of this content type is sent.
pub(crate) fn kind_of(content_type: &str) -> Kind {
    match Form::of(content_type) {
        Form::Json => Kind::Json,
        Form::UrlEncoded => Kind::Form,
        Form::Multipart => Kind::Multipart,
        Form::Text => Kind::Text,
        Form::Bytes => Kind::Bytes,
    }
}

/// A content type without its parameters.
pub(crate) fn bare(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

/// The content type in which a body is sent: JSON if it can be.
pub(crate) fn chosen(content: &Map<String, Value>) -> Option<&str> {
    let kinds = content.keys().map(String::as_str);
    kinds.min_by_key(|kind| (bare(kind) != "application/json", kind_of(kind)))
}

/// An operation whose body is sent in parts.
pub(crate) struct FormBody {
    /// The name of its builder.
    pub(crate) operation: String,
    /// The name of the type of its body.
    pub(crate) body: String,
}

/// The operations of `document` whose bodies are sent in parts.
pub(crate) fn form_bodies(document: &Document) -> Vec<FormBody> {
    let (root, names) = (document.value(), document.names());
    let bodies = sent_bodies(root).filter(|(_, kind, _)| kind_of(kind) == Kind::Multipart);
    let bodies = bodies.map(|(id, _, media)| {
        let component = media.pointer("/schema/$ref").and_then(Value::as_str).and_then(component);
        let operation = names.builder(id);
        let body = component.map_or_else(|| format!("{operation}Body"), |name| names.component(&name));
        FormBody { operation, body }
    });
    bodies.collect()
}

/// The id of every operation with a body, and the content in which that is sent.
pub(crate) fn sent_bodies(root: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    operations(root).filter_map(|(_, _, operation)| {
        let id = operation.get("operationId")?.as_str()?;
        let content = resolve(root, operation.get("requestBody")?).get("content")?.as_object()?;
        let kind = chosen(content)?;
        Some((id, kind, content.get(kind)?))
    })
}
