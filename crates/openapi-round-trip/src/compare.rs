//! Compares values: numbers by value, date-times by instant, everything else as it is.

use chrono::DateTime;
use serde_json::{Map, Value};

/// Returns where `actual` differs from `expected`, and how; `None` if they are equal.
pub(crate) fn difference(expected: &Value, actual: &Value) -> Option<String> {
    compare(expected, actual, "", Mode::Equal)
}

/// Returns what of `made` is not in `typed`, which may have more properties and leave out those that are `null`.
pub(crate) fn loss(made: &Value, typed: &Value) -> Option<String> {
    compare(made, typed, "", Mode::Contained)
}

/// Returns where a decoded answer differs from what was answered. A type may take what is empty for what is absent, and the
/// other way round.
pub(crate) fn decoding_difference(answered: &Value, decoded: &Value) -> Option<String> {
    compare(answered, decoded, "", Mode::Decoded)
}

/// Returns whether a parameter that was received says what was sent. What one side has as a text, the other may have as
/// a number or a boolean, and a list of one value looks like the value.
pub(crate) fn parameter_difference(sent: &Value, received: &Value) -> Option<String> {
    compare(sent, received, "", Mode::Spelled)
}

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Equal,
    Contained,
    Decoded,
    Spelled,
}

fn compare(expected: &Value, actual: &Value, at: &str, mode: Mode) -> Option<String> {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => objects(expected, actual, at, mode),
        (Value::Array(expected), Value::Array(actual)) => {
            if expected.len() != actual.len() {
                return Some(format!("{}: {} items became {}", place(at), expected.len(), actual.len()));
            }
            let pairs = expected.iter().zip(actual).enumerate();
            pairs
                .into_iter()
                .find_map(|(index, (one, other))| compare(one, other, &format!("{at}/{index}"), mode))
        }
        (Value::Array(items), other) if mode == Mode::Spelled && items.len() == 1 => {
            items.first().and_then(|item| compare(item, other, at, mode))
        }
        (Value::String(text), other @ (Value::Number(_) | Value::Bool(_)))
        | (other @ (Value::Number(_) | Value::Bool(_)), Value::String(text))
            if mode == Mode::Spelled
                && serde_json::from_str(text).is_ok_and(|value| are_equal(&value, other)) =>
        {
            None
        }
        _ if are_equal(expected, actual) => None,
        _ => Some(format!("{}: {} became {}", place(at), shortened(expected), shortened(actual))),
    }
}

fn objects(
    expected: &Map<String, Value>,
    actual: &Map<String, Value>,
    at: &str,
    mode: Mode,
) -> Option<String> {
    let missing = expected.iter().find_map(|(name, value)| {
        let at = format!("{at}/{name}");
        match actual.get(name) {
            Some(other) => compare(value, other, &at, mode),
            None if matches!(mode, Mode::Contained | Mode::Spelled) && value.is_null() => None,
            None if mode == Mode::Decoded && is_empty(value) => None,
            None => Some(format!("{at}: {} is lost", shortened(value))),
        }
    });
    missing.or_else(|| {
        let is_added = |value: &Value| match mode {
            Mode::Equal | Mode::Spelled => true,
            Mode::Contained => false,
            Mode::Decoded => !is_empty(value),
        };
        let added = actual.iter().find(|(name, value)| !expected.contains_key(*name) && is_added(value));
        added.map(|(name, value)| format!("{at}/{name}: {} was added", shortened(value)))
    })
}

fn are_equal(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::String(one), Value::String(other)) => {
            let instant = |text: &str| DateTime::parse_from_rfc3339(text).ok();
            one == other || instant(one).is_some_and(|one| Some(one) == instant(other))
        }
        _ => one == other,
    }
}

/// Returns whether a value is as good as an absent one to some types.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

fn place(at: &str) -> &str {
    if at.is_empty() { "/" } else { at }
}

/// Returns a value on one line, cut where it is long.
pub(crate) fn shortened(value: &Value) -> String {
    const LONGEST: usize = 240;
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_are_compared_by_value_and_date_times_by_instant() {
        for (one, other) in [
            (json!(1), json!(1.0)),
            (json!("2024-01-01T01:00:00+01:00"), json!("2024-01-01T00:00:00.000Z")),
            (json!({"a": [null, true]}), json!({"a": [null, true]})),
        ] {
            assert_eq!(difference(&one, &other), None);
        }
        for (one, other, said) in [
            (json!(1), json!("1"), "/: 1 became \"1\""),
            (json!({"a": [1, 2]}), json!({"a": [1, 3]}), "/a/1: 2 became 3"),
            (json!({"a": null}), json!({}), "/a: null is lost"),
            (json!({}), json!({"a": 0}), "/a: 0 was added"),
            (json!([]), json!([1]), "/: 0 items became 1"),
            (
                json!("2024-01-01T00:00:00.5Z"),
                json!("2024-01-01T00:00:00Z"),
                "/: \"2024-01-01T00:00:00.5Z\" became \"2024-01-01T00:00:00Z\"",
            ),
            (json!(9_007_199_254_740_993_u64), json!("x"), "/: 9007199254740993 became \"x\""),
        ] {
            assert_eq!(difference(&one, &other).as_deref(), Some(said));
        }
    }

    #[test]
    fn a_parameter_may_be_spelled_otherwise_and_loses_nothing() {
        let sent = json!({"a": [1, "x"], "b": null, "c": ["y"]});
        let received = json!({"a": ["1", "x"], "c": "y"});
        assert_eq!(parameter_difference(&sent, &received), None);
        for (received, said) in [
            (json!({"a": ["1", "x"]}), "/c: [\"y\"] is lost"),
            (json!({"a": ["1", "x"], "c": "y", "d": 1}), "/d: 1 was added"),
            (json!({"a": ["2", "x"], "c": "y"}), "/a/0: 1 became \"2\""),
        ] {
            assert_eq!(parameter_difference(&sent, &received).as_deref(), Some(said));
        }
    }

    #[test]
    fn types_may_add_defaults_and_leave_out_null_and_lose_nothing_else() {
        assert_eq!(loss(&json!({"a": null, "b": 1}), &json!({"b": 1, "c": 2})), None);
        assert_eq!(loss(&json!({"a": ""}), &json!({})).as_deref(), Some("/a: \"\" is lost"));
    }

    #[test]
    fn a_decoded_answer_may_lack_what_is_empty_and_nothing_else() {
        let answered = json!({"a": [], "b": {}, "c": 1});
        assert_eq!(decoding_difference(&answered, &json!({"c": 1, "d": null})), None);
        assert!(decoding_difference(&answered, &json!({"a": null, "c": 1})).is_some());
        assert!(decoding_difference(&answered, &json!({"a": [], "b": {}})).is_some());
        assert!(decoding_difference(&answered, &json!({"c": 1, "d": ""})).is_some());
    }

    #[test]
    fn a_parameter_may_be_a_text_on_one_side() {
        assert_eq!(parameter_difference(&json!([1, true]), &json!(["1", "true"])), None);
        assert_eq!(parameter_difference(&json!("1"), &json!(1)), None);
        assert_eq!(parameter_difference(&json!(3.0), &json!("3")), None);
        assert!(parameter_difference(&json!(1), &json!("2")).is_some());
        assert!(parameter_difference(&json!("a"), &json!(true)).is_some());
    }
}
