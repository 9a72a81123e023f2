//! The objects of OpenAPI: the members of each, with their versions and shapes, and which of them are required.
//!
//! The checks, the search for references and the comparison of documents use it, as it distinguishes a schema from an
//! example that looks like one. It describes shapes only; rules between objects are checked elsewhere.

mod extensions;
mod objects;

use serde_json::Value;

use crate::version::Version;

pub use extensions::{BY_PATH, BY_TAG, SERVICE_TRAITS};
pub use objects::{
    DISCRIMINATOR, DOCUMENT, HEADER, MEDIA_TYPE, OPERATION, PARAMETER, PATH_ITEM, REQUEST_BODY, RESPONSE,
    SCHEMA, SECURITY_SCHEME,
};

/// A kind of object, such as "operation".
#[derive(Debug)]
pub struct Object {
    /// The name in the specification, in lower case.
    pub name: &'static str,
    /// The members with fixed keys, in the order of the specification.
    pub members: &'static [Member],
    /// The meaning of members with other keys.
    pub others: Others,
    /// `true` if a reference to such an object only saves repeating it; the other objects are known by their names.
    pub inlined: bool,
}

/// A member with a fixed key.
#[derive(Debug)]
pub struct Member {
    /// The key.
    pub key: &'static str,
    /// The shape of the value.
    pub shape: Shape,
    /// `true` if an object without it is rejected.
    pub required: bool,
    /// The value that means the same as leaving the member out.
    pub blank: Option<Blank>,
    /// The first version that has it.
    pub since: Version,
    /// The last version that has it.
    pub until: Version,
}

/// The meaning of members with other keys, besides extensions (`x-`), which may be anything.
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
    /// Methods in capitals, which are additional operations.
    Methods(Shape),
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
    /// One of these texts; from 3.1 on also `null`, or a list of them.
    Types(&'static [&'static str]),
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

/// The meaning of the order of a list.
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
    /// Returns the member with the fixed key `key`, as the newest version has it.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&'static Member> {
        self.member_in(key, Version::NEWEST)
    }

    /// Returns the member with the fixed key `key`, as `version` has it.
    #[must_use]
    pub fn member_in(&self, key: &str, version: Version) -> Option<&'static Member> {
        self.members.iter().find(|member| member.key == key && member.is_in(version))
    }

    /// Returns the shape of the value under `key`.
    #[must_use]
    pub fn shape_of(&self, key: &str) -> Shape {
        self.shape_in(key, Version::NEWEST)
    }

    fn shape_in(&self, key: &str, version: Version) -> Shape {
        if let Some(member) = self.member_in(key, version) {
            return member.shape;
        }
        match &self.others {
            Others::Methods(shape) if is_method_in_capitals(key) => *shape,
            Others::Unknown | Others::Methods(_) => Shape::Any,
            _ if is_extension(key) => Shape::Any,
            Others::Paths(shape) | Others::Statuses(shape) | Others::Any(shape) => *shape,
        }
    }
}

impl Member {
    /// Returns `true` if `version` has it.
    #[must_use]
    pub fn is_in(&self, version: Version) -> bool {
        self.since <= version && version <= self.until
    }
}

/// Returns `true` if `key` is a method in capitals, such as `COPY`.
#[must_use]
pub fn is_method_in_capitals(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'-' | b'_'))
}

impl Shape {
    /// Returns the kind of object that a value of this shape is, or refers to.
    #[must_use]
    pub fn object(self) -> Option<&'static Object> {
        match self {
            Shape::Object(object) | Shape::Reference(object) => Some(object),
            Shape::FlagOr(shape) => shape.object(),
            _ => None,
        }
    }

    /// Returns the shape of the member or item under `key` of a value of this shape.
    #[must_use]
    pub fn step(self, key: &str) -> Shape {
        self.step_in(key, Version::NEWEST)
    }

    /// Returns the shape of the member or item under `key` of a value of this shape, in `version`.
    #[must_use]
    pub fn step_in(self, key: &str, version: Version) -> Shape {
        match self {
            Shape::Object(object) | Shape::Reference(object) => object.shape_in(key, version),
            Shape::FlagOr(shape) => shape.step_in(key, version),
            Shape::List(item, _) => *item,
            Shape::Map(member) | Shape::Components(member) => *member,
            _ => Shape::Any,
        }
    }
}

/// Keywords of a schema that say nothing about which values there are.
pub const ANNOTATIONS: [&str; 9] = [
    "title",
    "description",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
];

/// Returns `true` if members with this key are vendor extensions.
#[must_use]
pub fn is_extension(key: &str) -> bool {
    key.starts_with("x-")
}

/// Returns the text of a `$ref`, if `value` is a reference where `shape` allows one.
#[must_use]
pub fn reference(value: &Value, shape: Shape) -> Option<&Value> {
    match shape {
        Shape::Reference(_) => value.get("$ref"),
        Shape::FlagOr(shape) => reference(value, *shape),
        _ => None,
    }
}
