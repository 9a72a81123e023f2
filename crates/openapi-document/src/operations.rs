//! Finds the operations and the component schemas of a document.

use serde_json::Value;

use crate::grammar::{OPERATION, PATH_ITEM, Shape};

/// The methods of HTTP/1.1, which a path item of any version may have.
pub const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Returns a path without the names of its variables. Two paths of one shape stand for the same requests.
#[must_use]
pub fn path_shape(path: &str) -> String {
    let (mut shape, mut rest) = (String::with_capacity(path.len()), path);
    while let Some((text, (_, after))) =
        rest.split_once('{').and_then(|(text, after)| Some((text, after.split_once('}')?)))
    {
        shape.push_str(text);
        shape.push_str("{}");
        rest = after;
    }
    shape + rest
}

/// Returns every operation of a document, with its path and method.
pub fn operations(root: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let items = root.get("paths").and_then(Value::as_object).into_iter().flatten();
    items.flat_map(|(path, item)| {
        let members = item.as_object().into_iter().flatten();
        let operations = members.filter(|(method, _)| is_method(method));
        operations.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

/// Returns every path of a document, with its value.
pub fn paths(root: &Value) -> impl Iterator<Item = (&String, &Value)> {
    root.get("paths").and_then(Value::as_object).into_iter().flatten()
}

/// Returns every component schema of a document, by name.
pub fn components(root: &Value) -> impl Iterator<Item = (&String, &Value)> {
    root.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten()
}

/// Returns `true` if what a path item has under `key` is an operation.
#[must_use]
pub fn is_method(key: &str) -> bool {
    matches!(PATH_ITEM.shape_of(key), Shape::Object(object) if object.name == OPERATION.name)
}
