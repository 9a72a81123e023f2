//! Where a state file is or will be, and the lock on what is there. Only who holds the lock on a file may put another in
//! its place, so that a file somebody works with keeps its name.

use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use redb::StorageBackend;
use redb::backends::FileBackend;

use super::refusal::{OpenError, Refusal};

/// A place for a state file, and the file that is there, if there is one.
pub(super) struct Place {
    /// The name, with links followed.
    path: PathBuf,
    file: Option<Locked>,
}

/// A file nobody else is using.
struct Locked {
    backend: FileBackend,
    permissions: Permissions,
}

impl Place {
    /// Looks what is at a place, and locks it.
    pub(super) fn find(refuse: Refusal<'_>) -> Result<Self, OpenError> {
        let path = match fs::canonicalize(refuse.0) {
            Ok(path) => path,
            Err(error) if error.kind() == io::ErrorKind::NotFound && !is_link(refuse.0) => {
                return Ok(Self { path: refuse.0.to_owned(), file: None });
            }
            Err(error) => return Err(refuse.io(&error)),
        };
        // Opening what is not a regular file might wait for ever.
        if !fs::metadata(&path).map_err(|error| refuse.io(&error))?.is_file() {
            return Err(refuse.irregular());
        }
        let file = OpenOptions::new().read(true).write(true).open(&path);
        let file = Locked::of(refuse, &path, file.map_err(|error| refuse.io(&error))?)?;
        Ok(Self { path, file: Some(file) })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The permissions of the file that is there.
    pub(super) fn permissions(&self) -> Option<&Permissions> {
        self.file.as_ref().map(|file| &file.permissions)
    }

    /// What is there.
    pub(super) fn bytes(&self) -> io::Result<Vec<u8>> {
        let Some(Locked { backend, .. }) = &self.file else {
            return Ok(Vec::new());
        };
        let mut bytes = vec![0; usize::try_from(backend.len()?).map_err(io::Error::other)?];
        backend.read(0, &mut bytes)?;
        Ok(bytes)
    }

    /// Lets others lock the file.
    pub(super) fn release(self) -> PathBuf {
        self.path
    }

    /// Puts a file here, in the place of the one that was found. If none was found, an empty one is made first: of two
    /// processes that found none only one can make it, and a third that finds it has to lock it.
    pub(super) fn take(&mut self, refuse: Refusal<'_>, draft: &Path) -> Result<(), OpenError> {
        if self.file.is_none() {
            let file = private().read(true).write(true).create_new(true).open(&self.path);
            let file = file.map_err(|error| match error.kind() {
                io::ErrorKind::AlreadyExists => refuse.in_use(),
                _ => refuse.io(&error),
            })?;
            self.file = Some(Locked::of(refuse, &self.path, file)?);
        }
        let moved = fs::rename(draft, &self.path).and_then(|()| sync_directory(&self.path));
        moved.map_err(|error| refuse.io(&error))
    }
}

impl Locked {
    fn of(refuse: Refusal<'_>, path: &Path, file: File) -> Result<Self, OpenError> {
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
        if same(&metadata, &there) {
            Ok(Self { backend, permissions: metadata.permissions() })
        } else {
            Err(refuse.in_use())
        }
    }
}

/// How to open a file that, if it is made, is nobody else's business.
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

/// Elsewhere a file that is open cannot be replaced.
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
