//! The example of a schema as a page prints it: JSON, a line for each value, without indentation.

use openapi_bindings::document::pointer;
use serde_json::Value;

use super::page::Line;
use super::place::Place;

/// The lines of the example of `schema`; each one's pointer leads from `above` to the value in the example.
pub fn lines(schema: &Place<'_>, above: &str) -> Vec<Line> {
    let example = interim::of(schema.document(), schema.value);
    let mut lines = Vec::new();
    print(&example, above, "", "", &mut lines);
    lines
}

fn print(value: &Value, at: &str, before: &str, after: &str, lines: &mut Vec<Line>) {
    let mut line = |text: String, at: &str| lines.push(Line { text, pointer: at.to_owned() });
    let (open, close, members): (_, _, Vec<(String, String, &Value)>) = match value {
        Value::Object(members) if !members.is_empty() => {
            let named =
                |(key, value)| (String::clone(key), format!("{}: ", Value::from(key.as_str())), value);
            ("{", "}", members.iter().map(named).collect())
        }
        Value::Array(items) if !items.is_empty() => {
            let numbered = |(index, value): (usize, _)| (index.to_string(), String::new(), value);
            ("[", "]", items.iter().enumerate().map(numbered).collect())
        }
        scalar => return line(format!("{before}{scalar}{after}"), at),
    };
    line(format!("{before}{open}"), at);
    let last = members.len() - 1;
    for (index, (key, label, member)) in members.into_iter().enumerate() {
        let comma = if index == last { "" } else { "," };
        print(member, &pointer::child(at, &key), &label, comma, lines);
    }
    lines.push(Line { text: format!("{close}{after}"), pointer: at.to_owned() });
}

/// What stands for a value of each kind.
mod interim {
    use openapi_bindings::document::resolve;
    use serde_json::{Map, Value, json};

    pub fn of(root: &Value, schema: &Value) -> Value {
        let schema = resolve(root, schema);
        if let Some(members) = schema["allOf"].as_array() {
            return of(root, &members[0]);
        }
        if let Some(values) = schema["enum"].as_array() {
            return values[0].clone();
        }
        match (schema["type"].as_str().unwrap(), schema["format"].as_str()) {
            ("object", _) => {
                let properties = schema["properties"].as_object().cloned().unwrap_or_default();
                Value::Object(properties.iter().map(|(k, v)| (k.clone(), of(root, v))).collect::<Map<_, _>>())
            }
            ("array", _) => json!([of(root, &schema["items"])]),
            ("boolean", _) => json!(true),
            ("integer" | "number", _) => json!(0),
            (_, Some("uuid")) => json!("3fa85f64-5717-4562-b3fc-2c963f66afa6"),
            (_, Some("date-time")) => json!("2024-01-01T00:00:00Z"),
            _ => json!("string"),
        }
    }
}
