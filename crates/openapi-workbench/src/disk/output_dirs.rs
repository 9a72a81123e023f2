//! The directories of a generated workspace, and the ways between directories.

use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Result};
use std::path::{Component, Path, PathBuf};

use super::about;
use crate::stamp;

/// Returns every directory of the workspace at `root` that an earlier run can have written stamped files to: its root,
/// `spec`, `vendor` and what is below `crates`, unless it is hidden, a link, holds what was built or is a workspace of its
/// own. There are none unless an earlier run made `root`.
///
/// # Errors
/// Fails if a file or a directory cannot be read.
pub fn output_directories(root: &Path) -> Result<BTreeSet<String>> {
    let manifest = manifest(root)?;
    if !manifest.as_deref().is_some_and(stamp::is_in) {
        return Ok(BTreeSet::new());
    }
    let mut found = BTreeSet::from([".", "spec", "vendor"].map(str::to_owned));
    let mut open = vec!["crates".to_owned()];
    while let Some(directory) = open.pop() {
        let whole = root.join(&directory);
        if manifest_of_workspace(&whole)? {
            continue;
        }
        let entries = match fs::read_dir(&whole) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            Err(error) => return Err(about("read", &whole, &error)),
        };
        for entry in entries {
            let entry = entry?;
            let (name, kind) = (entry.file_name().to_string_lossy().into_owned(), entry.file_type()?);
            if kind.is_dir() && !name.starts_with('.') && name != "target" {
                open.push(format!("{directory}/{name}"));
            }
        }
        found.insert(directory);
    }
    Ok(found)
}

/// Returns `true` if `directory` has a manifest with the table that makes it a workspace.
fn manifest_of_workspace(directory: &Path) -> Result<bool> {
    let manifest = manifest(directory)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&manifest);
    Ok(text.lines().any(|line| line.trim_start().starts_with("[workspace")))
}

fn manifest(directory: &Path) -> Result<Option<Vec<u8>>> {
    let path = directory.join("Cargo.toml");
    match fs::read(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(about("read", &path, &error)),
    }
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
