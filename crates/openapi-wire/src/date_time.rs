//! Date-times in one form: `2024-08-01T12:00:00Z`, or with six digits of a second – nine if it takes them – and always `Z`.
//!
//! For use as `#[serde(with = "date_time")]`, on a date-time and on what may hold one. Reading is lenient: any offset
//! and any precision of RFC 3339 is taken.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Patch;

/// Writes a date-time, or what holds one.
///
/// # Errors
/// Only those of the serializer.
pub fn serialize<T: Timed, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.to_wire().serialize(serializer)
}

/// Reads a date-time, or what holds one.
///
/// # Errors
/// If there is no date-time where one should be.
pub fn deserialize<'de, T: Timed, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    T::Wire::deserialize(deserializer).map(T::from_wire)
}

/// Returns the text of a date-time: no fraction if it is a whole second, six digits if it has whole microseconds, else
/// nine.
#[must_use]
pub fn to_text(value: &DateTime<Utc>) -> String {
    let format = match value.timestamp_subsec_nanos() {
        0 => SecondsFormat::Secs,
        nanos if nanos % 1000 == 0 => SecondsFormat::Micros,
        _ => SecondsFormat::Nanos,
    };
    value.to_rfc3339_opts(format, true)
}

/// A date-time, or something that holds date-times.
pub trait Timed: Sized {
    /// The same, with every date-time in its form on the wire.
    type Wire: Serialize + for<'de> Deserialize<'de>;

    /// Converts to the form on the wire.
    fn to_wire(&self) -> Self::Wire;

    /// Converts from the form on the wire.
    fn from_wire(wire: Self::Wire) -> Self;
}

/// A date-time that is written as the server writes it.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct OnTheWire(DateTime<Utc>);

impl Serialize for OnTheWire {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&to_text(&self.0))
    }
}

impl Timed for DateTime<Utc> {
    type Wire = OnTheWire;

    fn to_wire(&self) -> OnTheWire {
        OnTheWire(*self)
    }

    fn from_wire(wire: OnTheWire) -> Self {
        wire.0
    }
}

impl<T: Timed> Timed for Option<T> {
    type Wire = Option<T::Wire>;

    fn to_wire(&self) -> Self::Wire {
        self.as_ref().map(T::to_wire)
    }

    fn from_wire(wire: Self::Wire) -> Self {
        wire.map(T::from_wire)
    }
}

impl<T: Timed> Timed for Vec<T> {
    type Wire = Vec<T::Wire>;

    fn to_wire(&self) -> Self::Wire {
        self.iter().map(T::to_wire).collect()
    }

    fn from_wire(wire: Self::Wire) -> Self {
        wire.into_iter().map(T::from_wire).collect()
    }
}

impl<T: Timed> Timed for Patch<T> {
    type Wire = Patch<T::Wire>;

    fn to_wire(&self) -> Self::Wire {
        match self {
            Patch::Absent => Patch::Absent,
            Patch::Null => Patch::Null,
            Patch::Value(value) => Patch::Value(value.to_wire()),
        }
    }

    fn from_wire(wire: Self::Wire) -> Self {
        match wire {
            Patch::Absent => Patch::Absent,
            Patch::Null => Patch::Null,
            Patch::Value(value) => Patch::Value(T::from_wire(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Body {
        #[serde(with = "crate::date_time")]
        created: DateTime<Utc>,
        #[serde(default, with = "crate::date_time")]
        seen: Option<DateTime<Utc>>,
    }

    #[test]
    fn a_fraction_is_left_out_or_has_as_many_digits_as_it_takes() {
        let cases = [
            ("2024-08-01T12:00:00Z", "2024-08-01T12:00:00Z"),
            ("2024-08-01T12:00:00.5Z", "2024-08-01T12:00:00.500000Z"),
            ("2024-08-01T12:00:00.123456Z", "2024-08-01T12:00:00.123456Z"),
            ("2024-08-01T12:00:00.123456789Z", "2024-08-01T12:00:00.123456789Z"),
            ("2024-08-01T12:00:00.000000789Z", "2024-08-01T12:00:00.000000789Z"),
            ("2024-08-01T14:00:00+02:00", "2024-08-01T12:00:00Z"),
        ];
        for (read, written) in cases {
            let body: Body = serde_json::from_value(json!({"created": read, "seen": read})).unwrap();
            assert_eq!(serde_json::to_value(&body).unwrap(), json!({"created": written, "seen": written}));
        }
    }

    #[test]
    fn a_date_time_that_may_be_missing_is_none() {
        let body: Body = serde_json::from_value(json!({"created": "2024-08-01T12:00:00Z"})).unwrap();
        assert_eq!(body.seen, None);
        assert_eq!(serde_json::to_value(&body).unwrap()["seen"], json!(null));
    }
}
