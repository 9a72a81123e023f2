//! The tables that answers are held against: which properties there are, and what kind of value stands where.
//!
//! Generated clients hold them, made from the document.

use openapi_wire::Pattern;
use serde::de::{DeserializeOwned, IntoDeserializer as _, value};
use serde_json::{Value, json};

/// The greatest depth of made-up objects within objects.
const MAX_DEPTH: usize = 8;

/// A kind of value.
pub enum Shape {
    /// A value that is not looked into, such as one of several kinds.
    Opaque,
    /// A value that is read as a whole: a truth value, a number, a key, a date.
    Scalar {
        /// Returns `true` if a value is one of these.
        reads: fn(&Scalar<'_>) -> bool,
        /// The neutral value, as JSON.
        neutral: &'static str,
    },
    /// A text and its limits.
    Text {
        /// The most characters it has.
        longest: Option<usize>,
        /// The pattern of the text.
        pattern: Option<fn() -> &'static Pattern>,
    },
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// A list of such values.
    List(&'static Shape),
    /// An object with any properties, whose values are such.
    Map(&'static Shape),
    /// An object with these properties.
    Object(&'static Object),
    /// An object with these properties, and any others, whose values are such.
    Open(&'static Object, &'static Shape),
    /// Such a value or `null`, in a list or a map.
    Nullable(&'static Shape),
}

/// An object of the document.
pub struct Object {
    /// Its properties.
    pub properties: &'static [Property],
}

/// A property of an object.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own, and the table is generated")]
pub struct Property {
    /// Its name.
    pub name: &'static str,
    /// `true` if no value can replace it, whatever the dialect says: the objects of a page.
    pub essential: bool,
    /// `true` if the object does not decode without it.
    pub required: bool,
    /// `true` if every response of the document's release has it.
    pub expected: bool,
    /// `true` if it may be `null`.
    pub nullable: bool,
    /// Its values.
    pub shape: Shape,
}

/// A value of JSON that holds no others and is not `null`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scalar<'v> {
    /// A truth value.
    Truth(bool),
    /// A whole number below 0.
    Signed(i64),
    /// A whole number from 0 on.
    Unsigned(u64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(&'v str),
}

impl<'v> Scalar<'v> {
    /// Returns `value`, unless it is `null` or holds others.
    pub(crate) fn of(value: &'v Value) -> Option<Self> {
        match value {
            Value::Bool(truth) => Some(Scalar::Truth(*truth)),
            Value::String(text) => Some(Scalar::Text(text)),
            Value::Number(number) => number
                .as_u64()
                .map(Scalar::Unsigned)
                .or_else(|| number.as_i64().map(Scalar::Signed))
                .or_else(|| number.as_f64().map(Scalar::Float)),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
}

/// Returns `true` if `value` is read as a `T`.
#[must_use]
pub fn reads<T: DeserializeOwned>(value: &Scalar<'_>) -> bool {
    let read: Result<T, value::Error> = match *value {
        Scalar::Truth(truth) => T::deserialize(truth.into_deserializer()),
        Scalar::Signed(number) => T::deserialize(number.into_deserializer()),
        Scalar::Unsigned(number) => T::deserialize(number.into_deserializer()),
        Scalar::Float(number) => T::deserialize(number.into_deserializer()),
        Scalar::Text(text) => T::deserialize(text.into_deserializer()),
    };
    read.is_ok()
}

impl Shape {
    /// Returns the neutral value, if there is one.
    pub(crate) fn neutral(&self) -> Option<Value> {
        self.neutral_within(MAX_DEPTH)
    }

    fn neutral_within(&self, depth: usize) -> Option<Value> {
        match self {
            Shape::Scalar { neutral, .. } => serde_json::from_str(neutral).ok(),
            // An enumeration of one value is a constant.
            Shape::Choice([only]) => Some(json!(only)),
            Shape::Text { .. } | Shape::Choice(_) => Some(json!("")),
            Shape::List(_) => Some(json!([])),
            Shape::Map(_) => Some(json!({})),
            Shape::Object(object) | Shape::Open(object, _) if depth > 0 => {
                let required = object.properties.iter().filter(|property| property.required);
                let members = required.map(|property| {
                    let value = if property.nullable {
                        Some(Value::Null)
                    } else {
                        property.shape.neutral_within(depth - 1)
                    };
                    value.map(|value| (property.name.to_owned(), value))
                });
                members.collect::<Option<_>>().map(Value::Object)
            }
            Shape::Nullable(_) => Some(Value::Null),
            Shape::Opaque | Shape::Object(_) | Shape::Open(..) => None,
        }
    }
}
