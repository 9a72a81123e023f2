//! The copies of runtime crates that a workspace carries.
//!
//! They equal the crates' files byte for byte.

use std::path::Path;

use include_dir::Dir;
use openapi_bindings::GeneratedFile;

use super::runtime::{RuntimeCrate, VENDOR};

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
