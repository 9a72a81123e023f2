//! The interface between a store and the journal that keeps its changes. A journal receives transactions before anyone
//! can see them, so every acknowledged change was kept. [`crate::durable`] is the journal on disk.

use std::path::PathBuf;

/// One entry that was added, replaced or removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The key of the entry.
    pub key: String,
    /// Its value; `None` if it was removed.
    pub value: Option<Vec<u8>>,
}

/// Keeps changes. After a transaction has failed, the content of the journal is unknown; [`Journal::recover`] has to
/// succeed before the next one.
pub trait Journal: Send {
    /// Keeps changes in their order: all of them or none. May block.
    ///
    /// # Errors
    /// If they cannot be kept; then they do not happen.
    fn commit(&mut self, changes: &[Change]) -> Result<(), JournalError>;

    /// Forgets every entry and keeps these instead: all or nothing. May block.
    ///
    /// # Errors
    /// If that cannot be done; then nothing is forgotten.
    fn replace(&mut self, entries: &[Change]) -> Result<(), JournalError>;

    /// Opens the medium again after a failure and makes it hold exactly these entries, those that were acknowledged. May
    /// block.
    ///
    /// # Errors
    /// If the medium still fails.
    fn recover(&mut self, entries: &[Change]) -> Result<(), JournalError>;

    /// Checks that a transaction of this many bytes would be kept. May block.
    ///
    /// # Errors
    /// If it would not.
    fn probe(&mut self, bytes: usize) -> Result<(), JournalError>;
}

/// The reason why a change could not be kept, or what was kept could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum JournalError {
    /// The medium failed.
    #[error("{0}")]
    Medium(String),
    /// The entries that were read are damaged.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// Another store has [taken over](crate::store::Store::hand_over) the rows.
    #[error("another store has taken over the rows")]
    HandedOver,
    /// The state file did not take a change, which was not made.
    #[error("the state file {} cannot be written: {cause}", file.display())]
    Unwritable {
        /// The file, as it was named at the start.
        file: PathBuf,
        /// The message of the operating system or the database.
        cause: String,
    },
}

impl JournalError {
    /// Returns the message to somebody whose change was not kept.
    #[must_use]
    pub fn advice(&self) -> String {
        if *self == Self::HandedOver {
            return "Nothing was changed: the document was replaced meanwhile. Send the request again."
                .to_owned();
        }
        format!(
            "Nothing was changed: {self}. Reads still work. Remove the cause and send the request again; the file is then \
             opened again."
        )
    }
}

/// A journal that keeps nothing, for a reason.
#[derive(Debug)]
pub struct Unavailable(pub JournalError);

impl Journal for Unavailable {
    fn commit(&mut self, _: &[Change]) -> Result<(), JournalError> {
        Err(self.0.clone())
    }

    fn replace(&mut self, _: &[Change]) -> Result<(), JournalError> {
        Err(self.0.clone())
    }

    fn recover(&mut self, _: &[Change]) -> Result<(), JournalError> {
        Err(self.0.clone())
    }

    fn probe(&mut self, _: usize) -> Result<(), JournalError> {
        Err(self.0.clone())
    }
}
