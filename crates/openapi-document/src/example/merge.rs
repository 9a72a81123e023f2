//! Makes one schema of a reference's target and the parts of an `allOf`.
//!
//! The result suffices for examples; it is not the exact intersection of the parts.

use serde_json::{Map, Value, json};

use crate::pointer;

/// The parts a schema may be made of; beyond that it is given up.
const MAX_PARTS: usize = 200;

/// Returns the schema without reference and `allOf` at its top. The references followed are added to `open`; `None` if
/// one of them is open already, as the schema then contains itself.
pub(crate) fn flatten(root: &Value, schema: &Value, open: &mut Vec<String>) -> Option<Map<String, Value>> {
    let mut merged = Map::new();
    let mut parts = vec![schema];
    let mut seen = 0;
    while let Some(part) = parts.pop() {
        seen += 1;
        if seen > MAX_PARTS {
            return None;
        }
        if let Some(reference) = part.get("$ref").and_then(Value::as_str) {
            let target = pointer::of_reference(reference)?;
            if open.contains(&target) {
                return None;
            }
            parts.push(root.pointer(&target)?);
            open.push(target);
            continue;
        }
        let Value::Object(part) = part else { continue };
        for (key, value) in part.iter().filter(|(key, _)| *key != "allOf") {
            add(&mut merged, key, value);
        }
        // The last part is pushed first, so that the first is taken next.
        parts.extend(part.get("allOf").and_then(Value::as_array).into_iter().flatten().rev());
    }
    Some(merged)
}

fn add(merged: &mut Map<String, Value>, key: &str, value: &Value) {
    let Some(present) = merged.get_mut(key) else {
        merged.insert(key.to_owned(), value.clone());
        return;
    };
    let bounds = value.as_f64().zip(present.as_f64());
    match (key, &mut *present, value) {
        ("properties", Value::Object(present), Value::Object(properties)) => {
            for (name, property) in properties {
                match present.get_mut(name) {
                    Some(known) => *known = json!({"allOf": [known.take(), property]}),
                    None => drop(present.insert(name.clone(), property.clone())),
                }
            }
        }
        ("items" | "additionalProperties", known @ Value::Object(_), Value::Object(_)) => {
            *known = json!({"allOf": [known.take(), value]});
        }
        ("required", Value::Array(present), Value::Array(names)) => present.extend(names.iter().cloned()),
        ("enum", Value::Array(present), Value::Array(values)) => {
            present.retain(|value| values.contains(value));
        }
        ("minimum" | "minLength" | "minItems", ..) if bounds.is_some_and(|(new, old)| new > old) => {
            *present = value.clone();
        }
        ("maximum" | "maxLength" | "maxItems", ..) if bounds.is_some_and(|(new, old)| new < old) => {
            *present = value.clone();
        }
        _ => {}
    }
}

/// Returns the schema of a property, wherever among the parts of an object schema it is.
pub(super) fn property<'a>(root: &'a Value, schema: &'a Value, key: &str) -> Option<&'a Value> {
    let mut parts = vec![schema];
    for _ in 0..MAX_PARTS {
        let part = crate::pointer::resolve(root, parts.pop()?);
        if let Some(property) = part.get("properties").and_then(|properties| properties.get(key)) {
            return Some(property);
        }
        parts.extend(part.get("allOf").and_then(Value::as_array).into_iter().flatten());
    }
    None
}

pub(crate) fn strings(list: Option<&Value>) -> impl Iterator<Item = &str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}
