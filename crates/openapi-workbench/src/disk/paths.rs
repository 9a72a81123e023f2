//! The ways between directories, and to the files in them.

use std::fs::{self, Metadata};
use std::io::{Error, ErrorKind, Result};
use std::path::{Component, Path, PathBuf};

pub(super) fn about(deed: &str, path: &Path, error: &Error) -> Error {
    Error::new(error.kind(), format!("cannot {deed} {}: {error}", path.display()))
}

/// Returns what is known of the file `path` below `root`; `None` if nothing is there.
///
/// # Errors
/// Fails if something else than a file is there, or if the way to it is not through directories: what a symbolic link
/// leads to is outside.
pub(super) fn generated_file(root: &Path, path: &str) -> Result<Option<Metadata>> {
    let mut whole = root.to_owned();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        whole.push(part);
        let found = match fs::symlink_metadata(&whole) {
            Ok(found) => found,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(about("read", &whole, &error)),
        };
        let (is_expected, expected) = match parts.peek() {
            Some(_) => (found.is_dir(), "a directory"),
            None => (found.is_file(), "a file"),
        };
        if !is_expected {
            let what = match found.file_type() {
                kind if kind.is_symlink() => "a symbolic link",
                kind if kind.is_dir() => "a directory",
                kind if kind.is_file() => "a file",
                _ => "something special",
            };
            let whole = whole.display();
            return Err(Error::other(format!(
                "{whole} is {what} where {expected} is generated\n  help: move it away"
            )));
        }
        if parts.peek().is_none() {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Returns `path`, which need not be there yet, without links and without `..`.
///
/// # Errors
/// Fails if the current directory cannot be read.
pub fn resolved(path: &Path) -> Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let known = path.ancestors().find_map(|known| Some((known, known.canonicalize().ok()?)));
    let Some((known, mut whole)) = known else { return Ok(path) };
    for part in path.strip_prefix(known).unwrap_or(&path).components() {
        if part == Component::ParentDir {
            whole.pop();
        } else {
            whole.push(part);
        }
    }
    Ok(whole)
}

/// Returns the path that leads from the directory `from` to `to`, both absolute, with `/` between its parts.
#[must_use]
pub fn relative(from: &Path, to: &Path) -> String {
    let shared = from.components().zip(to.components()).take_while(|(from, to)| from == to).count();
    let up = from.components().skip(shared).map(|_| "..".to_owned());
    let down = to.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    let parts: Vec<String> = up.chain(down).collect();
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_leads_up_to_what_is_shared_and_down_from_there() {
        let relative = |from: &str, to: &str| relative(Path::new(from), Path::new(to));
        assert_eq!(relative("/a/b/c", "/a/d"), "../../d");
        assert_eq!(relative("/a", "/a/b"), "b");
        assert_eq!(relative("/a", "/a"), ".");
    }
}
