//! Values as they are compared: what indexes, filters and orders see of a value of JSON.

use std::cmp::Ordering;
use std::sync::Arc;

use chrono::DateTime;
use serde_json::{Number, Value};
use smol_str::SmolStr;

use crate::definition::Kind;

/// A value as it is compared. Values of different kinds have an order too; null is the last of all.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Key<'a> {
    Boolean(bool),
    Integer(i64),
    Float(f64),
    Text(&'a str),
    /// A list or an object, which is compared as a whole.
    Whole(&'a Value),
    Null,
}

/// A key that an index keeps.
#[derive(Clone, Debug)]
pub(crate) enum OwnedKey {
    Boolean(bool),
    Integer(i64),
    Float(f64),
    /// Short texts are kept in place, so that comparing them needs no other memory.
    Text(SmolStr),
    Whole(Arc<Value>),
    Null,
}

impl<'a> Key<'a> {
    /// Returns the key of a value of this kind.
    pub(crate) fn of(kind: Kind, value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Boolean(*flag),
            Value::Number(number) => Self::of_number(number),
            Value::String(text) => match kind {
                // A text that is no point in time is compared as text.
                Kind::DateTime => micros(text).map_or(Self::Text(text), Self::Integer),
                // A choice of numbers may be written as text.
                Kind::Number => text.parse().map_or(Self::Text(text), Self::Integer),
                _ => Self::Text(text),
            },
            Value::Array(_) | Value::Object(_) => Self::Whole(value),
        }
    }

    fn of_number(number: &Number) -> Self {
        match number.as_i64() {
            Some(integer) => Self::Integer(integer),
            None => Self::Float(number.as_f64().unwrap_or_default()),
        }
    }

    /// Returns `true` if this is null.
    pub(crate) fn is_null(self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns the key as an index keeps it.
    pub(crate) fn kept(self) -> OwnedKey {
        match self {
            Self::Boolean(flag) => OwnedKey::Boolean(flag),
            Self::Integer(integer) => OwnedKey::Integer(integer),
            Self::Float(float) => OwnedKey::Float(float),
            Self::Text(text) => OwnedKey::Text(SmolStr::new(text)),
            Self::Whole(value) => OwnedKey::Whole(Arc::new(value.clone())),
            Self::Null => OwnedKey::Null,
        }
    }

    fn rank(self) -> u8 {
        match self {
            Self::Boolean(_) => 0,
            Self::Integer(_) | Self::Float(_) => 1,
            Self::Text(_) => 2,
            Self::Whole(_) => 3,
            Self::Null => 4,
        }
    }
}

impl OwnedKey {
    /// Returns the key that is kept.
    pub(crate) fn key(&self) -> Key<'_> {
        match self {
            Self::Boolean(flag) => Key::Boolean(*flag),
            Self::Integer(integer) => Key::Integer(*integer),
            Self::Float(float) => Key::Float(*float),
            Self::Text(text) => Key::Text(text),
            Self::Whole(value) => Key::Whole(value),
            Self::Null => Key::Null,
        }
    }
}

/// Returns the microseconds of a point in time since 1970.
pub(crate) fn micros(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.timestamp_micros())
}

#[expect(clippy::cast_precision_loss, reason = "a float has no more digits to compare with")]
fn float(integer: i64) -> f64 {
    integer as f64
}

impl Ord for Key<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        match (*self, *other) {
            (Self::Boolean(left), Self::Boolean(right)) => left.cmp(&right),
            (Self::Integer(left), Self::Integer(right)) => left.cmp(&right),
            (Self::Integer(left), Self::Float(right)) => float(left).total_cmp(&right),
            (Self::Float(left), Self::Integer(right)) => left.total_cmp(&float(right)),
            (Self::Float(left), Self::Float(right)) => left.total_cmp(&right),
            (Self::Text(left), Self::Text(right)) => left.cmp(right),
            (Self::Whole(left), Self::Whole(right)) if left == right => Ordering::Equal,
            // As databases compare lists: item by item, and the shorter first.
            (Self::Whole(Value::Array(left)), Self::Whole(Value::Array(right))) => {
                fn keys(items: &[Value]) -> impl Iterator<Item = Key<'_>> {
                    items.iter().map(|item| Key::of(Kind::Any, item))
                }
                keys(left).cmp(keys(right))
            }
            (Self::Whole(left), Self::Whole(right)) => left.to_string().cmp(&right.to_string()),
            (left, right) => left.rank().cmp(&right.rank()),
        }
    }
}

impl PartialOrd for Key<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Key<'_> {}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_have_the_order_of_their_values() {
        let ordered = [
            json!(false),
            json!(true),
            json!(-1.5),
            json!(1),
            json!(1.5),
            json!(9_007_199_254_740_993_i64),
            json!(9_007_199_254_740_994_i64),
            json!(""),
            json!("B"),
            json!("a"),
            json!([]),
            json!([9]),
            json!([9, 1]),
            json!([10]),
            json!({"a": 1}),
            json!(null),
        ];
        for (position, left) in ordered.iter().enumerate() {
            for (other, right) in ordered.iter().enumerate() {
                let (left, right) = (Key::of(Kind::Any, left), Key::of(Kind::Any, right));
                assert_eq!(left.cmp(&right), position.cmp(&other), "{left:?} {right:?}");
                assert_eq!(left.kept().key().cmp(&right.kept().key()), position.cmp(&other));
            }
        }
    }

    #[test]
    fn points_in_time_are_compared_as_such() {
        let (one, same) = (json!("2026-01-01T02:00:00+02:00"), json!("2026-01-01T00:00:00.000Z"));
        assert_eq!(Key::of(Kind::DateTime, &one), Key::of(Kind::DateTime, &same));
        assert_ne!(Key::of(Kind::Text, &one), Key::of(Kind::Text, &same));
        assert_eq!(Key::of(Kind::DateTime, &json!("soon")), Key::Text("soon"));
    }
}
