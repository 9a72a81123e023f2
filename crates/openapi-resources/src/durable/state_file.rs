//! The path of a state file and the lock on it. Only the holder of the lock may replace a file, so that a file in use
//! keeps its name.

use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use redb::backends::FileBackend;
use redb::{Database, DatabaseError, StorageBackend};

use super::refusal::{OpenError, Refusal};

/// The name of a state file, and the file that has it, if there is one.
pub(super) struct StateFile {
    /// The name, with links followed.
    path: PathBuf,
    found: Option<Found>,
}

/// A file that was there before.
struct Found {
    file: LockedFile,
    permissions: Permissions,
}

/// A file that no other program is using. It stays open and locked until the last clone is dropped, however often the
/// database in it is opened.
#[derive(Debug, Clone)]
pub(super) struct LockedFile(Arc<dyn StorageBackend>);

impl StateFile {
    /// Finds the file of this name, and locks it.
    pub(super) fn find(refuse: Refusal<'_>) -> Result<Self, OpenError> {
        let path = match fs::canonicalize(refuse.0) {
            Ok(path) => path,
            Err(error) if error.kind() == io::ErrorKind::NotFound && !is_link(refuse.0) => {
                return Ok(Self { path: refuse.0.to_owned(), found: None });
            }
            Err(error) => return Err(refuse.io(&error)),
        };
        // Opening what is not a regular file might wait for ever.
        if !fs::metadata(&path).map_err(|error| refuse.io(&error))?.is_file() {
            return Err(refuse.irregular());
        }
        let file = OpenOptions::new().read(true).write(true).open(&path);
        let found = Found::lock(refuse, &path, file.map_err(|error| refuse.io(&error))?)?;
        Ok(Self { path, found: Some(found) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the permissions of the file that is there.
    pub(super) fn permissions(&self) -> Option<&Permissions> {
        self.found.as_ref().map(|found| &found.permissions)
    }

    /// Returns the file that is there.
    pub(super) fn file(&self) -> Option<&LockedFile> {
        self.found.as_ref().map(|found| &found.file)
    }

    /// Gives another file this name, in the place of the one that was found. If none was found, an empty one is made
    /// first: of two processes that found none only one can make it, and a third that finds it has to lock it.
    pub(super) fn take(&mut self, refuse: Refusal<'_>, draft: &Path) -> Result<(), OpenError> {
        if self.found.is_none() {
            let file = private().read(true).write(true).create_new(true).open(&self.path);
            let file = file.map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => refuse.in_use(),
                _ => refuse.io(&error),
            })?;
            self.found = Some(Found::lock(refuse, &self.path, file)?);
        }
        let moved = fs::rename(draft, &self.path).and_then(|()| sync_directory(&self.path));
        moved.map_err(|error| refuse.io(&error))
    }
}

impl Found {
    fn lock(refuse: Refusal<'_>, path: &Path, file: File) -> Result<Self, OpenError> {
        let permissions = file.metadata().map_err(|error| refuse.io(&error))?.permissions();
        Ok(Self { file: LockedFile::lock(refuse, path, file)?, permissions })
    }
}

impl LockedFile {
    /// Locks a file that was opened by this name.
    pub(super) fn lock(refuse: Refusal<'_>, path: &Path, file: File) -> Result<Self, OpenError> {
        let metadata = file.metadata().map_err(|error| refuse.io(&error))?;
        let backend = FileBackend::new(file).map_err(|error| refuse.database(error))?;
        match backend.try_lock_range(Bound::Unbounded, Bound::Unbounded) {
            Ok(false) => return Err(refuse.in_use()),
            // A file system without locks cannot tell.
            Ok(true) | Err(redb::BackendError::Unsupported) => {}
            Err(error) => return Err(refuse.io(&error.into())),
        }
        // Between opening and locking, somebody may have put another file there.
        let there = fs::metadata(path).map_err(|error| refuse.io(&error))?;
        if same(&metadata, &there) { Ok(Self(Arc::new(backend))) } else { Err(refuse.in_use()) }
    }

    /// Wraps a handle of a file.
    #[cfg(test)]
    pub(super) fn of_backend(backend: Arc<dyn StorageBackend>) -> Self {
        Self(backend)
    }

    /// Opens the database in the file, or makes one if the file is empty.
    pub(super) fn open(&self) -> Result<Database, DatabaseError> {
        Database::builder().create_with_backend(self.clone())
    }

    /// Reads the whole file.
    pub(super) fn bytes(&self) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(self.len()?).map_err(io::Error::other)?];
        self.read(0, &mut bytes)?;
        Ok(bytes)
    }
}

/// The lock is this program's for as long as the file is open, so the database takes none and gives none back.
impl StorageBackend for LockedFile {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }
}

/// Returns options to open a file that, if it is created, only its owner can read.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_symlink())
}

#[cfg(unix)]
fn same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

/// Returns `false`: on other systems, a file that is open cannot be replaced.
#[cfg(not(unix))]
fn same(_: &Metadata, _: &Metadata) -> bool {
    true
}

/// Makes a new name in a directory last.
#[cfg(unix)]
fn sync_directory(file: &Path) -> io::Result<()> {
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(directory)?.sync_all()
}

#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}
