//! Texts on their way to disk. All of them are there, beside their files, before the first file is replaced; if replacing
//! stops all the same, what was done until then is told, and nothing is left of the rest.

use std::fs;
use std::io::{Error, Result, Write as _};
use std::path::{Path, PathBuf};

use openapi_bindings::GeneratedFile;
use tempfile::NamedTempFile;

use super::{State, about};

/// The reason why files could not be made fresh, and those that were by then.
#[derive(Debug)]
pub struct Stopped {
    /// The error that stopped it.
    pub cause: Error,
    /// The paths that are as they should be, with what they were.
    pub done: Vec<(String, State)>,
}

/// Makes every path of `states` fresh. A file that is fresh already is not touched.
///
/// # Errors
/// Fails if something cannot be written, replaced or removed.
pub fn update(
    root: &Path,
    files: &[GeneratedFile],
    states: &[(String, State)],
) -> std::result::Result<(), Stopped> {
    let mut made = Vec::new();
    let mut done = Vec::new();
    let result = replace(root, files, states, &mut made, &mut done);
    // Those that got a file stay, as they are not empty.
    made.iter().rev().for_each(|directory| drop(fs::remove_dir(directory)));
    result.map_err(|cause| Stopped { cause, done })
}

/// Does so, and notes the directories that were `made` and the paths that are `done`.
fn replace(
    root: &Path,
    files: &[GeneratedFile],
    states: &[(String, State)],
    made: &mut Vec<PathBuf>,
    done: &mut Vec<(String, State)>,
) -> Result<()> {
    let mut written = Vec::new();
    for (path, state) in states {
        let stale = matches!(state, State::Differs { .. } | State::Missing);
        let Some(file) = files.iter().find(|file| stale && file.path == *path) else { continue };
        let whole = root.join(path);
        make_room(&whole, made)?;
        written.push((beside(&whole, &file.text)?, whole, (path.clone(), state.clone())));
    }
    for (text, path, what) in written {
        text.persist(&path).map_err(|stopped| about("replace", &path, &stopped.error))?;
        done.push(what);
    }
    for (path, state) in states.iter().filter(|(_, state)| *state == State::Leftover) {
        let whole = root.join(path);
        fs::remove_file(&whole).map_err(|error| about("remove", &whole, &error))?;
        done.push((path.clone(), state.clone()));
        // Directories that held nothing else go too; one that does not go holds something.
        let around = whole.ancestors().skip(1).take_while(|directory| *directory != root);
        around.take_while(|directory| fs::remove_dir(directory).is_ok()).for_each(drop);
    }
    Ok(())
}

/// Writes one text: beside the file first, so that the file is never half there.
///
/// # Errors
/// Fails if it cannot be written; then everything is as it was.
pub fn write(path: &Path, text: &str) -> Result<()> {
    let mut made = Vec::new();
    let written = make_room(path, &mut made).and_then(|()| beside(path, text)).and_then(|text| {
        text.persist(path).map(drop).map_err(|stopped| about("replace", path, &stopped.error))
    });
    made.iter().rev().for_each(|directory| drop(fs::remove_dir(directory)));
    written
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

/// Returns a temporary file with `text` beside `path`, with its permissions. It is deleted unless it replaces `path`.
fn beside(path: &Path, text: &str) -> Result<NamedTempFile> {
    let failed = |error: &Error| about("write beside", path, error);
    let directory = path.parent().filter(|directory| !directory.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    let mut file = builder().tempfile_in(directory).map_err(|error| failed(&error))?;
    file.write_all(text.as_bytes()).map_err(|error| failed(&error))?;
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

    fn missing(files: &[GeneratedFile]) -> Vec<(String, State)> {
        files.iter().map(|file| (file.path.clone(), State::Missing)).collect()
    }

    #[test]
    fn when_one_file_cannot_be_written_none_is() {
        let root = tempfile::tempdir().unwrap();
        fs::write(root.path().join("blocked"), "a file where a directory should be").unwrap();
        let before = paths(root.path());
        let files = files(&["a/generated/one.rs", "blocked/two.rs"]);
        let stopped = update(root.path(), &files, &missing(&files)).unwrap_err();
        assert!(stopped.cause.to_string().contains("blocked"), "{}", stopped.cause);
        assert_eq!(stopped.done, []);
        assert_eq!(paths(root.path()), before);
    }

    #[test]
    fn when_one_file_cannot_be_replaced_what_was_done_is_told_and_nothing_is_left_beside() {
        let root = tempfile::tempdir().unwrap();
        let obstacle = root.path().join("b/two.rs/mine");
        fs::create_dir_all(&obstacle).unwrap();
        let files = files(&["a/one.rs", "b/two.rs", "c/three.rs"]);
        let stopped = update(root.path(), &files, &missing(&files)).unwrap_err();
        assert!(stopped.cause.to_string().contains("b/two.rs"), "{}", stopped.cause);
        assert_eq!(stopped.done, [("a/one.rs".to_owned(), State::Missing)]);
        let left = ["a", "a/one.rs", "b", "b/two.rs", "b/two.rs/mine"].map(|path| root.path().join(path));
        assert_eq!(paths(root.path()), left);
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
        let files = files(&["a/b/Cargo.toml", "a/b/src/one.rs", "a/c/one.rs", "a/c/mine.txt"]);
        update(root.path(), &files, &missing(&files)).unwrap();
        let gone = files.iter().filter(|file| !file.path.ends_with("mine.txt"));
        let gone: Vec<_> = gone.map(|file| (file.path.clone(), State::Leftover)).collect();
        update(root.path(), &[], &gone).unwrap();
        assert_eq!(paths(root.path()), ["a", "a/c", "a/c/mine.txt"].map(|path| root.path().join(path)));
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
