//! Finds the operations and the component schemas of a document.

use serde_json::Value;

use crate::grammar::{PATH_ITEM, Shape};

/// The methods of a path item that are operations.
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Every operation of a document, with its path and method.
pub fn operations(root: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let items = root.get("paths").and_then(Value::as_object).into_iter().flatten();
    items.flat_map(|(path, item)| {
        let members = item.as_object().into_iter().flatten();
        let operations = members.filter(|(method, _)| METHODS.contains(&method.as_str()));
        operations.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

/// Every operation of a document, with its path and method, to be changed.
pub fn operations_mut(root: &mut Value) -> impl Iterator<Item = (&str, &str, &mut Value)> {
    let items = root.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    items.flat_map(|(path, item)| {
        let members = item.as_object_mut().into_iter().flatten();
        let operations = members.filter(|(method, _)| METHODS.contains(&method.as_str()));
        operations.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

/// Every path of a document, with what stands there.
pub fn paths(root: &Value) -> impl Iterator<Item = (&String, &Value)> {
    root.get("paths").and_then(Value::as_object).into_iter().flatten()
}

/// Every component schema of a document, by name.
pub fn components(root: &Value) -> impl Iterator<Item = (&String, &Value)> {
    root.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten()
}

/// Every component schema of a document, by name, to be changed.
pub fn components_mut(root: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    root.pointer_mut("/components/schemas").and_then(Value::as_object_mut).into_iter().flatten()
}

/// The methods a path item may have operations for.
#[must_use]
pub fn is_method(key: &str) -> bool {
    PATH_ITEM.member(key).is_some_and(|member| matches!(member.shape, Shape::Object(_)))
}
