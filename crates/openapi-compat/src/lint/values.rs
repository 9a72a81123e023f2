//! Values that a document gives for its own schemas: defaults, examples, enumerated values.

use serde_json::Value;

use super::scope::Scope;

pub(super) fn check(scope: &mut Scope<'_>) {
    for (schema, at) in scope.objects_of("schema") {
        for key in ["default", "example"] {
            if let Some(why) = schema.get(key).and_then(|value| refusal(schema, value)) {
                let remedy = format!("correct the {key} or the schema");
                scope.add(&format!("{at}/{key}"), format!("the schema rejects its own {key}: {why}"), remedy);
            }
        }
        let typed = Value::Object(
            schema
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(key, _)| *key != "enum")
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        );
        for (index, value) in schema.get("enum").and_then(Value::as_array).into_iter().flatten().enumerate() {
            if let Some(why) = refusal(&typed, value) {
                let message = format!("the schema rejects one of its own values: {why}");
                scope.add(&format!("{at}/enum/{index}"), message, "correct the value or the schema");
            }
        }
    }
    for (parameter, at) in scope.objects_of("parameter") {
        let schema = parameter.get("schema").map(|schema| scope.document.resolve(schema));
        let example = parameter.get("example");
        if let Some(why) = schema.zip(example).and_then(|(schema, example)| refusal(schema, example)) {
            scope.add(
                &format!("{at}/example"),
                format!("the schema rejects the example: {why}"),
                "correct either",
            );
        }
    }
}

/// Returns the reason why `schema` rejects `value`. Only type, `enum` and lengths are considered.
fn refusal(schema: &Value, value: &Value) -> Option<String> {
    if value.is_null() {
        let nullable = schema.get("nullable") == Some(&Value::Bool(true)) || schema.get("type").is_none();
        return (!nullable).then(|| "it may not be null".to_owned());
    }
    let fits = match schema.get("type").and_then(Value::as_str) {
        Some("string") => value.is_string(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => true,
    };
    if !fits {
        return Some(format!("{value} is of another type"));
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array)
        && !values.contains(value)
    {
        return Some(format!("{value} is not one of its values"));
    }
    let length = value.as_str().map(|text| text.chars().count() as u64)?;
    let bound = |key: &str| schema.get(key).and_then(Value::as_u64);
    let short = bound("minLength").is_some_and(|least| length < least);
    let long = bound("maxLength").is_some_and(|most| length > most);
    (short || long).then(|| format!("{value} is too {}", if short { "short" } else { "long" }))
}
