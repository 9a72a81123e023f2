//! JSON as YAML, a member or an item on each line.

use serde_json::Value;

/// Returns a value as a document.
pub(super) fn document(value: &Value) -> String {
    let mut text = String::new();
    write(value, 0, &mut text);
    text
}

fn write(value: &Value, indent: usize, text: &mut String) {
    let margin = " ".repeat(indent);
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                text.push_str(&margin);
                text.push_str(&scalar(&Value::from(name.as_str())));
                text.push(':');
                below(value, indent, text);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                let start = text.len();
                write(item, indent + 2, text);
                // The first line of an item begins with a dash in place of its margin.
                if text.get(start + indent..start + indent + 2) == Some("  ") {
                    text.replace_range(start + indent..start + indent + 2, "- ");
                }
            }
        }
        scalar_value => {
            text.push_str(&margin);
            text.push_str(&scalar(scalar_value));
            text.push('\n');
        }
    }
}

/// Appends the value of a member: behind its name, or on the lines below.
fn below(value: &Value, indent: usize, text: &mut String) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            text.push('\n');
            write(value, indent + 2, text);
        }
        Value::Array(items) if !items.is_empty() => {
            text.push('\n');
            write(value, indent, text);
        }
        value => {
            text.push(' ');
            text.push_str(&scalar(value));
            text.push('\n');
        }
    }
}

/// Returns a value on one line. A text that could be taken for something else is quoted as JSON is, which YAML reads.
fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        value => value.to_string(),
    }
}

fn is_plain(text: &str) -> bool {
    let begins = text.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '/');
    let inside = |letter: char| letter.is_ascii_alphanumeric() || "-_./ ".contains(letter);
    let word = text.to_ascii_lowercase();
    let is_other = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"].contains(&word.as_str());
    begins && !is_other && !text.ends_with(' ') && text.chars().all(inside)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_written_line_by_line() {
        let value = json!({"a": [{"b": 1, "c": []}, "x: y", [2]], "d": {"e": "true", "f": {}}, "g": "plain text", "h": null});
        let expected =
            "a:\n- b: 1\n  c: []\n- \"x: y\"\n- - 2\nd:\n  e: \"true\"\n  f: {}\ng: plain text\nh: null\n";
        assert_eq!(document(&value), expected);
    }
}
