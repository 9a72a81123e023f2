//! Enumerations that a document writes out more than once.

use std::collections::{BTreeSet, HashMap};

use openapi_document::model::{Model, Schema, SchemaId};

/// The components that are enumerations of texts, by their values.
pub(crate) struct Enumerations<'a>(HashMap<BTreeSet<&'a str>, Option<SchemaId>>);

impl<'a> Enumerations<'a> {
    /// Finds the enumerations of `model`; those that share their values are told apart by nothing.
    pub(crate) fn of(model: &Model<'a>) -> Self {
        let mut found = HashMap::new();
        for (_, schema) in model.schemas.components() {
            if let Some(values) = values(schema) {
                found.entry(values).and_modify(|found| *found = None).or_insert(Some(schema.id));
            }
        }
        Self(found)
    }

    /// Returns the component whose values are those of the enumeration `schema`, in any order.
    ///
    /// Without it, every parameter of every operation would have a type of its own, and a value read from an answer would
    /// not be of the type that the filter for it takes.
    pub(crate) fn component(&self, schema: &Schema<'a>) -> Option<SchemaId> {
        self.0.get(&values(schema)?).copied().flatten()
    }
}

/// Returns the values of an enumeration of texts.
fn values<'a>(schema: &Schema<'a>) -> Option<BTreeSet<&'a str>> {
    schema.values?.iter().map(serde_json::Value::as_str).collect()
}
