//! The interface between a store and the journal that keeps its changes. A journal receives a transaction before anyone
//! can see it, so every acknowledged change was kept. [`crate::durable`] is the journal on disk.

use std::path::PathBuf;

use crate::row::Row;

/// One row that was added, replaced or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The table.
    pub table: &'static str,
    /// The primary key, as text.
    pub key: String,
    /// The row as JSON; `None` if it was removed.
    pub value: Option<Vec<u8>>,
}

impl Change {
    /// Returns a row of `table` that was added or replaced.
    ///
    /// # Errors
    /// If the row cannot be written as JSON.
    pub fn put<R: Row>(table: &'static str, row: &R) -> Result<Self, StoreError> {
        let value = serde_json::to_vec(row).map_err(|error| StoreError::row(table, &error))?;
        Ok(Self { table, key: row.key().to_string(), value: Some(value) })
    }

    /// Returns a row of `table` that was removed.
    #[must_use]
    pub fn remove<R: Row>(table: &'static str, key: &R::Key) -> Self {
        Self { table, key: key.to_string(), value: None }
    }
}

/// Keeps changes. After a transaction has failed, the content of the journal is unknown; [`Journal::recover`] has to
/// succeed before the next one.
pub trait Journal: Send {
    /// Keeps the changes of one transaction: all of them or none. May block.
    ///
    /// # Errors
    /// If they cannot be kept; then the transaction does not happen.
    fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError>;

    /// Forgets every row and keeps these instead: all or nothing. May block.
    ///
    /// # Errors
    /// If that cannot be done; then nothing is forgotten.
    fn replace(&mut self, rows: &[Change]) -> Result<(), StoreError>;

    /// Opens the medium again after a failure and makes it hold exactly these rows, those that were acknowledged. May
    /// block.
    ///
    /// # Errors
    /// If the medium still fails.
    fn recover(&mut self, rows: &[Change]) -> Result<(), StoreError>;

    /// Checks that a transaction of this many bytes would be kept. May block.
    ///
    /// # Errors
    /// If it would not.
    fn probe(&mut self, bytes: usize) -> Result<(), StoreError>;
}

/// The reason why a change could not be kept, or kept rows could not be read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The medium failed.
    #[error("{0}")]
    Medium(String),
    /// The rows that were read are damaged.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// The state file did not take a change, which was not made.
    #[error("the state file {} cannot be written: {cause}", file.display())]
    Unwritable {
        /// The file, as it was named at the start.
        file: PathBuf,
        /// The message of the operating system or the database.
        cause: String,
    },
    /// The server is shutting down.
    #[error("the server is shutting down")]
    Closed,
}

impl StoreError {
    pub(crate) fn row(table: &str, error: &serde_json::Error) -> Self {
        Self::Damaged(format!("a row of `{table}` is unreadable: {error}"))
    }
}
