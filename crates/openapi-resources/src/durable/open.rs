//! Opening a state file. A file that is in use, is no state file or is damaged is left exactly as it is: it is first
//! opened as a copy in memory, checked there completely ([`find`]), and only then opened in earnest ([`Found::open`]). New
//! content is a draft until it is published ([`Kept::publish`]); until then nothing is changed under the file's name.

use std::path::{Path, PathBuf};

use redb::backends::InMemoryBackend;
use redb::{Database, StorageBackend};

use super::draft::Draft;
use super::refusal::{OpenError, Refusal};
use super::state_file::{LockedFile, StateFile};
use super::{Content, DurableJournal, read};
use crate::journal::{Journal, JournalError};

/// The bytes every redb file begins with.
const MAGIC: &[u8] = b"redb\x1A\x0A\xA9\x0D\x0A";

/// The name of a state file, and its content if there is any to keep. Nothing is changed yet.
pub struct Found {
    path: PathBuf,
    target: StateFile,
    content: Option<Content>,
}

/// A state file that is open.
pub struct Kept {
    /// The journal that keeps changes in it.
    pub journal: Box<dyn Journal>,
    /// The content that is not published yet; none if the file existed before.
    draft: Option<Draft>,
}

/// Looks at the state file of this name, and locks it. Its content is read, unless it is to be forgotten.
///
/// # Errors
/// If the file cannot be read or written, is in use, is damaged, or is something else than a state file.
pub fn find(path: &Path, start_over: bool) -> Result<Found, OpenError> {
    let refuse = Refusal(path);
    let target = StateFile::find(refuse)?;
    let content = target.file().map(|file| content(refuse, file, start_over)).transpose()?.flatten();
    Ok(Found { path: path.to_owned(), target, content })
}

impl Found {
    /// Returns the content to go on with; none if there is no file, if it is empty, or if it is to be forgotten.
    #[must_use]
    pub fn content(&self) -> Option<&Content> {
        self.content.as_ref()
    }

    /// Returns the refusal of a file whose content cannot be used.
    #[must_use]
    pub fn refused(&self, error: &JournalError) -> OpenError {
        Refusal(&self.path).journal(error)
    }

    /// Opens the file, or fills a new one with this content, also in the place of one of a version before. That is not
    /// published yet, so that whatever else may fail can be tried first.
    ///
    /// # Errors
    /// If the file cannot be read or written.
    pub fn open(self, new: impl FnOnce() -> Content) -> Result<Kept, OpenError> {
        let refuse = Refusal(&self.path);
        let content = self.content.filter(|content| content.older.is_none());
        let (file, origin, draft) = if let (Some(content), Some(file)) = (content, self.target.file()) {
            (file.clone(), content.origin, None)
        } else {
            let new = new();
            let (draft, file) = Draft::write(refuse, self.target, &new)?;
            (file, new.origin, Some(draft))
        };
        let database = Some(file.open().map_err(|error| refuse.database(error))?);
        let journal = Box::new(DurableJournal { name: self.path.clone(), file, origin, database });
        Ok(Kept { journal, draft })
    }
}

impl Kept {
    /// Puts new content under the file's name, and returns the journal. A file that was found already is there.
    ///
    /// # Errors
    /// If another process has taken the name meanwhile, or the file cannot be written. The content is lost then.
    pub fn publish(self) -> Result<Box<dyn Journal>, OpenError> {
        self.draft.map_or(Ok(()), Draft::publish)?;
        Ok(self.journal)
    }
}

/// Returns the content of a file, if it has any to keep. A file that is not a database is never replaced, not even by
/// starting over.
fn content(refuse: Refusal<'_>, file: &LockedFile, start_over: bool) -> Result<Option<Content>, OpenError> {
    let bytes = file.bytes().map_err(|error| refuse.io(&error))?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if !bytes.starts_with(MAGIC) {
        return Err(refuse.foreign());
    }
    if start_over { Ok(None) } else { check(refuse, &bytes).map(Some) }
}

