//! What this workspace generates: from which document, into which crates.
//!
//! The one place where the general generators meet this document.

use std::collections::BTreeSet;

use openapi_bindings::{Document, GeneratedFile, Result, types};

/// The document everything is made from.
pub const DOCUMENT: &str = "spec/openapi.yaml";

/// The command that makes the files anew.
pub const COMMAND: &str = "cargo xtask generate";

/// Passes whose subject this document does not have at present.
const WHEN_PRESENT: [&str; 3] = ["alternative_bodies", "request_defaults", "discriminators"];

/// Every generated file of the workspace.
///
/// # Errors
/// If the document holds what cannot be generated.
pub fn generate(document: &Document) -> Result<Vec<GeneratedFile>> {
    let when_present: Vec<String> = WHEN_PRESENT.iter().map(|&name| name.to_owned()).collect();
    types::generate(
        document,
        &types::Config { directory: "crates/types/src".to_owned(), command: COMMAND.to_owned(), when_present },
    )
}

/// The directories that hold generated files and nothing else, of `files`.
#[must_use]
pub fn directories(files: &[GeneratedFile]) -> BTreeSet<&str> {
    let parents = files.iter().filter_map(|file| file.path.rsplit_once('/'));
    parents.map(|(directory, _)| directory).filter(|directory| directory.ends_with("/generated")).collect()
}
