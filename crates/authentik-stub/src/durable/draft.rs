//! A state file in the making: complete, locked and on the disk, but beside its place and under a name of its own. It
//! gets its real name when it is published, and goes away if it never is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use redb::Database;
use redb::backends::FileBackend;

use super::fill;
use super::place::{Place, private};
use super::refusal::{OpenError, Refusal};
use crate::fixture::Fixture;

/// A draft, and the place it is for.
pub(super) struct Draft {
    given: PathBuf,
    place: Place,
    file: Scratch,
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
    /// Writes a draft. The database is open and keeps its lock when the draft is published.
    pub(super) fn write(
        refuse: Refusal<'_>,
        place: Place,
        fixture: &Fixture,
    ) -> Result<(Self, Database), OpenError> {
        let path = beside(place.path()).ok_or_else(|| refuse.io(&io::ErrorKind::InvalidFilename.into()))?;
        let opened = private().read(true).write(true).create_new(true).open(&path);
        let opened = opened.map_err(|error| refuse.io(&error))?;
        let file = Scratch(path);
        if let Some(permissions) = place.permissions() {
            opened.set_permissions(permissions.clone()).map_err(|error| refuse.io(&error))?;
        }
        let database = FileBackend::new(opened)
            .and_then(|backend| Database::builder().create_with_backend(backend))
            .map_err(|error| refuse.database(error))?;
        fill(&database, fixture).map_err(|error| refuse.store(&error))?;
        Ok((Self { given: refuse.0.to_owned(), place, file }, database))
    }

    /// Gives the draft its name.
    pub(super) fn publish(mut self) -> Result<(), OpenError> {
        self.place.take(Refusal(&self.given), &self.file.0)
    }
}

/// A hidden name in the same directory that nobody else uses.
fn beside(path: &Path) -> Option<PathBuf> {
    let name = path.file_name()?.to_string_lossy();
    Some(path.with_file_name(format!(".{name}.{:016x}", rand::random::<u64>())))
}
