//! What a store asks of whatever keeps its changes. A journal is told of a transaction before anyone can see it, so a
//! change that was acknowledged is a change that was kept; how it is kept is the journal's affair ([`crate::durable`]).

use crate::record::Record;

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
    /// A row that was added or replaced.
    ///
    /// # Errors
    /// If the row cannot be written as JSON.
    pub fn put<R: Record>(row: &R) -> Result<Self, StoreError> {
        let value = serde_json::to_vec(row).map_err(|error| StoreError::row(R::TABLE, &error))?;
        Ok(Self { table: R::TABLE, key: row.key().to_string(), value: Some(value) })
    }

    /// A row that was removed.
    #[must_use]
    pub fn remove<R: Record>(key: &R::Key) -> Self {
        Self { table: R::TABLE, key: key.to_string(), value: None }
    }
}

/// Keeps changes.
pub trait Journal: Send + Sync {
    /// Keeps the changes of one transaction: all of them or none. May block.
    ///
    /// # Errors
    /// If they cannot be kept; then the transaction does not happen.
    fn commit(&self, changes: &[Change]) -> Result<(), StoreError>;

    /// Forgets every row and keeps these instead: all or nothing. May block.
    ///
    /// # Errors
    /// If that cannot be done; then nothing is forgotten.
    fn replace(&self, rows: &[Change]) -> Result<(), StoreError>;
}

/// Why a change could not be kept, or kept rows could not be read.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The medium failed.
    #[error("the state cannot be read or written: {0}")]
    Medium(String),
    /// What was read makes no sense.
    #[error("the state is damaged: {0}")]
    Damaged(String),
    /// The server is shutting down.
    #[error("the server is shutting down")]
    Closed,
}

impl StoreError {
    pub(crate) fn row(table: &str, error: &serde_json::Error) -> Self {
        Self::Damaged(format!("a row of `{table}` is unreadable: {error}"))
    }
}
