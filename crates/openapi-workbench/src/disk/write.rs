//! Texts on their way to disk. All of them are there, beside their files, before the first file is replaced; if replacing
//! stops all the same, what was done until then is told, and nothing is left of the rest.

use std::fs;
use std::io::{Error, Result, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::compare::{Comparison, State};
use super::manifest::{MANIFEST, Manifest};
use super::paths::about;

/// The reason why files could not be made fresh, and those that were by then.
#[derive(Debug)]
pub struct Stopped {
    /// The error that stopped it.
    pub cause: Error,
    /// The paths that are as they should be, with what they were.
    pub done: Vec<(String, State)>,
}

impl Comparison<'_> {
    /// Makes every path fresh, whatever is there: files that are in the way are replaced. A file that is fresh already is
    /// not touched, and a leftover that was edited stays.
    ///
    /// The manifest is written last. Before the first file is replaced, it notes what is going to be written, so that a run
    /// that was interrupted can be followed by any other.
    ///
    /// # Errors
    /// Fails if something cannot be written, replaced or removed.
    pub fn update(&self) -> std::result::Result<(), Stopped> {
        let mut made = Vec::new();
        let mut done = Vec::new();
        let result = self.replace(&mut made, &mut done);
        // Those that got a file stay, as they are not empty.
        made.iter().rev().for_each(|directory| drop(fs::remove_dir(directory)));
        result.map_err(|cause| Stopped { cause, done })
    }

    /// Does so, and notes the directories that were `made` and the paths that are `done`.
    fn replace(&self, made: &mut Vec<PathBuf>, done: &mut Vec<(String, State)>) -> Result<()> {
        let mut written = Vec::new();
        for (path, state) in &self.states {
            let Some(text) = self.texts.get(path.as_str()).filter(|_| *state != State::Fresh) else {
                continue;
            };
            let whole = self.root.join(path);
            make_room(&whole, made)?;
            written.push((beside(&whole, text.as_bytes())?, whole, (path.clone(), state.clone())));
        }
        let manifest = self.root.join(MANIFEST);
        if let Some(journal) = self.journal() {
            put(&manifest, journal.text().as_bytes(), made)?;
        }
        for (text, path, what) in written {
            text.persist(&path).map_err(|stopped| about("replace", &path, &stopped.error))?;
            done.push(what);
        }
        for (path, state) in self.states.iter().filter(|(_, state)| *state == State::Leftover) {
            let whole = self.root.join(path);
            fs::remove_file(&whole).map_err(|error| about("remove", &whole, &error))?;
            done.push((path.clone(), state.clone()));
            // Directories that held nothing else go too; one that does not go holds something.
            let around = whole.ancestors().skip(1).take_while(|directory| *directory != self.root);
            around.take_while(|directory| fs::remove_dir(directory).is_ok()).for_each(drop);
        }
        if self.states.last().is_none_or(|(_, state)| *state != State::Fresh) {
            put(&manifest, self.wanted.text().as_bytes(), made)?;
        }
        Ok(())
    }

    /// Returns the manifest for the time in which files are replaced: it lists those that are there, and those that are
    /// going to be. There is none if no file is written.
    pub(super) fn journal(&self) -> Option<Manifest> {
        let stale = self.states.iter().filter(|(_, state)| *state != State::Fresh);
        let entry = |(path, _): &(String, State)| {
            self.wanted
                .outputs
                .get_key_value(path.as_str())
                .map(|(path, digest)| (path.clone(), digest.clone()))
        };
        let mut journal = self.present.clone();
        journal.writing = stale.filter_map(entry).collect();
        (!journal.writing.is_empty()).then_some(journal)
    }
}

/// Writes one file: beside the file first, so that the file is never half there.
///
/// # Errors
/// Fails if it cannot be written; then everything is as it was.
pub fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    let mut made = Vec::new();
    let written = put(path, content.as_ref(), &mut made);
    made.iter().rev().for_each(|directory| drop(fs::remove_dir(directory)));
    written
}

/// Writes one file, and notes the directories that were not there.
fn put(path: &Path, content: &[u8], made: &mut Vec<PathBuf>) -> Result<()> {
    make_room(path, made)?;
    beside(path, content)?.persist(path).map(drop).map_err(|stopped| about("replace", path, &stopped.error))
}

/// Makes the directories that `path` lies in, and notes those that were not there.
fn make_room(path: &Path, made: &mut Vec<PathBuf>) -> Result<()> {
    let Some(directory) = path.parent() else { return Ok(()) };
    let missing =
        directory.ancestors().take_while(|around| !around.as_os_str().is_empty() && !around.exists());
    let missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
    made.extend(missing.into_iter().rev());
    fs::create_dir_all(directory).map_err(|error| about("create", directory, &error))
}

/// Returns a temporary file with `content` beside `path`, with its permissions. It is deleted unless it replaces `path`.
fn beside(path: &Path, content: &[u8]) -> Result<NamedTempFile> {
    let failed = |error: &Error| about("write beside", path, error);
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    let mut file = builder().tempfile_in(directory).map_err(|error| failed(&error))?;
    file.write_all(content).map_err(|error| failed(&error))?;
    if let Ok(there) = fs::metadata(path) {
        file.as_file().set_permissions(there.permissions()).map_err(|error| failed(&error))?;
    }
    Ok(file)
}

