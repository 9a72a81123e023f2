//! A property of a request that is left out, `null`, or has a value.
//!
//! It is for requests only: what a server answers is an `Option`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A property of a request: not mentioned, cleared, or set.
///
/// An `Option` is not taken for one, because `None` could mean either: [`or_null`](Self::or_null) and
/// [`or_absent`](Self::or_absent) say which.
///
/// As a field it goes with `#[serde(default, skip_serializing_if = "Patch::is_absent")]`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Patch<T> {
    /// The property is not sent; the server keeps what it has.
    #[default]
    Absent,
    /// The property is sent as `null`.
    Null,
    /// The property is sent with this value.
    Value(T),
}

impl<T> Patch<T> {
    /// Returns `true` if the property is not sent.
    #[must_use]
    pub const fn is_absent(&self) -> bool {
        matches!(self, Patch::Absent)
    }

    /// Returns the new value: `None` to leave the property unchanged, `Some(None)` to clear it.
    #[must_use]
    pub fn into_option(self) -> Option<Option<T>> {
        match self {
            Patch::Absent => None,
            Patch::Null => Some(None),
            Patch::Value(value) => Some(Some(value)),
        }
    }

    /// Does to `slot` what this says: nothing, clear it, or set it.
    pub fn apply_to(self, slot: &mut Option<T>) {
        if let Some(value) = self.into_option() {
            *slot = value;
        }
    }

    /// Returns `value`, or [`Patch::Null`] if it is `None`: the property then has what the option has.
    #[must_use]
    pub fn or_null(value: Option<T>) -> Self {
        value.map_or(Patch::Null, Patch::Value)
    }

    /// Returns `value`, or [`Patch::Absent`] if it is `None`: the property then keeps what it has.
    #[must_use]
    pub fn or_absent(value: Option<T>) -> Self {
        value.map_or(Patch::Absent, Patch::Value)
    }

    /// Returns the value, if there is one.
    #[must_use]
    pub const fn value(&self) -> Option<&T> {
        match self {
            Patch::Value(value) => Some(value),
            Patch::Absent | Patch::Null => None,
        }
    }
}

impl<T> From<T> for Patch<T> {
    fn from(value: T) -> Self {
        Patch::Value(value)
    }
}

impl<T: Serialize> Serialize for Patch<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Patch::Value(value) => serializer.serialize_some(value),
            // A field that is absent is skipped before it comes to this.
            Patch::Null | Patch::Absent => serializer.serialize_none(),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Patch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::deserialize(deserializer).map(Patch::or_null)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    struct Body {
        #[serde(default, skip_serializing_if = "Patch::is_absent")]
        flow: Patch<i64>,
    }

    #[test]
    fn each_state_has_its_own_form_on_the_wire_and_is_read_back() {
        let forms = [
            (Patch::Absent, json!({})),
            (Patch::Null, json!({"flow": null})),
            (Patch::Value(7), json!({"flow": 7})),
        ];
        for (flow, wire) in forms {
            let body = Body { flow };
            assert_eq!(serde_json::to_value(&body).unwrap(), wire);
            assert_eq!(serde_json::from_value::<Body>(wire).unwrap(), body);
        }
    }

    #[test]
    fn a_slot_is_kept_cleared_or_set() {
        let after = |patch: Patch<i64>| {
            let mut slot = Some(1);
            patch.apply_to(&mut slot);
            slot
        };
        assert_eq!(after(Patch::Absent), Some(1));
        assert_eq!(after(Patch::Null), None);
        assert_eq!(after(Patch::Value(2)), Some(2));
    }

    #[test]
    fn an_option_says_what_is_said_of_none() {
        assert_eq!(Patch::<i64>::or_null(None), Patch::Null);
        assert_eq!(Patch::<i64>::or_absent(None), Patch::Absent);
        assert_eq!([Patch::or_null(Some(1)), Patch::or_absent(Some(1))], [Patch::Value(1); 2]);
        assert_eq!(Patch::from(1), Patch::Value(1));
    }
}
