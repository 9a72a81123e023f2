//! Which part of a document a generator stops at, when it does not say.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use openapi_document::operations::operations;
use openapi_document::pointer::{child, escape};
use openapi_document::usage::reached_from;

/// The pointer of a component or operation that `fails` on its own, with the components it refers to; empty if none
/// does. Components that refer to fewer others are tried first, for those that refer to the culprit fail, too.
pub(super) fn find(root: &Value, fails: impl Fn(&Value) -> bool) -> String {
    let schemas = root.pointer("/components/schemas").and_then(Value::as_object);
    let mut closures: Vec<(&String, BTreeSet<String>)> = Vec::new();
    for (name, schema) in schemas.into_iter().flatten() {
        let mut kept = reached_from(root, schema);
        kept.insert(name.clone());
        closures.push((name, kept));
    }
    closures.sort_by_key(|(_, kept)| kept.len());
    for (name, kept) in closures {
        if fails(&part(root, &kept, None)) {
            return child("/components/schemas", name);
        }
    }
    for (path, method, operation) in operations(root) {
        if fails(&part(root, &reached_from(root, operation), Some((path, method)))) {
            return format!("/paths/{}/{method}", escape(path));
        }
    }
    String::new()
}

/// The document with these component schemas only, and this operation or none.
fn part(root: &Value, schemas: &BTreeSet<String>, operation: Option<(&str, &str)>) -> Value {
    let mut part = root.clone();
    if let Some(all) = part.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        all.retain(|name, _| schemas.contains(name));
    }
    if let Some(paths) = part.get_mut("paths").and_then(Value::as_object_mut) {
        let mut kept = Map::new();
        if let Some((path, method)) = operation
            && let Some(mut item) = paths.shift_remove(path)
        {
            if let Some(members) = item.as_object_mut() {
                members.retain(|name, _| name == method || name == "parameters");
            }
            kept.insert(path.to_owned(), item);
        }
        *paths = kept;
    }
    part
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_part_that_fails_alone_is_found_and_not_what_refers_to_it() {
        let root = json!({
            "paths": {"/pets/": {"get": {"responses": {}}, "put": {"responses": {}, "bad": true}}},
            "components": {"schemas": {
                "Fine": {"type": "object"},
                "Before": {"properties": {"odd": {"$ref": "#/components/schemas/Odd"}}},
                "Odd": {"type": "odd"},
                "User": {"properties": {"odd": {"$ref": "#/components/schemas/Odd"}}},
            }},
        });
        let holds = |needle: &'static str| move |part: &Value| part.to_string().contains(needle);
        assert_eq!(find(&root, holds(r#""odd"}"#)), "/components/schemas/Odd");
        assert_eq!(find(&root, holds("bad")), "/paths/~1pets~1/put");
        assert_eq!(find(&root, |_| false), "");
    }
}
