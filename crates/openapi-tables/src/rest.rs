//! Collects what the document says of an operation but the table of operations cannot hold. It stands beside the table
//! as JSON, to be merged into what is emitted from it; nothing acts on it. So it is with the components: what dropshot
//! has no words for stands beside what it emits.

use serde_json::{Map, Value};

use crate::emission::{OF_MEMBERS, is_sayable};
use openapi_document::model::Place;
use openapi_document::operations::{METHODS, components};

use crate::media::Media;
use crate::operation::{Operation, Parameter};
use crate::plain::{besides, plain};

/// The members that the table holds itself, by where they stand.
const OF_OPERATION: [&str; 8] =
    ["operationId", "tags", "summary", "description", "parameters", "requestBody", "responses", "security"];
const OF_PARAMETER: [&str; 5] = ["name", "in", "required", "description", "schema"];
const OF_BODY: [&str; 2] = ["required", "content"];
const OF_RESPONSE: [&str; 2] = ["description", "content"];
const OF_MEDIA: [&str; 1] = ["schema"];

/// The keywords that dropshot emits of any schema.
const OF_SCHEMA: [&str; 9] =
    ["type", "nullable", "title", "description", "default", "deprecated", "readOnly", "writeOnly", "example"];

/// The keywords that dropshot emits of numbers.
const NUMERIC: [&str; 7] =
    ["enum", "format", "multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

/// The keywords that dropshot also emits of a schema of one type. It emits all of these if there is a composition, too.
const OF_TYPES: [(&str, &[&str]); 6] = [
    ("array", &["items", "minItems", "maxItems", "uniqueItems"]),
    ("boolean", &["enum"]),
    ("integer", &NUMERIC),
    ("number", &NUMERIC),
    ("object", &["properties", "required", "additionalProperties", "minProperties", "maxProperties"]),
    ("string", &["enum", "format", "pattern", "minLength", "maxLength"]),
];

/// Returns what the table does not say of an operation; `None` if that is nothing. Parameters stand under their place
/// and name.
pub fn of(operation: &Operation<'_>) -> Option<Value> {
    let mut rest = besides(&operation.place, &OF_OPERATION);
    let parameters = operation.parameters.iter().map(|parameter| {
        let Parameter { name, place, .. } = parameter;
        let key = format!("{} {name}", place.text("in").unwrap_or_default());
        (key, besides(place, &OF_PARAMETER))
    });
    add(&mut rest, "parameters", parameters);
    if let Some(place) = operation.place.get("requestBody") {
        let mut body = besides(&place, &OF_BODY);
        add_content(&mut body, &place, operation.body.as_ref().map(|body| &body.media));
        add(&mut rest, "requestBody", body);
    }
    let listed = operation.place.get("responses");
    let responses = listed.iter().flat_map(Place::followed_members).map(|(status, place)| {
        let known = operation.responses.iter().find(|response| response.status.to_string() == status);
        let Some(known) = known else { return (status.to_owned(), besides(&place, &[])) };
        let mut response = besides(&place, &OF_RESPONSE);
        add_content(&mut response, &place, known.media.as_ref());
        (status.to_owned(), response)
    });
    add(&mut rest, "responses", responses);
    (!rest.is_empty()).then_some(Value::Object(rest))
}

/// Returns what the document says of paths themselves.
pub fn of_paths(root: &Place<'_>) -> Map<String, Value> {
    let mut known: Vec<&str> = METHODS.to_vec();
    known.push("parameters");
    let mut rest = Map::new();
    let paths = root.get("paths");
    for (path, item) in paths.iter().flat_map(Place::followed_members) {
        add(&mut rest, path, besides(&item, &known));
    }
    rest
}

/// Returns what dropshot does not emit of components, by their names.
pub fn of_components(root: &Place<'_>) -> Map<String, Value> {
    let mut rest = Map::new();
    for (name, schema) in components(root.value) {
        add(&mut rest, name, of_schema(schema));
    }
    rest
}

/// Returns what dropshot does not emit of a schema; items of an array stand under their number.
fn of_schema(schema: &Value) -> Map<String, Value> {
    let mut rest = Map::new();
    let Some(members) = schema.as_object().filter(|members| !members.contains_key("$ref")) else {
        return rest;
    };
    for (key, value) in members {
        if key.starts_with("x-") {
            // Dropshot emits what schemas say in words of their own.
        } else if !is_emitted(members, key, value) {
            rest.insert(key.clone(), value.clone());
        } else {
            match (key.as_str(), value) {
                ("properties", Value::Object(properties)) => {
                    let properties =
                        properties.iter().map(|(name, schema)| (name.clone(), of_schema(schema)));
                    add(&mut rest, key, properties);
                }
                ("allOf" | "anyOf" | "oneOf", Value::Array(items)) => {
                    let items = items.iter().enumerate();
                    add(&mut rest, key, items.map(|(index, schema)| (index.to_string(), of_schema(schema))));
                }
                ("items" | "additionalProperties" | "not", schema) => add(&mut rest, key, of_schema(schema)),
                _ => {}
            }
        }
    }
    rest
}

/// Returns `true` if dropshot emits this member of a schema.
fn is_emitted(schema: &Map<String, Value>, key: &str, value: &Value) -> bool {
    let has_value = matches!(key, "default" | "example" | "additionalProperties");
    let is_default = value.is_null() || (*value == false && !has_value);
    let has_members = OF_MEMBERS.iter().any(|key| schema.contains_key(*key));
    let is_of_type = match schema.get("type").and_then(Value::as_str) {
        Some(ty) => OF_TYPES.iter().any(|(known, keys)| (has_members || *known == ty) && keys.contains(&key)),
        None => false,
    };
    !is_default
        && is_sayable(schema, key, value)
        && (OF_SCHEMA.contains(&key) || OF_MEMBERS.contains(&key) || is_of_type)
}

/// Adds what the content says besides the schema of the one content type that the table has.
fn add_content(rest: &mut Map<String, Value>, place: &Place<'_>, chosen: Option<&Media<'_>>) {
    let content = place.get("content");
    let mut others = Map::new();
    for (content_type, place) in content.iter().flat_map(Place::followed_members) {
        if chosen.is_some_and(|chosen| chosen.content_type == content_type) {
            add(&mut others, content_type, besides(&place, &OF_MEDIA));
        } else {
            others.insert(content_type.to_owned(), plain(&place));
        }
    }
    if !others.is_empty() {
        rest.insert("content".to_owned(), Value::Object(others));
    }
}

/// Adds an object unless it is empty, or holds nothing but empty objects.
fn add(
    rest: &mut Map<String, Value>,
    key: &str,
    members: impl IntoIterator<Item = (String, impl Into<Value>)>,
) {
    let empty = |value: &Value| value.as_object().is_some_and(Map::is_empty);
    let members: Map<String, Value> = members.into_iter().map(|(key, value)| (key, value.into())).collect();
    if members.values().any(|member| !empty(member)) {
        let kept = members.into_iter().filter(|(_, member)| !empty(member));
        rest.insert(key.to_owned(), Value::Object(kept.collect()));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_dropshot_has_no_words_for_stands_where_it_stood() {
        let schema = json!({
            "type": "object",
            "x-note": "emitted",
            "externalDocs": {"url": "https://example.com"},
            "required": ["a"],
            "properties": {
                "a": {"type": "integer", "exclusiveMinimum": 0.5},
                "b": {"type": "string", "minLength": 1},
                "discriminator": {
                    "oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "object", "xml": {"name": "b"}}],
                    "discriminator": {"propertyName": "kind"},
                },
                "c": {"enum": [1, "two"]},
                "d": {"type": "string", "nullable": false, "default": null},
            },
        });
        let expected = json!({
            "externalDocs": {"url": "https://example.com"},
            "properties": {
                "a": {"exclusiveMinimum": 0.5},
                "discriminator": {
                    "oneOf": {"1": {"xml": {"name": "b"}}},
                    "discriminator": {"propertyName": "kind"},
                },
                "c": {"enum": [1, "two"]},
                "d": {"nullable": false, "default": null},
            },
        });
        assert_eq!(Value::Object(of_schema(&schema)), expected);
    }
}
