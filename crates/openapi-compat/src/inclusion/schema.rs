//! A schema of a document, wherever it stands.

use serde_json::Value;

/// A schema, and the document whose components it refers to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Schema<'a> {
    pub(crate) root: &'a Value,
    pub(crate) value: &'a Value,
}

impl<'a> Schema<'a> {
    /// Returns the schema that references lead to.
    pub(super) fn resolved(self) -> Self {
        Schema { value: openapi_document::pointer::resolve(self.root, self.value), ..self }
    }

    pub(super) fn of(self, value: &'a Value) -> Self {
        Schema { value, ..self }
    }

    /// Returns `true` if the document of the schema is of version 3.0.
    pub(super) fn is_of_3_0(self) -> bool {
        self.root.get("openapi").and_then(Value::as_str).is_some_and(|version| version.starts_with("3.0"))
    }

    /// Returns what tells schemas apart while both documents are in memory.
    pub(super) fn id(self) -> usize {
        std::ptr::from_ref(self.value) as usize
    }
}

/// Schemas that all hold for one value; none at all admits anything.
pub(super) type All<'a> = Vec<Schema<'a>>;

/// Returns a schema that admits nothing.
pub(super) fn never() -> Schema<'static> {
    static NEVER: std::sync::LazyLock<Value> = std::sync::LazyLock::new(|| serde_json::json!({"not": {}}));
    Schema { root: &NEVER, value: &NEVER }
}
