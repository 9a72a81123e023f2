//! The example of a schema as a page prints it: JSON, a line for each value, without indentation. What stands for a
//! value of each kind is decided by the example builder that the servers use as well.

use openapi_bindings::document::pointer;
use serde_json::Value;

use super::page::Line;
use super::place::Place;

/// The lines of the example of `schema`; each one's pointer leads from `above` to the value in the example.
pub fn lines(schema: &Place<'_>, above: &str) -> Vec<Line> {
    let example = openapi_bindings::example::of(schema.document(), schema.value);
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
