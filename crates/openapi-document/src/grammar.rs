//! What kinds of objects OpenAPI 3.0 has: which members each has, of what shape, and which may be left out.
//!
//! Whatever must tell a schema from an example that looks like one asks here: the checks, the search for references,
//! the comparison of documents. It knows shapes only; rules between objects are checked elsewhere.

mod objects;

use serde_json::Value;

pub use objects::{DISCRIMINATOR, DOCUMENT, OPERATION, PATH_ITEM, SCHEMA};

/// A kind of object, such as "operation".
#[derive(Debug)]
pub struct Object {
    /// The name in the specification, in lower case.
    pub name: &'static str,
    /// The members with fixed keys, in the order of the specification.
    pub members: &'static [Member],
    /// What members with other keys are.
    pub others: Others,
    /// Whether a reference to such an object only saves writing it out; the others are known by their names.
    pub inlined: bool,
}

/// A member with a fixed key.
#[derive(Debug)]
pub struct Member {
    /// The key.
    pub key: &'static str,
    /// The shape of the value.
    pub shape: Shape,
    /// Whether an object without it is refused.
    pub required: bool,
    /// The value that means the same as leaving the member out.
    pub blank: Option<Blank>,
}

/// What members with other keys are, besides extensions (`x-`), which may be anything.
#[derive(Debug)]
pub enum Others {
    /// Unknown to the specification; they are kept and not looked into.
    Unknown,
    /// Keys that begin with `/`.
    Paths(Shape),
    /// Response statuses: `200`, `4XX`, `default`.
    Statuses(Shape),
    /// Any key.
    Any(Shape),
}

/// A value that means the same as no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blank {
    /// `false`.
    False,
    /// Zero.
    Zero,
    /// The empty text, list or mapping.
    Empty,
}

/// The shape of a value.
#[derive(Clone, Copy, Debug)]
pub enum Shape {
    /// Any JSON value.
    Any,
    /// A text.
    Text,
    /// One of these texts.
    Word(&'static [&'static str]),
    /// `true` or `false`.
    Flag,
    /// A number.
    Number,
    /// A whole number that is not negative.
    Count,
    /// An object.
    Object(&'static Object),
    /// An object or a reference to one.
    Reference(&'static Object),
    /// `true`, `false` or a value of this shape.
    FlagOr(&'static Shape),
    /// A list.
    List(&'static Shape, Order),
    /// A mapping whose keys are free.
    Map(&'static Shape),
    /// A mapping whose keys name components.
    Components(&'static Shape),
}

/// What the order of a list means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// The order means something.
    Significant,
    /// None; the items tell themselves apart.
    Free,
    /// None; these members tell the items apart.
    FreeBy(&'static [&'static str]),
}

impl Object {
    /// Returns the member with the fixed key `key`.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.key == key)
    }

    /// The shape of whatever stands under `key`.
    #[must_use]
    pub fn shape_of(&self, key: &str) -> Shape {
        if let Some(member) = self.member(key) {
            return member.shape;
        }
        match &self.others {
            _ if is_extension(key) => Shape::Any,
            Others::Unknown => Shape::Any,
            Others::Paths(shape) | Others::Statuses(shape) | Others::Any(shape) => *shape,
        }
    }
}

impl Shape {
    /// The kind of object that a value of this shape is, or refers to.
    #[must_use]
    pub fn object(self) -> Option<&'static Object> {
        match self {
            Shape::Object(object) | Shape::Reference(object) => Some(object),
            Shape::FlagOr(shape) => shape.object(),
            _ => None,
        }
    }

    /// The shape of the member or item under `key` of a value of this shape.
    #[must_use]
    pub fn step(self, key: &str) -> Shape {
        match self {
            Shape::Object(object) | Shape::Reference(object) => object.shape_of(key),
            Shape::FlagOr(shape) => shape.step(key),
            Shape::List(item, _) => *item,
            Shape::Map(member) | Shape::Components(member) => *member,
            _ => Shape::Any,
        }
    }
}

/// Returns whether members with this key are vendor extensions.
#[must_use]
pub fn is_extension(key: &str) -> bool {
    key.starts_with("x-")
}

/// The text of a `$ref`, if `value` is a reference where `shape` allows one.
#[must_use]
pub fn reference(value: &Value, shape: Shape) -> Option<&Value> {
    match shape {
        Shape::Reference(_) => value.get("$ref"),
        Shape::FlagOr(shape) => reference(value, *shape),
        _ => None,
    }
}