/// Reads a copy of a database, after checking every page of it.
fn check(refuse: Refusal<'_>, bytes: &[u8]) -> Result<Content, OpenError> {
    let copy = InMemoryBackend::new();
    let filled = copy.set_len(bytes.len() as u64).and_then(|()| copy.write(0, bytes));
    filled.map_err(|error| refuse.io(&error))?;
    let opened = Database::builder().set_check_integrity_on_open(true).create_with_backend(copy);
    let database = opened.map_err(|error| refuse.database(error))?;
    read(&database).map_err(|error| refuse.journal(&error))?.ok_or_else(|| refuse.foreign())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::{FIRST_LAYOUT, LAYOUT, ORIGIN, ROWS, medium, transact, write_about};
    use super::*;
    use crate::journal::Change;

    struct Opened {
        journal: Box<dyn Journal>,
        /// The content that was found or filled in.
        content: Content,
        found: bool,
    }

    /// Looks for a state file, and opens it.
    fn prepare(path: &Path, content: &Content, start_over: bool) -> Result<Kept, OpenError> {
        find(path, start_over)?.open(|| content.clone())
    }

    /// Opens a state file, and publishes it.
    fn open(path: &Path, content: &Content, start_over: bool) -> Result<Opened, OpenError> {
        let found = find(path, start_over)?;
        let content = found.content().unwrap_or(content).clone();
        let kept = found.open(|| content.clone())?;
        let found = kept.draft.is_none();
        Ok(Opened { journal: kept.publish()?, content, found })
    }

    fn entry(number: usize) -> Change {
        Change { key: format!("row/{number:03}"), value: Some(vec![b'x'; 300]) }
    }

    fn sample() -> Content {
        Content { origin: b"the sample".to_vec(), entries: (0..60).map(entry).collect(), older: None }
    }

    /// Returns other content than the sample.
    fn other() -> Content {
        Content { origin: b"another".to_vec(), ..Content::default() }
    }

    fn refused(path: &Path) -> String {
        let before = fs::read(path).ok();
        let error = open(path, &sample(), false).err().expect("the file is refused").to_string();
        assert_eq!(fs::read(path).ok(), before, "the file was touched");
        assert!(error.starts_with(&format!("{}: ", path.display())), "{error}");
        error
    }

    /// Removes the first entry of the sample.
    fn remove_one(opened: &mut Opened) {
        let removed = Change { value: None, ..entry(0) };
        opened.journal.commit(&[removed]).expect("kept");
    }

    #[test]
    fn changes_are_still_there_when_the_file_is_opened_again() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state");
        let mut opened = open(&path, &sample(), false).unwrap();
        assert!(!opened.found && opened.content == sample());
        remove_one(&mut opened);
        drop(opened);
        let mut opened = open(&path, &other(), false).unwrap();
        assert!(opened.found && opened.content.origin == sample().origin);
        assert_eq!(opened.content.entries, sample().entries[1..]);
        opened.journal.replace(&sample().entries).unwrap();
        drop(opened);
        assert_eq!(open(&path, &other(), false).unwrap().content, sample());
        assert_eq!(names(directory.path()), ["state"]);
    }

    #[test]
    fn starting_over_forgets_everything() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state");
        remove_one(&mut open(&path, &sample(), false).unwrap());
        assert!(!open(&path, &sample(), true).unwrap().found);
        assert_eq!(open(&path, &other(), false).unwrap().content, sample());
    }

    #[test]
    fn a_file_of_the_version_before_gives_its_rows_and_is_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state");
        let database = Database::create(&path).unwrap();
        let filled = transact(&database, |transaction| {
            write_about(transaction, LAYOUT, Some(FIRST_LAYOUT))?;
            write_about(transaction, ORIGIN, Some(b"the sample"))?;
            let mut rows = transaction.open_table(ROWS).map_err(medium)?;
            rows.insert(("pets", "rex"), br#"{"name": "rex"}"#.as_slice()).map(drop).map_err(medium)
        });
        filled.unwrap();
        drop(database);
        let before = fs::read(&path).unwrap();
        let found = find(&path, false).unwrap();
        let content = found.content().expect("its content");
        assert_eq!((content.origin.as_slice(), content.entries.len()), (b"the sample".as_slice(), 0));
        let older = content.older.as_ref().expect("its rows");
        assert_eq!(older["pets"], [serde_json::json!({"name": "rex"})]);
        let kept = found.open(sample).unwrap();
        assert_eq!(fs::read(&path).unwrap(), before, "it is there until the new one is published");
        drop(kept.publish().unwrap());
        assert_eq!(open(&path, &other(), false).unwrap().content, sample());
    }

    #[test]
    fn an_empty_file_is_filled() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(!open(file.path(), &sample(), false).unwrap().found);
    }

    /// Returns the names of what is in a directory.
    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn nothing_is_there_and_nothing_is_lost_before_it_is_published() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state");
        drop(prepare(&path, &sample(), false).unwrap());
        assert!(names(directory.path()).is_empty());
        drop(open(&path, &sample(), false).unwrap());
        let before = fs::read(&path).unwrap();
        drop(prepare(&path, &other(), true).unwrap());
        assert_eq!(fs::read(&path).unwrap(), before);
        assert_eq!(names(directory.path()), ["state"]);
    }

    #[test]
    fn of_two_that_found_nothing_one_makes_the_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state");
        let one = prepare(&path, &sample(), false).unwrap();
        let two = prepare(&path, &sample(), false).unwrap().publish().unwrap();
        assert!(one.publish().err().unwrap().to_string().contains("in use"));
        assert!(refused(&path).contains("in use"));
        drop(two);
        assert!(open(&path, &sample(), false).unwrap().found);
    }

    #[test]
    fn a_file_being_started_over_is_in_use_before_and_after_it_is_published() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state");
        drop(open(&path, &sample(), false).unwrap());
        let kept = prepare(&path, &sample(), true).unwrap();
        assert!(prepare(&path, &sample(), true).err().unwrap().to_string().contains("in use"));
        let _journal = kept.publish().unwrap();
        assert!(prepare(&path, &sample(), true).err().unwrap().to_string().contains("in use"));
        assert!(prepare(&path, &sample(), false).err().unwrap().to_string().contains("in use"));
    }

    #[test]
    fn a_draft_somebody_left_behind_is_not_looked_at() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state");
        let left = directory.path().join(format!(".state.{}", std::process::id()));
        drop(open(&left, &sample(), false).unwrap());
        let before = fs::read(&left).unwrap();
        drop(open(&path, &other(), false).unwrap());
        assert_eq!(open(&path, &sample(), false).unwrap().content, other());
        assert_eq!(fs::read(&left).unwrap(), before);
    }

    #[cfg(unix)]
    #[test]
    fn a_file_keeps_its_mode_and_a_new_one_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state");
        drop(open(&path, &sample(), false).unwrap());
        assert_eq!(mode(&path), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        drop(open(&path, &sample(), true).unwrap());
        assert_eq!(mode(&path), 0o640);
        let empty = directory.path().join("empty");
        fs::write(&empty, "").unwrap();
        fs::set_permissions(&empty, fs::Permissions::from_mode(0o660)).unwrap();
        drop(open(&empty, &sample(), false).unwrap());
        assert_eq!(mode(&empty), 0o660);
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_is_followed() {
        let directory = tempfile::tempdir().unwrap();
        let (link, target) = (directory.path().join("link"), directory.path().join("target"));
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert!(refused(&link).contains("cannot be opened"), "it leads nowhere");
        fs::write(&target, "").unwrap();
        for start_over in [false, true] {
            drop(open(&link, &sample(), start_over).unwrap());
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert!(fs::symlink_metadata(&target).unwrap().is_file());
            assert!(open(&target, &sample(), false).unwrap().found);
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_regular_file_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let fifo = directory.path().join("fifo");
        assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        for path in [fifo.as_path(), Path::new("/dev/null")] {
            for start_over in [false, true] {
                let error = open(path, &sample(), start_over).err().unwrap().to_string();
                assert!(error.contains("not a regular file"), "{error}");
            }
        }
        assert!(!fs::metadata(&fifo).unwrap().is_file());
    }

    #[test]
    fn a_file_damaged_at_its_beginning_is_left_and_the_way_out_is_said() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state");
        drop(open(&path, &sample(), false).unwrap());
        let mut bytes = fs::read(&path).unwrap();
        bytes[0] ^= 0xFF;
        fs::write(&path, &bytes).unwrap();
        for start_over in [false, true] {
            let refusal = open(&path, &sample(), start_over).err().unwrap().to_string();
            assert!(refusal.contains("move this one away"), "{refusal}");
        }
        assert_eq!(fs::read(&path).unwrap(), bytes);
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
        let refusal = open(&path, &sample(), true).err().unwrap().to_string();
        assert!(refusal.contains("move this one away"), "{refusal}");
        assert_eq!(fs::read(&path).unwrap(), b"Dear reader");
        let database = directory.path().join("other.redb");
        drop(Database::create(&database).unwrap());
        assert!(refused(&database).contains("not a state file"));
    }

    #[test]
    fn a_directory_or_an_unreachable_file_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        assert!(refused(directory.path()).contains("not a regular file"));
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
                Ok(opened) => assert_eq!(opened.content, sample()),
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
