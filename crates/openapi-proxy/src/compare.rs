//! Compares JSON values, and says where they differ first.

use std::fmt;

use openapi_document::pointer::child;
use serde_json::Value;

/// The characters of a value that are shown.
const MAX_SHOWN: usize = 200;

/// The first difference of two values.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The JSON pointer to it.
    pub pointer: String,
    /// The expected value; `None` if none is.
    pub expected: Option<Value>,
    /// The value that is there; `None` if none is.
    pub got: Option<Value>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pointer, expected, got } = self;
        let pointer = if pointer.is_empty() { "the body" } else { pointer };
        match (expected, got) {
            (Some(Value::Array(expected)), Some(Value::Array(got))) if expected.len() != got.len() => {
                write!(f, "{pointer}: expected {} items, got {}", expected.len(), got.len())
            }
            (Some(expected), Some(got)) => {
                write!(f, "{pointer}: expected {}, got {}", shown(expected), shown(got))
            }
            (Some(expected), None) => write!(f, "{pointer}: expected {}, got nothing", shown(expected)),
            (None, Some(got)) => write!(f, "{pointer}: expected nothing, got {}", shown(got)),
            (None, None) => write!(f, "{pointer}: no difference"),
        }
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

/// Returns the first difference of a value from what is expected. `is_same` is asked of values with their pointer that are not
/// both objects or both lists.
pub fn first_difference(
    expected: &Value,
    got: &Value,
    is_same: &mut dyn FnMut(&str, &Value, &Value) -> bool,
) -> Option<Difference> {
    difference("", expected, got, is_same)
}

fn difference(
    pointer: &str,
    expected: &Value,
    got: &Value,
    is_same: &mut dyn FnMut(&str, &Value, &Value) -> bool,
) -> Option<Difference> {
    let differs = |pointer: &str, expected: Option<&Value>, got: Option<&Value>| {
        Some(Difference { pointer: pointer.to_owned(), expected: expected.cloned(), got: got.cloned() })
    };
    match (expected, got) {
        (Value::Object(wanted), Value::Object(found)) => {
            for (name, wanted) in wanted {
                let pointer = child(pointer, name);
                let Some(found) = found.get(name) else { return differs(&pointer, Some(wanted), None) };
                if let Some(difference) = difference(&pointer, wanted, found, is_same) {
                    return Some(difference);
                }
            }
            let (name, found) = found.iter().find(|(name, _)| !wanted.contains_key(*name))?;
            differs(&child(pointer, name), None, Some(found))
        }
        (Value::Array(wanted), Value::Array(found)) => {
            for (number, (wanted, found)) in wanted.iter().zip(found).enumerate() {
                let pointer = child(pointer, &number.to_string());
                if let Some(difference) = difference(&pointer, wanted, found, is_same) {
                    return Some(difference);
                }
            }
            if wanted.len() == found.len() { None } else { differs(pointer, Some(expected), Some(got)) }
        }
        _ if is_same(pointer, expected, got) => None,
        _ => differs(pointer, Some(expected), Some(got)),
    }
}

/// Returns `true` if two values are equal; numbers are, however they are written.
#[must_use]
pub fn is_equal(_: &str, expected: &Value, got: &Value) -> bool {
    let numbers = (expected.as_f64(), got.as_f64());
    expected == got || matches!(numbers, (Some(one), Some(other)) if one.total_cmp(&other).is_eq())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_first_difference_is_told_with_its_place() {
        let told = |expected: Value, got: Value| {
            first_difference(&expected, &got, &mut is_equal).map(|difference| difference.to_string())
        };
        assert_eq!(told(json!({"a": [1, {"b": null}]}), json!({"a": [1.0, {"b": null}]})), None);
        for (expected, got, difference) in [
            (json!({"a/b": [1, 2]}), json!({"a/b": [1, 3]}), "/a~1b/1: expected 2, got 3"),
            (json!({"a": [1, 2]}), json!({"a": [1]}), "/a: expected 2 items, got 1"),
            (json!({"a": "x"}), json!({}), "/a: expected \"x\", got nothing"),
            (json!({}), json!({"a": {}}), "/a: expected nothing, got {}"),
            (json!(1), json!("1"), "the body: expected 1, got \"1\""),
        ] {
            assert_eq!(told(expected, got).as_deref(), Some(difference));
        }
        let long = told(json!("x".repeat(10_000)), json!(1)).expect("a difference");
        assert!(long.chars().count() < 2 * MAX_SHOWN, "{long}");
    }
}