/// Returns a builder of files with the user's default permissions. Temporary files are otherwise for the user alone.
fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".openapi-workbench-").suffix(".new");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}

#[cfg(test)]
mod tests {
    use openapi_bindings::GeneratedFile;

    use super::super::{Origin, compare};
    use super::*;

    /// Returns every path below `directory`, directories included.
    fn paths(directory: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            found.push(path.clone());
            if path.is_dir() {
                found.extend(paths(&path));
            }
        }
        found.sort();
        found
    }

    fn files(paths: &[&str]) -> Vec<GeneratedFile> {
        let file = |path: &&str| GeneratedFile { path: (*path).to_owned(), text: "new".to_owned() };
        paths.iter().map(file).collect()
    }

    fn update(root: &Path, files: &[GeneratedFile]) -> std::result::Result<(), Stopped> {
        compare(root, files, Origin::default()).unwrap().update()
    }

    #[test]
    fn when_one_file_cannot_be_written_none_is() {
        let root = tempfile::tempdir().unwrap();
        let files = files(&["a/generated/one.rs", "blocked/two.rs"]);
        let compared = compare(root.path(), &files, Origin::default()).unwrap();
        fs::write(root.path().join("blocked"), "a file where a directory should be").unwrap();
        let before = paths(root.path());
        let stopped = compared.update().unwrap_err();
        assert!(stopped.cause.to_string().contains("blocked"), "{}", stopped.cause);
        assert_eq!(stopped.done, []);
        assert_eq!(paths(root.path()), before);
    }

    #[test]
    fn when_one_file_cannot_be_replaced_what_was_done_is_told_and_the_next_run_does_the_rest() {
        let root = tempfile::tempdir().unwrap();
        let files = files(&["a/one.rs", "b/two.rs", "c/three.rs"]);
        let compared = compare(root.path(), &files, Origin::default()).unwrap();
        // Somebody puts a directory there after the comparison.
        let obstacle = root.path().join("b/two.rs");
        fs::create_dir_all(obstacle.join("mine")).unwrap();
        let stopped = compared.update().unwrap_err();
        assert!(stopped.cause.to_string().contains("b/two.rs"), "{}", stopped.cause);
        assert_eq!(stopped.done, [("a/one.rs".to_owned(), State::Missing)]);
        let left = [MANIFEST, "a", "a/one.rs", "b", "b/two.rs", "b/two.rs/mine"];
        assert_eq!(paths(root.path()), left.map(|path| root.path().join(path)));
        let error = compare(root.path(), &files, Origin::default()).unwrap_err().to_string();
        assert!(error.contains("b/two.rs is a directory where a file is generated\n  help: "), "{error}");
        fs::remove_dir_all(&obstacle).unwrap();
        fs::write(root.path().join("a/one.rs"), "new").unwrap();
        update(root.path(), &files[1..]).unwrap();
        let left = [MANIFEST, "b", "b/two.rs", "c", "c/three.rs"];
        assert_eq!(paths(root.path()), left.map(|path| root.path().join(path)), "the first is a leftover");
    }

    #[test]
    fn a_text_that_cannot_take_its_place_leaves_nothing_behind() {
        let root = tempfile::tempdir().unwrap();
        let obstacle = root.path().join("one.yaml/mine");
        fs::create_dir_all(&obstacle).unwrap();
        let before = paths(root.path());
        assert!(write(&root.path().join("one.yaml"), "new").is_err());
        assert!(write(&root.path().join("two").join("long".repeat(100)), "new").is_err());
        assert_eq!(paths(root.path()), before);
    }

    #[test]
    fn directories_that_hold_nothing_any_more_go_with_what_they_held() {
        let root = tempfile::tempdir().unwrap();
        let files = files(&["a/b/Cargo.toml", "a/b/src/one.rs", "a/c/one.rs"]);
        update(root.path(), &files).unwrap();
        fs::write(root.path().join("a/c/mine.txt"), "mine").unwrap();
        update(root.path(), &[]).unwrap();
        let left = [MANIFEST, "a", "a/c", "a/c/mine.txt"];
        assert_eq!(paths(root.path()), left.map(|path| root.path().join(path)));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_keeps_its_permissions_and_a_new_one_is_like_any_other() {
        use std::os::unix::fs::PermissionsExt as _;
        let root = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let (plain, ours) = (root.path().join("plain"), root.path().join("ours"));
        fs::write(&plain, "").unwrap();
        write(&ours, "new").unwrap();
        assert_eq!(mode(&ours), mode(&plain));
        fs::set_permissions(&ours, fs::Permissions::from_mode(0o640)).unwrap();
        write(&ours, "newer").unwrap();
        assert_eq!((mode(&ours), fs::read_to_string(&ours).unwrap().as_str()), (0o640, "newer"));
    }
}
