//! The example of a schema as a page prints it: JSON, a line for each value, without indentation. What stands for a
//! value of each kind is decided by the example builder that the servers use as well.

use serde_json::Value;

use super::line::Line;
use super::place::Place;
use openapi_document::pointer;

/// Returns the lines of the example of `schema`; each one's pointer leads from `above` to the value in the example.
pub(super) fn lines(schema: &Place<'_>, above: &str) -> Vec<Line> {
    let example = openapi_document::example::of(schema.document(), schema.value);
    let declared = Declared { pointer: schema.pointer.clone(), schema: Some(schema.clone()) };
    let mut lines = Vec::new();
    print(&example, &declared, above, ("", ""), &mut lines);
    lines
}

/// The schema that declares a value, as far as it can be found.
struct Declared<'a> {
    pointer: String,
    schema: Option<Place<'a>>,
}

impl Declared<'_> {
    /// Returns the declaration of the member or item `key`.
    fn member(&self, key: &str) -> Self {
        let holders = self.schema.iter().flat_map(|schema| {
            let parts = schema.get("allOf").map(|parts| parts.children()).unwrap_or_default();
            std::iter::once(schema.clone()).chain(parts.into_iter().map(|(_, part)| part))
        });
        let mut found = holders.filter_map(|holder| {
            if let Some(items) = holder.get("items") {
                return Some(Declared {
                    pointer: pointer::child(&holder.pointer, "items"),
                    schema: Some(items),
                });
            }
            let schema = holder.get("properties")?.get(key)?;
            let properties = pointer::child(&holder.pointer, "properties");
            Some(Declared { pointer: pointer::child(&properties, key), schema: Some(schema) })
        });
        found.next().unwrap_or_else(|| Declared { pointer: self.pointer.clone(), schema: None })
    }
}

/// Prints `value` between two texts, which belong to its first and its last line.
fn print(
    value: &Value,
    declared: &Declared<'_>,
    at: &str,
    (before, after): (&str, &str),
    lines: &mut Vec<Line>,
) {
    let line = |text: String| Line { text, pointer: at.to_owned(), declared: declared.pointer.clone() };
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
        scalar => return lines.push(line(format!("{before}{scalar}{after}"))),
    };
    lines.push(line(format!("{before}{open}")));
    let last = members.len() - 1;
    for (index, (key, label, member)) in members.into_iter().enumerate() {
        let comma = if index == last { "" } else { "," };
        print(member, &declared.member(&key), &pointer::child(at, &key), (&label, comma), lines);
    }
    lines.push(line(format!("{close}{after}")));
}
