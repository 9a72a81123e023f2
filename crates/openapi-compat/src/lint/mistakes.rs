//! Finds what is valid and yet seldom meant: misspelt keys, names of properties that there are not, keys that mean nothing, and
//! properties of which nothing is said.

use std::collections::BTreeSet;

use openapi_document::grammar::{Others, PATH_ITEM, Shape, is_extension};
use openapi_document::pointer;
use openapi_document::version::Version;
use openapi_document::walk;
use serde_json::{Map, Value};

use super::scope::Scope;

/// Reports keys that OpenAPI does not know and that look like one that it knows.
pub(super) fn keys(scope: &mut Scope<'_>) {
    let mut found = Vec::new();
    walk::walk(scope.root(), |value, shape, at| {
        let (Some(object), Some(members)) = (shape.object(), value.as_object()) else { return };
        if !matches!(object.others, Others::Unknown | Others::Methods(_)) {
            return;
        }
        for key in members.keys().filter(|key| !is_extension(key) && *key != "$ref") {
            if object.member(key).is_some() {
                continue;
            }
            let known = object.members.iter().map(|member| member.key).filter(|known| !is_extension(known));
            let nearest = known.map(|known| (distance(key, known), known)).min();
            if let Some((edits, known)) = nearest
                && edits <= allowed(known)
            {
                found.push((pointer::child(at, key), key.clone(), known));
            }
        }
    });
    for (at, key, known) in found {
        scope.add(&at, format!("`{key}` means nothing here"), format!("write `{known}` if that is meant"));
    }
}

/// Counts edits, whatever the case of letters.
fn distance(key: &str, known: &str) -> usize {
    strsim::damerau_levenshtein(&key.to_lowercase(), &known.to_lowercase())
}

/// Returns how many edits make a misspelling of a key. In short ones any letter counts.
fn allowed(known: &str) -> usize {
    match known.len() {
        0..=3 => 0,
        4..=6 => 1,
        _ => 2,
    }
}

/// Reports names under `required` that no property has.
pub(super) fn required(scope: &mut Scope<'_>) {
    let root = scope.root();
    for (schema, at) in scope.objects_of("schema") {
        let Some(names) = schema.get("required").and_then(Value::as_array) else { continue };
        let mut declared = BTreeSet::new();
        // A part of a composition may require what another part declares.
        let holders = std::iter::successors(Some(at.as_str()), |at| holder(at));
        if holders.filter_map(|at| root.pointer(at)).any(|schema| !declares(root, schema, &mut declared, 0)) {
            continue;
        }
        for (index, name) in names.iter().enumerate() {
            let Some(name) = name.as_str().filter(|name| !declared.contains(name)) else { continue };
            let message = format!("`{name}` is required, but there is no such property");
            scope.add(
                &format!("{at}/required/{index}"),
                message,
                "declare the property, or correct the name",
            );
        }
    }
}

/// Returns the schema that the schema at `at` is a part of.
fn holder(at: &str) -> Option<&str> {
    let above = pointer::parent(at)?;
    let last = above.rsplit('/').next()?;
    if matches!(last, "allOf" | "anyOf" | "oneOf" | "dependentSchemas") {
        return pointer::parent(above);
    }
    let key = at.rsplit('/').next()?;
    matches!(key, "not" | "if" | "then" | "else").then_some(above)
}

/// Adds the names of the properties that a schema declares. Returns `false` if others are described as well.
fn declares<'a>(root: &'a Value, schema: &'a Value, names: &mut BTreeSet<&'a str>, depth: usize) -> bool {
    const MAX_DEPTH: usize = 16;
    let schema = pointer::resolve(root, schema);
    let Some(map) = schema.as_object() else { return true };
    if depth > MAX_DEPTH || map.contains_key("patternProperties") {
        return false;
    }
    if map.get("additionalProperties").is_some_and(|rest| *rest != Value::Bool(false)) {
        return false;
    }
    names.extend(
        map.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys).map(String::as_str),
    );
    let parts = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|key| map.get(key)?.as_array()).flatten();
    let all: Vec<bool> = parts.map(|part| declares(root, part, names, depth + 1)).collect();
    !all.contains(&false)
}

/// Reports keys beside `$ref`, which OpenAPI 3.0 ignores.
pub(super) fn siblings(scope: &mut Scope<'_>) {
    if scope.document.version() != Version::V3_0 {
        return;
    }
    let mut found = Vec::new();
    walk::walk(scope.root(), |value, shape, at| {
        let is_reference = matches!(shape, Shape::Reference(object) if object.name != PATH_ITEM.name);
        let Some(members) = value.as_object().filter(|members| is_reference && members.contains_key("$ref"))
        else {
            return;
        };
        let ignored = members.keys().filter(|key| *key != "$ref" && !is_extension(key));
        found.extend(ignored.map(|key| (pointer::child(at, key), key.clone())));
    });
    for (at, key) in found {
        let message = format!("`{key}` beside `$ref` is ignored");
        scope.add(
            &at,
            message,
            "put the reference into an `allOf` of one schema beside it, or remove the key",
        );
    }
}

/// Reports properties of which nothing is said that narrows their values.
pub(super) fn untyped(scope: &mut Scope<'_>) {
    const NOTES: [&str; 9] = [
        "title",
        "description",
        "example",
        "examples",
        "deprecated",
        "readOnly",
        "writeOnly",
        "nullable",
        "externalDocs",
    ];
    let mut found = Vec::new();
    for (schema, at) in scope.objects_of("schema") {
        for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let says_nothing = |map: &Map<String, Value>| {
                map.keys().all(|key| NOTES.contains(&key.as_str()) || is_extension(key))
            };
            if property.as_object().is_some_and(says_nothing) {
                let at = pointer::child(&pointer::child(&at, "properties"), name);
                found.push((at, name.clone()));
            }
        }
    }
    for (at, name) in found {
        scope.add(
            &at,
            format!("property `{name}` may be anything"),
            "give it a type, or a description why not",
        );
    }
}
