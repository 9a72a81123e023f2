//! Finds what dropshot stops at in a schema, or says wrongly, when it emits it.
//!
//! It is left out of the schemas that dropshot is given, and stands beside what it emits instead. What dropshot merely has
//! no words for needs no leaving out.

use serde_json::{Map, Value};

/// The keywords that compose a schema of others; dropshot takes one of them where there is no type
/// (<https://github.com/oxidecomputer/dropshot/blob/v0.18.0/dropshot/src/schema_util.rs>, `j2oas_subschemas`).
pub const OF_MEMBERS: [&str; 4] = ["allOf", "anyOf", "oneOf", "not"];

/// Returns `true` if dropshot can be given the member `key` of `schema`.
#[must_use]
pub fn is_sayable(schema: &Map<String, Value>, key: &str, value: &Value) -> bool {
    let kind = schema.get("type").and_then(Value::as_str);
    let mut members = OF_MEMBERS.into_iter().filter(|key| schema.contains_key(*key));
    match key {
        // A list of which nothing else is said has nothing that dropshot looks for.
        "type" if kind == Some("array") => {
            ["items", "minItems", "maxItems", "uniqueItems"].iter().any(|key| schema.contains_key(*key))
        }
        "allOf" | "anyOf" | "oneOf" | "not" if kind.is_none() => members.next() == Some(key),
        _ if members.next().is_some() => true,
        // A bound of an integer is one to it.
        "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum" | "multipleOf"
            if kind == Some("integer") =>
        {
            is_whole(value)
        }
        "enum" => {
            let values = value.as_array().map_or(&[][..], Vec::as_slice);
            let fits = |value: &Value| match kind {
                Some("string") => value.is_string(),
                Some("boolean") => value.is_boolean(),
                Some("integer") => value.is_i64(),
                Some("number") => value.is_number(),
                _ => true,
            };
            !values.is_empty() && values.iter().all(|value| value.is_null() || fits(value))
        }
        _ => true,
    }
}

/// Returns `true` if a number is an integer that every reader of JSON takes for the same.
fn is_whole(value: &Value) -> bool {
    const MOST: f64 = 9_007_199_254_740_992.0;
    value.as_f64().is_some_and(|number| number.fract() == 0.0 && number.abs() <= MOST)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_would_stop_dropshot_or_come_out_as_something_else_is_kept_from_it() {
        for (schema, unsayable) in [
            (json!({"type": "integer", "minimum": 1, "maximum": 2.0, "multipleOf": 3}), &[][..]),
            (
                json!({"type": "integer", "minimum": 1.5, "maximum": 1e300, "multipleOf": 0.5}),
                &["minimum", "maximum", "multipleOf"],
            ),
            (json!({"type": "array", "description": ""}), &["type"]),
            (json!({"type": "array", "items": {}}), &[]),
            (json!({"type": "number", "exclusiveMinimum": 1.5}), &[]),
            (json!({"type": "integer", "exclusiveMinimum": 1.5}), &["exclusiveMinimum"]),
            (json!({"allOf": [], "oneOf": [], "not": {}}), &["oneOf", "not"]),
            (json!({"type": "object", "allOf": [], "oneOf": []}), &[]),
            (json!({"anyOf": []}), &[]),
            (json!({"type": "string", "enum": ["a", null]}), &[]),
            (json!({"type": "string", "enum": ["a", 1]}), &["enum"]),
            (json!({"type": "integer", "enum": [1, 1.5]}), &["enum"]),
            (json!({"type": "string", "enum": []}), &["enum"]),
            (json!({"enum": ["a", 1]}), &[]),
        ] {
            let members = schema.as_object().unwrap();
            let found: Vec<&String> = members
                .iter()
                .filter(|(key, value)| !is_sayable(members, key, value))
                .map(|(key, _)| key)
                .collect();
            assert_eq!(found, unsayable, "{schema}");
        }
    }
}
