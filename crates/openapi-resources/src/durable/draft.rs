//! A state file in the making: complete, locked and on the disk, but beside its place and under a name of its own. It
//! gets its real name when it is published, and goes away if it never is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::refusal::{OpenError, Refusal};
use super::state_file::{LockedFile, StateFile, private};
use super::{Content, transact, write_all};

/// A draft, and the name it is for.
pub(super) struct Draft {
    given: PathBuf,
    target: StateFile,
    scratch: Scratch,
}

/// A file that is removed in the end, if it still has its name.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // A draft is of no use to anyone, and a published one is no longer here.
        let _ = fs::remove_file(&self.0);
    }
}

impl Draft {
    /// Writes a draft. It is locked, and stays so when it is published.
    pub(super) fn write(
        refuse: Refusal<'_>,
        target: StateFile,
        content: &Content,
    ) -> Result<(Self, LockedFile), OpenError> {
        let path = beside(target.path()).ok_or_else(|| refuse.io(&io::ErrorKind::InvalidFilename.into()))?;
        let opened = private().read(true).write(true).create_new(true).open(&path);
        let opened = opened.map_err(|error| refuse.io(&error))?;
        let scratch = Scratch(path);
        if let Some(permissions) = target.permissions() {
            opened.set_permissions(permissions.clone()).map_err(|error| refuse.io(&error))?;
        }
        let file = LockedFile::lock(refuse, &scratch.0, opened)?;
        let database = file.open().map_err(|error| refuse.database(error))?;
        transact(&database, |transaction| write_all(transaction, &content.origin, &content.entries))
            .map_err(|error| refuse.journal(&error))?;
        Ok((Self { given: refuse.0.to_owned(), target, scratch }, file))
    }

    /// Gives the draft its name.
    pub(super) fn publish(mut self) -> Result<(), OpenError> {
        self.target.take(Refusal(&self.given), &self.scratch.0)
    }
}

/// Returns a hidden and unused name in the same directory.
fn beside(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_string_lossy();
    Some(path.with_file_name(format!(".{name}.{:016x}", rand::random::<u64>())))
}
