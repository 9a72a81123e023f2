//! Rows.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::{Arc, OnceLock};

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
    /// The values, which rows share: a change copies none that it leaves.
    pub(crate) values: Box<[Arc<Value>]>,
    /// The number of views that may show it.
    slots: usize,
    /// For each view, the text between the values that come from elsewhere; each made when it is first asked for.
    rendered: OnceLock<Box<[OnceLock<Parts>]>>,
}

impl Row {
    pub(crate) fn new(id: RowId, model: ModelId, values: Box<[Arc<Value>]>, slots: usize) -> Self {
        Self { id, model, values, slots, rendered: OnceLock::new() }
    }

    /// Returns the place for the text of a view; `None` if no text of this view is kept.
    pub(crate) fn rendered(&self, slot: usize) -> Option<&OnceLock<Parts>> {
        let empty = || (0..self.slots).map(|_| OnceLock::new()).collect();
        self.rendered.get_or_init(empty).get(slot)
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
        self.values.get(column).map_or(&Value::Null, |value| value)
    }
}
