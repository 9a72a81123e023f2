//! Rows of tables.

use std::fmt::Display;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A row that can be created, changed or removed.
pub trait Row: Serialize + DeserializeOwned + Clone + Send + Sync + 'static {
    /// The primary key.
    type Key: Ord + Clone + Display + Send + Sync + 'static;

    /// Returns the primary key of this row.
    fn key(&self) -> Self::Key;
}
