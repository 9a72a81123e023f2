//! A value as the styles see it: one text, a list of texts, or names with texts.

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
    /// Returns the texts of `value`.
    ///
    /// # Errors
    /// If it has values inside of values.
    pub(super) fn of(value: Value) -> Result<Self, String> {
        let inner = |value: &Value| {
            scalar(value).ok_or_else(|| {
                "a list or an object inside of another cannot be written in this place".to_owned()
            })
        };
        Ok(match value {
            Value::Null => Written::Nothing,
            Value::Array(items) => Written::List(items.iter().map(inner).collect::<Result<_, _>>()?),
            Value::Object(members) => {
                let set = members.into_iter().filter(|(_, value)| !value.is_null());
                let texts = set.map(|(name, value)| Ok((name, inner(&value)?)));
                Written::Object(texts.collect::<Result<_, String>>()?)
            }
            other => scalar(&other).map_or(Written::Nothing, Written::Scalar),
        })
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
            assert_eq!(Written::of(value).unwrap(), Written::Scalar(text.to_owned()));
        }
    }

    #[test]
    fn members_without_a_value_are_left_out_and_values_inside_of_values_refused() {
        let object = Written::of(json!({"a": null, "b": true})).unwrap();
        assert_eq!(object, Written::Object(vec![("b".to_owned(), "true".to_owned())]));
        assert!(Written::of(json!([[1]])).is_err());
        assert!(Written::of(json!({"a": {"b": 1}})).is_err());
    }
}
