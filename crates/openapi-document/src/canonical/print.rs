//! Writes the canonical form as a version of OpenAPI has it.

use serde_json::{Map, Value, json};

use crate::grammar::{self, DOCUMENT, SCHEMA, Shape};
use crate::version::Version;

/// Returns the canonical `document` as a document of `version`. What that version has no words for is left out.
#[must_use]
pub fn document(document: &Value, version: Version) -> Value {
    let mut printed = document.clone();
    print(&mut printed, Shape::Object(&DOCUMENT), version);
    if let Some(stated) = printed.get_mut("openapi")
        && stated.as_str().and_then(Version::parse) != Some(version)
    {
        *stated = Value::from(version.release());
    }
    printed
}

/// Returns the canonical `schema` as a schema of `version`. What that version has no words for is left out.
#[must_use]
pub fn schema(schema: &Value, version: Version) -> Value {
    let mut printed = schema.clone();
    print(&mut printed, Shape::Reference(&SCHEMA), version);
    printed
}

fn print(value: &mut Value, shape: Shape, version: Version) {
    if matches!(shape, Shape::Any) || grammar::reference(value, shape).is_some() {
        return;
    }
    match value {
        Value::Object(map) => {
            if let Some(object) = shape.object() {
                // What only later versions know means nothing here.
                let is_known = |key: &str| {
                    let known = object.members.iter().any(|member| member.key == key);
                    !known || object.member_in(key, version).is_some()
                };
                let excluded = |key: &str| key.starts_with("exclusiveM") && object.name == SCHEMA.name;
                map.retain(|key, _| is_known(key) || excluded(key));
            }
            for (key, member) in map.iter_mut() {
                print(member, shape.step(key), version);
            }
            match shape.object().map(|object| object.name) {
                Some("schema") => print_schema(map, version),
                Some("path item") => print_path_item(map, version),
                _ => {}
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| print(item, shape.step(""), version)),
        _ => {}
    }
}

fn print_schema(schema: &mut Map<String, Value>, version: Version) {
    if version == Version::V3_0 {
        bound(schema, "minimum", "exclusiveMinimum");
        bound(schema, "maximum", "exclusiveMaximum");
        return;
    }
    let is_text = schema.get("type").is_some_and(|kind| kind == "string");
    match schema.get("format").and_then(Value::as_str) {
        Some("byte") if is_text => {
            schema.shift_remove("format");
            schema.insert("contentEncoding".to_owned(), json!("base64"));
        }
        Some("binary") if is_text => {
            schema.shift_remove("format");
            schema.entry("contentMediaType").or_insert_with(|| json!("application/octet-stream"));
        }
        _ => {}
    }
    if schema.shift_remove("nullable") == Some(Value::Bool(true)) {
        allow_null(schema);
    }
}

/// Writes an excluded bound as a bound and a flag that excludes it.
fn bound(schema: &mut Map<String, Value>, key: &str, exclusive: &str) {
    let Some(excluded) = schema.get(exclusive).filter(|value| value.is_number()).cloned() else { return };
    schema.insert(key.to_owned(), excluded);
    schema.insert(exclusive.to_owned(), Value::Bool(true));
}

fn allow_null(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(values)) = schema.get_mut("enum")
        && !values.contains(&Value::Null)
    {
        values.push(Value::Null);
    }
    if let Some(kind) = schema.get_mut("type") {
        *kind = json!([kind.take(), "null"]);
        return;
    }
    if let Some(Value::Array(alternatives)) = schema.get_mut("anyOf") {
        alternatives.push(json!({"type": "null"}));
        return;
    }
    let stays = |key: &str| grammar::ANNOTATIONS.contains(&key) || grammar::is_extension(key);
    let (beside, inside): (Map<_, _>, Map<_, _>) =
        std::mem::take(schema).into_iter().partition(|(key, _)| stays(key));
    *schema = beside;
    // A schema that says nothing allows null anyway, and one of enumerated values has it among them.
    if inside.is_empty() || inside.len() == 1 && inside.contains_key("enum") {
        schema.extend(inside);
        return;
    }
    let inside = match (inside.len(), inside.get("allOf").and_then(Value::as_array)) {
        (1, Some(parts)) if parts.len() == 1 => parts.first().cloned().unwrap_or_default(),
        _ => Value::Object(inside),
    };
    schema.insert("anyOf".to_owned(), json!([inside, {"type": "null"}]));
}

/// Puts additional operations where the version has a place for them.
fn print_path_item(item: &mut Map<String, Value>, version: Version) {
    let additional = item.keys().filter(|key| grammar::is_method_in_capitals(key));
    let additional: Vec<String> = additional.cloned().collect();
    let mut operations = Map::new();
    for method in additional {
        if let Some(operation) = item.shift_remove(&method) {
            operations.insert(method, operation);
        }
    }
    if version >= Version::V3_2 && !operations.is_empty() {
        item.insert("additionalOperations".to_owned(), Value::Object(operations));
    }
}
