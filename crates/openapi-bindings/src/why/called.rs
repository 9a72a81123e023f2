//! Everything in a document that has a name and is no component.

use std::collections::BTreeSet;

use serde_json::Value;

use openapi_document::document::Document;
use openapi_document::grammar::{self, SCHEMA};
use openapi_document::{pointer, walk};

/// Returns the name of every property, parameter and value of an enumeration.
pub(super) fn names(document: &Document) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    each(document, |name, _| {
        names.insert(name.to_owned());
    });
    names
}

/// Calls `found` with every property, parameter and value of an enumeration by its name and pointer. One that
/// is only referred to counts where it is written.
pub(super) fn each(document: &Document, mut found: impl FnMut(&str, String)) {
    walk::walk(document.value(), |value, shape, at| match shape.object() {
        Some(object) if object.name == SCHEMA.name => {
            let properties = value.get("properties").and_then(Value::as_object).into_iter().flatten();
            for (name, _) in properties {
                found(name, pointer::child(&pointer::child(at, "properties"), name));
            }
            let values = value.get("enum").and_then(Value::as_array).into_iter().flatten();
            for (index, value) in values.enumerate() {
                if let Some(value) = value.as_str() {
                    found(value, format!("{at}/enum/{index}"));
                }
            }
        }
        Some(object) if object.name == PARAMETER && grammar::reference(value, shape).is_none() => {
            if let Some(name) = value.get("name").and_then(Value::as_str) {
                found(name, at.to_owned());
            }
        }
        _ => {}
    });
}

/// The name of a parameter in the grammar.
const PARAMETER: &str = "parameter";
