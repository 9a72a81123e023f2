//! Opening a state file. A file that is in use, is no state file or is damaged is left exactly as it is: it is first
//! opened as a copy in memory, checked there completely, and only then opened in earnest. A new file appears under its
//! name only when it is complete.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::ops::Bound;
use std::path::{Path, PathBuf};

use redb::backends::{FileBackend, InMemoryBackend};
use redb::{Database, DatabaseError, StorageBackend};

use super::{Content, DurableJournal, fill, read};
use crate::fixture::Fixture;
use crate::journal::StoreError;
use crate::state::State;
use crate::store::Store;

/// The bytes every redb file begins with.
const MAGIC: &[u8] = b"redb\x1A\x0A\xA9\x0D\x0A";

/// A store over a state file.
pub struct Kept {
    /// The store.
    pub store: Store,
    /// The fixture the file was filled from, which a reset goes back to.
    pub fixture: Fixture,
    /// Whether the file was there before, with rows that are now in the store.
    pub found: bool,
}

/// Why a state file cannot be used. The file was not touched.
#[derive(Debug, thiserror::Error)]
#[error("{}: {message}; {advice}", file.display())]
pub struct OpenError {
    file: PathBuf,
    message: String,
    advice: &'static str,
}

/// Opens a state file, or makes one from a fixture: if there is none, if it is empty, or, with `start_over`, in any case.
///
/// # Errors
/// If the file cannot be read or written, is in use, is damaged, or is something else than a state file.
pub fn open(path: &Path, fixture: &Fixture, start_over: bool) -> Result<Kept, OpenError> {
    let refuse = Refusal(path);
    let content = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(refuse.io(&error)),
        Ok(metadata) if metadata.len() == 0 => None,
        Ok(_) => {
            let bytes = refuse.bytes()?;
            if start_over { None } else { Some(refuse.check(&bytes)?) }
        }
    };
    let found = content.is_some();
    if !found {
        refuse.create(fixture)?;
    }
    let database = Database::open(path).map_err(|error| refuse.database(error))?;
    let content = read(&database).map_err(|error| refuse.store(&error))?.ok_or_else(|| refuse.foreign())?;
    let initial = State::of(&content.fixture);
    let store = Store::durable(content.state, initial, Box::new(DurableJournal { database }));
    Ok(Kept { store, fixture: content.fixture, found })
}

/// A file that may have to be refused.
#[derive(Clone, Copy)]
struct Refusal<'a>(&'a Path);

