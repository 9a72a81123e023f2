//! Directories: where an earlier run can have written to, and where none may write.

use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Result};
use std::path::{Component, Path};

use super::about;
use crate::stamp;

/// Every directory of the workspace at `root` that an earlier run can have written to: its root, `spec` and what is below
/// `crates`, unless it is hidden, a link, holds what was built or is a workspace of its own. None where no run made `root`.
///
/// # Errors
/// If a file or a directory cannot be read.
pub fn directories_of_workspace(root: &Path) -> Result<BTreeSet<String>> {
    let manifest = manifest(root)?;
    if !manifest.as_deref().is_some_and(stamp::is_in) {
        return Ok(BTreeSet::new());
    }
    let mut found = BTreeSet::from([".".to_owned(), "spec".to_owned()]);
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

/// Whether `directory` has a manifest with the table that makes it a workspace.
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

/// Whether `path`, which need not be there yet, lies within `root`, but not in what was built there.
///
/// # Errors
/// If `root` or the working directory cannot be read.
pub fn is_source(root: &Path, path: &Path) -> Result<bool> {
    let root = root.canonicalize().map_err(|error| about("read", root, &error))?;
    let path = std::path::absolute(path)?;
    let known = path.ancestors().find_map(|known| Some((known, known.canonicalize().ok()?)));
    let Some((known, mut whole)) = known else { return Ok(false) };
    for part in path.strip_prefix(known).unwrap_or(&path).components() {
        if part == Component::ParentDir {
            whole.pop();
        } else {
            whole.push(part);
        }
    }
    Ok(whole.starts_with(&root) && (!whole.starts_with(root.join("target")) || whole == root.join("target")))
}
