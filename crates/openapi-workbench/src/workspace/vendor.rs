//! The copies of runtime crates that a workspace carries.
//!
//! They equal the crates' files byte for byte, so they have no stamp. That of the README beside them says whose they are.

use std::collections::BTreeSet;
use std::fs;
use std::io::{ErrorKind, Result};
use std::path::Path;

use include_dir::Dir;
use openapi_bindings::GeneratedFile;

use super::runtime::{RuntimeCrate, VENDOR};
use crate::disk::{self, State};
use crate::stamp;

/// Returns the files that a workspace carries of a runtime crate: those that are published, unchanged.
#[must_use]
pub fn vendored_files(runtime: RuntimeCrate) -> Vec<GeneratedFile> {
    let mut files = Vec::new();
    collect(runtime.files, &mut |path, text| {
        let path = path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
        if is_published(&path) {
            let path = format!("{VENDOR}/{}/{path}", runtime.name);
            files.push(GeneratedFile { path, text: text.to_owned() });
        }
    });
    files
}

/// Tells whether the published crate has the file `path` of its directory.
fn is_published(path: &str) -> bool {
    matches!(path, "Cargo.toml" | "README.md") || path.starts_with("LICENSE-") || path.starts_with("src/")
}

fn collect(directory: &Dir<'static>, found: &mut impl FnMut(&Path, &'static str)) {
    for file in directory.files() {
        if let Some(text) = file.contents_utf8() {
            found(file.path(), text);
        }
    }
    directory.dirs().for_each(|directory| collect(directory, found));
}

/// The vendored crates of a workspace, compared with those on disk.
#[derive(Debug, Default)]
pub struct Compared {
    /// The state of every path that is, or was, vendored.
    pub states: Vec<(String, State)>,
    /// The paths that would be replaced although something else than this program made them.
    pub not_ours: Vec<String>,
}

/// Compares the vendored `files` with those below `root`.
///
/// # Errors
/// Fails if a file or a directory cannot be read.
pub fn compare_vendored(root: &Path, files: &[GeneratedFile]) -> Result<Compared> {
    let is_ours = fs::read(root.join(VENDOR).join("README.md")).is_ok_and(|text| stamp::is_in(&text));
    let mut compared = Compared::default();
    for file in files {
        let state = disk::state(&root.join(&file.path), &file.text)?;
        if !is_ours && matches!(state, State::Differs { .. }) {
            compared.not_ours.push(file.path.clone());
        }
        compared.states.push((file.path.clone(), state));
    }
    if is_ours {
        let vendored: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        for runtime in RuntimeCrate::ALL {
            let mut found = Vec::new();
            paths(root, &format!("{VENDOR}/{}", runtime.name), &mut found)?;
            found.retain(|path| !vendored.contains(path.as_str()));
            compared.states.extend(found.into_iter().map(|path| (path, State::Leftover)));
        }
    }
    Ok(compared)
}

/// Finds the files of a vendored crate below `directory`; what cargo and users may have put beside them is left out.
fn paths(root: &Path, directory: &str, found: &mut Vec<String>) -> Result<()> {
    let whole = root.join(directory);
    let entries = match fs::read_dir(&whole) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(disk::about("read", &whole, &error)),
    };
    for entry in entries {
        let entry = entry?;
        let path = format!("{directory}/{}", entry.file_name().to_string_lossy());
        let within = path.splitn(3, '/').nth(2).unwrap_or_default().to_owned();
        if entry.file_type()?.is_dir() {
            if is_published(&format!("{within}/")) {
                paths(root, &path, found)?;
            }
        } else if is_published(&within) {
            found.push(path);
        }
    }
    Ok(())
}
