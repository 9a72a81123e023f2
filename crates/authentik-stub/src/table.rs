//! A table of rows in the order of their primary keys. Copying a table copies nothing; changing a copy copies the index,
//! never the rows. That is what makes a snapshot of the whole state cheap.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::row::Row;

/// The rows of one type.
#[derive(Debug)]
pub struct Table<R: Row> {
    rows: Arc<BTreeMap<R::Key, Arc<R>>>,
}

impl<R: Row> Table<R> {
    /// Returns the rows, by primary key.
    pub fn iter(&self) -> impl Iterator<Item = &R> {
        self.rows.values().map(AsRef::as_ref)
    }

    /// Returns the row with this primary key.
    #[must_use]
    pub fn get(&self, key: &R::Key) -> Option<&R> {
        self.rows.get(key).map(AsRef::as_ref)
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Adds a row or replaces the one with the same primary key.
    pub fn put(&mut self, row: R) {
        Arc::make_mut(&mut self.rows).insert(row.key(), Arc::new(row));
    }

    /// Removes a row; `false` if there was none.
    pub fn remove(&mut self, key: &R::Key) -> bool {
        self.rows.contains_key(key) && Arc::make_mut(&mut self.rows).remove(key).is_some()
    }
}

// Derived, these would demand that rows can be cloned.
impl<R: Row> Clone for Table<R> {
    fn clone(&self) -> Self {
        Self { rows: Arc::clone(&self.rows) }
    }
}

impl<R: Row> Default for Table<R> {
    fn default() -> Self {
        Self { rows: Arc::default() }
    }
}

impl<R: Row> FromIterator<R> for Table<R> {
    fn from_iter<I: IntoIterator<Item = R>>(rows: I) -> Self {
        Self { rows: Arc::new(rows.into_iter().map(|row| (row.key(), Arc::new(row))).collect()) }
    }
}
