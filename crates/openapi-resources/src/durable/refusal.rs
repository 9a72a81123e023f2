//! Reasons why a state file cannot be used, with advice. Other modules decide which of them applies.

use std::io;
use std::path::{Path, PathBuf};

use redb::DatabaseError;

use crate::journal::JournalError;

/// The reason why a state file cannot be used. The file was not touched.
#[derive(Debug, thiserror::Error)]
#[error("{}: {message}; {advice}", file.display())]
pub struct OpenError {
    file: PathBuf,
    message: String,
    advice: &'static str,
}

/// A file, by the name it was given, that may have to be refused.
#[derive(Debug, Clone, Copy)]
pub(super) struct Refusal<'a>(pub(super) &'a Path);

impl Refusal<'_> {
    fn error(self, message: impl Into<String>, advice: &'static str) -> OpenError {
        OpenError { file: self.0.to_owned(), message: message.into(), advice }
    }

    pub(super) fn io(self, error: &io::Error) -> OpenError {
        self.error(
            format!("the state file cannot be opened: {error}"),
            "name a file that can be read and written",
        )
    }

    pub(super) fn in_use(self) -> OpenError {
        self.error("the state file is in use by another process", "stop that process or name another file")
    }

    pub(super) fn irregular(self) -> OpenError {
        self.error("this is not a regular file", "name a file, or one that does not exist yet")
    }

    pub(super) fn foreign(self) -> OpenError {
        self.error(
            "this is not a state file, or its beginning is damaged",
            "name another file, or move this one away to start over; it was not changed",
        )
    }

    fn damaged(self, message: &str) -> OpenError {
        let advice = "restore it from a copy or start over; it was not changed";
        self.error(format!("the state file is damaged: {message}"), advice)
    }

    pub(super) fn journal(self, error: &JournalError) -> OpenError {
        match error {
            JournalError::Damaged(message) => self.damaged(message),
            error => self.error(
                format!("the state file cannot be read or written: {error}"),
                "free space on its disk or name another file",
            ),
        }
    }

    pub(super) fn database(self, error: DatabaseError) -> OpenError {
        match error {
            DatabaseError::DatabaseAlreadyOpen | DatabaseError::LockProtocolMismatch => self.in_use(),
            DatabaseError::Storage(redb::StorageError::Io(error))
                if error.kind() != io::ErrorKind::InvalidData =>
            {
                self.io(&error)
            }
            error => self.damaged(&error.to_string()),
        }
    }
}
