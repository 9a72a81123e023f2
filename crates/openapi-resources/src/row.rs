//! Rows.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::OnceLock;

use serde_json::Value;

use crate::ids::ModelId;
pub use crate::ids::RowId;

/// The text between the values that come from elsewhere.
pub(crate) type Parts = Box<[Vec<u8>]>;

/// A row: values of one object. It never changes; a change makes another row of the same number.
#[derive(Debug)]
pub struct Row {
    pub(crate) id: RowId,
    pub(crate) model: ModelId,
    pub(crate) values: Box<[Value]>,
    /// For each view, the text between the values that come from elsewhere; made when it is first asked for.
    pub(crate) rendered: Box<[OnceLock<Parts>]>,
}

impl Row {
    pub(crate) fn new(id: RowId, model: ModelId, values: Box<[Value]>, slots: usize) -> Self {
        let rendered = (0..slots).map(|_| OnceLock::new()).collect();
        Self { id, model, values, rendered }
    }

    /// Returns its number: the higher it is, the later the row was made.
    #[must_use]
    pub fn id(&self) -> RowId {
        self.id
    }

    /// Returns the model that it was made for, which may be a model that others are bases of.
    #[must_use]
    pub fn model(&self) -> ModelId {
        self.model
    }

    /// Returns a text that tells its values from others that it may have had.
    #[must_use]
    pub fn version(&self) -> String {
        let mut hasher = DefaultHasher::new();
        self.id.hash(&mut hasher);
        self.values.iter().for_each(|value| value.hash(&mut hasher));
        format!("{:016x}", hasher.finish())
    }

    pub(crate) fn value(&self, column: usize) -> &Value {
        self.values.get(column).unwrap_or(&Value::Null)
    }
}
