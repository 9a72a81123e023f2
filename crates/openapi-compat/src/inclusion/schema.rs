//! A schema of a document, wherever it stands.

use openapi_document::samples::{self, Direction};
use serde_json::Value;

/// A schema, and the document whose components it refers to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schema<'a> {
    pub(crate) root: &'a Value,
    pub(crate) value: &'a Value,
    /// `true` if it admits what the schema there does not.
    pub(crate) is_negated: bool,
}

impl<'a> Schema<'a> {
    pub(crate) fn new(root: &'a Value, value: &'a Value) -> Self {
        Schema { root, value, is_negated: false }
    }

    /// Returns the schema that references lead to.
    pub(super) fn resolved(self) -> Self {
        Schema { value: openapi_document::pointer::resolve(self.root, self.value), ..self }
    }

    pub(super) fn of(self, value: &'a Value) -> Self {
        Schema { value, is_negated: false, ..self }
    }

    /// Returns the schema that admits what this one does not.
    pub(super) fn opposite(self) -> Self {
        Schema { is_negated: !self.is_negated, ..self }
    }

    pub(super) fn fits(self, value: &Value, direction: Direction) -> bool {
        samples::fits(self.root, self.value, value, direction) != self.is_negated
    }

    /// Returns `true` if the document of the schema is of version 3.0.
    pub(super) fn is_of_3_0(self) -> bool {
        self.root.get("openapi").and_then(Value::as_str).is_some_and(|version| version.starts_with("3.0"))
    }

    /// Returns what tells schemas apart while both documents are in memory.
    pub(super) fn id(self) -> usize {
        // Values lie at even addresses.
        std::ptr::from_ref(self.value) as usize + usize::from(self.is_negated)
    }
}

/// Schemas that all hold for one value; none at all admits anything.
pub(super) type All<'a> = Vec<Schema<'a>>;

/// Returns a schema that admits nothing.
pub(super) fn never() -> Schema<'static> {
    static NEVER: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| serde_json::json!({"not": {}}));
    Schema::new(&NEVER, &NEVER)
}