impl Refusal<'_> {
    /// The bytes of a database nobody is using.
    fn bytes(self) -> Result<Vec<u8>, OpenError> {
        let file = OpenOptions::new().read(true).write(true).open(self.0).map_err(|error| self.io(&error))?;
        let backend = FileBackend::new(file).map_err(|error| self.database(error))?;
        match backend.try_lock_range(Bound::Unbounded, Bound::Unbounded) {
            Ok(false) => return Err(self.in_use()),
            // A file system without locks cannot tell.
            Ok(true) | Err(redb::BackendError::Unsupported) => {}
            Err(error) => return Err(self.io(&error.into())),
        }
        let length = backend.len().map_err(|error| self.io(&error))?;
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(usize::MAX)];
        backend.read(0, &mut bytes).map_err(|error| self.io(&error))?;
        if bytes.starts_with(MAGIC) { Ok(bytes) } else { Err(self.foreign()) }
    }

    /// Reads a copy of a database, after checking every page of it.
    fn check(self, bytes: &[u8]) -> Result<Content, OpenError> {
        let copy = InMemoryBackend::new();
        let filled = copy.set_len(bytes.len() as u64).and_then(|()| copy.write(0, bytes));
        filled.map_err(|error| self.io(&error))?;
        let opened = Database::builder().set_check_integrity_on_open(true).create_with_backend(copy);
        let database = opened.map_err(|error| self.database(error))?;
        read(&database).map_err(|error| self.store(&error))?.ok_or_else(|| self.foreign())
    }

    /// Makes a new file beside the old one, then puts it in its place.
    fn create(self, fixture: &Fixture) -> Result<(), OpenError> {
        let name = self.0.file_name().ok_or_else(|| self.io(&io::ErrorKind::InvalidFilename.into()))?;
        let draft = self.0.with_file_name(format!(".{}.{}", name.to_string_lossy(), std::process::id()));
        let written = self.write(&draft, fixture);
        if written.is_err() {
            // The draft is of no use to anyone; that it could not be written is what matters.
            let _ = fs::remove_file(&draft);
        }
        written
    }

    fn write(self, draft: &Path, fixture: &Fixture) -> Result<(), OpenError> {
        let database = Database::create(draft).map_err(|error| self.database(error))?;
        fill(&database, fixture).map_err(|error| self.store(&error))?;
        drop(database);
        fs::rename(draft, self.0).map_err(|error| self.io(&error))?;
        let directory =
            self.0.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(directory).and_then(|directory| directory.sync_all()).map_err(|error| self.io(&error))
    }

    fn error(self, message: impl Into<String>, advice: &'static str) -> OpenError {
        OpenError { file: self.0.to_owned(), message: message.into(), advice }
    }

    fn io(self, error: &io::Error) -> OpenError {
        self.error(
            format!("the state file cannot be opened: {error}"),
            "name a file that can be read and written",
        )
    }

    fn in_use(self) -> OpenError {
        self.error("the state file is in use by another process", "stop that process or name another file")
    }

    fn foreign(self) -> OpenError {
        self.error("this is not a state file", "name another file; this one was left as it is")
    }

    fn damaged(self, message: &str) -> OpenError {
        let advice = "restore it from a copy or start over; it was left as it is";
        self.error(format!("the state file is damaged: {message}"), advice)
    }

    fn store(self, error: &StoreError) -> OpenError {
        match error {
            StoreError::Damaged(message) | StoreError::Medium(message) => self.damaged(message),
            StoreError::Closed => self.damaged("it was closed"),
        }
    }

    fn database(self, error: DatabaseError) -> OpenError {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::PlexSource;

    fn sample() -> Fixture {
        Fixture::sample().unwrap()
    }

    fn refused(path: &Path) -> String {
        let before = fs::read(path).ok();
        let error = open(path, &sample(), false).err().expect("the file is refused").to_string();
        assert_eq!(fs::read(path).ok(), before, "the file was touched");
        assert!(error.starts_with(&format!("{}: ", path.display())), "{error}");
        error
    }

    async fn remove_one(store: &Store) -> uuid::Uuid {
        let key = store.read().plex_sources.iter().next().unwrap().pk;
        let removed: Result<bool, StoreError> =
            store.write(move |tx| Ok(tx.remove::<PlexSource>(&key))).await;
        assert!(removed.unwrap());
        key
    }

    #[tokio::test]
    async fn changes_are_still_there_when_the_file_is_opened_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state");
        let kept = open(&path, &sample(), false).unwrap();
        assert!(!kept.found && kept.store.read().plex_sources.len() == sample().plex_sources.len());
        let key = remove_one(&kept.store).await;
        drop(kept);
        let other = Fixture { plex_sources: Vec::new(), ..sample() };
        let kept = open(&path, &other, false).unwrap();
        assert!(kept.found && kept.fixture == sample());
        assert!(kept.store.read().plex_sources.get(&key).is_none());
        kept.store.reset().await.unwrap();
        assert!(kept.store.read().plex_sources.get(&key).is_some());
        drop(kept);
        assert!(open(&path, &other, false).unwrap().store.read().plex_sources.get(&key).is_some());
        let files: Vec<_> =
            fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(files, ["state"]);
    }

    #[tokio::test]
    async fn starting_over_forgets_everything() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state");
        let key = remove_one(&open(&path, &sample(), false).unwrap().store).await;
        let kept = open(&path, &sample(), true).unwrap();
        assert!(!kept.found && kept.store.read().plex_sources.get(&key).is_some());
    }

    #[test]
    fn an_empty_file_is_filled() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(!open(file.path(), &sample(), false).unwrap().found);
    }

    #[test]
    fn a_file_in_use_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state");
        let kept = open(&path, &sample(), false).unwrap();
        assert!(refused(&path).contains("in use"));
        assert!(open(&path, &sample(), true).err().unwrap().to_string().contains("in use"));
        drop(kept);
        assert!(open(&path, &sample(), false).is_ok());
    }

    #[test]
    fn a_foreign_file_is_refused_even_when_starting_over() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("letter.txt");
        fs::write(&path, "Dear reader").unwrap();
        assert!(refused(&path).contains("not a state file"));
        assert!(open(&path, &sample(), true).is_err());
        assert_eq!(fs::read(&path).unwrap(), b"Dear reader");
        let database = directory.path().join("other.redb");
        drop(Database::create(&database).unwrap());
        assert!(refused(&database).contains("not a state file"));
    }

    #[test]
    fn a_directory_or_an_unreachable_file_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        assert!(refused(directory.path()).contains("cannot be opened"));
        assert!(refused(&directory.path().join("no/such/state")).contains("cannot be opened"));
    }

    #[test]
    fn a_damaged_file_is_refused_or_harmless() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state");
        drop(open(&path, &sample(), false).unwrap());
        let good = fs::read(&path).unwrap();
        fs::write(&path, &good[..good.len() / 3]).unwrap();
        assert!(refused(&path).contains("damaged"));
        let mut refusals = 0;
        for position in (64..good.len()).step_by(good.len() / 97) {
            let mut bytes = good.clone();
            bytes[position..].iter_mut().take(24).for_each(|byte| *byte ^= 0xA5);
            fs::write(&path, &bytes).unwrap();
            // Damage to a page that holds nothing harms nothing; any other is noticed before the file is touched.
            match open(&path, &sample(), false) {
                Ok(kept) => assert_eq!(kept.store.read().plex_sources.len(), sample().plex_sources.len()),
                Err(error) => {
                    refusals += 1;
                    assert!(error.to_string().contains("damaged"), "{error}");
                    assert_eq!(fs::read(&path).unwrap(), bytes, "the file was touched");
                }
            }
        }
        assert!(refusals > 0);
    }
}
