//! A value as the styles see it: one text, a list of texts, or names with texts.

use std::slice;

use serde_json::{Number, Value};

/// A value made of texts.
#[derive(Debug, PartialEq)]
pub(super) enum Written {
    /// No value; it is left out.
    Nothing,
    /// One text.
    Scalar(String),
    /// A text for each item.
    List(Vec<String>),
    /// A text for each member that has a value.
    Object(Vec<(String, String)>),
}

impl Written {
    /// Returns the texts of `value`. No style has a word for a list or an object inside of another, so it is JSON.
    pub(super) fn of(value: Value) -> Self {
        let inner = |value: &Value| scalar(value).unwrap_or_else(|| value.to_string());
        match value {
            Value::Null => Written::Nothing,
            Value::Array(items) => Written::List(items.iter().map(inner).collect()),
            Value::Object(members) => {
                let set = members.into_iter().filter(|(_, value)| !value.is_null());
                Written::Object(set.map(|(name, value)| (name, inner(&value))).collect())
            }
            other => scalar(&other).map_or(Written::Nothing, Written::Scalar),
        }
    }

    /// Returns all texts, the names of members among them.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        let (items, members): (&[String], &[(String, String)]) = match self {
            Written::Nothing => (&[], &[]),
            Written::Scalar(text) => (slice::from_ref(text), &[]),
            Written::List(items) => (items, &[]),
            Written::Object(members) => (&[], members),
        };
        let members = members.iter().flat_map(|(name, text)| [name, text]);
        items.iter().chain(members).map(String::as_str)
    }

    /// Returns the texts between which a delimiter stands where nothing is exploded.
    pub(super) fn flat(self) -> Vec<String> {
        match self {
            Written::Nothing => Vec::new(),
            Written::Scalar(text) => vec![text],
            Written::List(items) => items,
            Written::Object(members) => members.into_iter().flat_map(|(name, text)| [name, text]).collect(),
        }
    }
}

/// Returns the text of a value that holds no others; an item that is nothing is an empty text.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Number(number) => Some(of_number(number)),
        Value::String(text) => Some(text.clone()),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// Returns a number without a fraction of zero, which not every server reads.
fn of_number(number: &Number) -> String {
    /// Up to here, every whole number is one of its own.
    const MAX_WHOLE: f64 = 9_007_199_254_740_992.0;
    match number.as_f64() {
        Some(value) if number.is_f64() && value.fract() == 0.0 && value.abs() <= MAX_WHOLE => {
            format!("{value:.0}")
        }
        _ => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_whole_number_has_no_fraction_whatever_its_type() {
        let cases = [
            (json!(5.0), "5"),
            (json!(-0.5), "-0.5"),
            (json!(u64::MAX), "18446744073709551615"),
            (json!(1e300), "1e+300"),
        ];
        for (value, text) in cases {
            assert_eq!(Written::of(value), Written::Scalar(text.to_owned()));
        }
    }

    #[test]
    fn members_without_a_value_are_left_out_and_values_inside_of_values_are_json() {
        let text = str::to_owned;
        let object = Written::of(json!({"a": null, "b": true, "c": {"d": [1]}}));
        assert_eq!(
            object,
            Written::Object(vec![(text("b"), text("true")), (text("c"), text(r#"{"d":[1]}"#))])
        );
        assert_eq!(Written::of(json!([[1], "x"])), Written::List(vec![text("[1]"), text("x")]));
    }
}
