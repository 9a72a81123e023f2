//! The tables that answers are held against: which properties there are, and what kind of value stands where.
//!
//! They are made from the document; see `generated::shapes`.

use std::sync::OnceLock;

use regress::Regex;
use serde_json::{Value, json};

/// A kind of value.
pub(crate) enum Shape {
    /// A value that nothing can stand in for, and that is not looked into: a number, a key, a date.
    Opaque,
    /// `true` or `false`.
    Boolean,
    /// A text and its limits.
    Text {
        /// The most characters it has.
        longest: Option<usize>,
        /// What it matches.
        pattern: Option<fn() -> &'static Pattern>,
    },
    /// One of these texts.
    Choice(&'static [&'static str]),
    /// A list of such values.
    List(&'static Shape),
    /// An object with any properties.
    Map,
    /// An object with these properties.
    Object(&'static Object),
}

/// An object of the document.
pub(crate) struct Object {
    /// Its properties.
    pub(crate) properties: &'static [Property],
}

/// A property of an object.
pub(crate) struct Property {
    /// Its name.
    pub(crate) name: &'static str,
    /// Whether the object does not decode without it.
    pub(crate) required: bool,
    /// Whether every answer of the document's release has it.
    pub(crate) expected: bool,
    /// Whether it may be `null`.
    pub(crate) nullable: bool,
    /// Its values.
    pub(crate) shape: Shape,
}

/// A regular expression, compiled when it is first needed.
pub(crate) struct Pattern {
    text: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

impl Shape {
    /// The value that says nothing, if there is one.
    pub(crate) fn neutral(&self) -> Option<Value> {
        match self {
            Shape::Boolean => Some(json!(false)),
            Shape::Text { .. } | Shape::Choice(_) => Some(json!("")),
            Shape::List(_) => Some(json!([])),
            Shape::Map => Some(json!({})),
            Shape::Opaque | Shape::Object(_) => None,
        }
    }
}

impl Pattern {
    pub(crate) const fn new(text: &'static str) -> Self {
        Pattern { text, compiled: OnceLock::new() }
    }

    /// Whether `text` matches; everything does if the document's pattern is none that can be read.
    pub(crate) fn fits(&self, text: &str) -> bool {
        let compiled = self.compiled.get_or_init(|| Regex::new(self.text).ok());
        compiled.as_ref().is_none_or(|pattern| pattern.find(text).is_some())
    }
}
