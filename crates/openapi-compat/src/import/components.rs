//! Reads and writes components of documents that are values.

use serde_json::{Map, Value};

use openapi_document::document::Document;
use openapi_document::error::Result;
use openapi_document::{pointer, yaml_writer};

/// Returns the pointer to a component.
pub(super) fn component_at(kind: &str, name: &str) -> String {
    pointer::child(&pointer::child("/components", kind), name)
}

/// Returns every component with its kind and name.
pub(super) fn components(root: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let kinds = root.get("components").and_then(Value::as_object).into_iter().flatten();
    kinds.flat_map(|(kind, of)| {
        let of = of.as_object().into_iter().flatten();
        of.map(move |(name, component)| (kind.as_str(), name.as_str(), component))
    })
}

/// Puts a value at a place, making the mappings on the way to it.
pub(super) fn set(root: &mut Value, way: &[&str], value: Value) {
    let [first, rest @ ..] = way else {
        *root = value;
        return;
    };
    if let Value::Object(map) = root {
        set(map.entry((*first).to_owned()).or_insert_with(|| Value::Object(Map::new())), rest, value);
    }
}

/// Returns a value as a document.
pub(super) fn document_of(name: &str, value: &Value) -> Result<Document> {
    Document::parse(name, &yaml_writer::document(value))
}
