//! Documents of releases, and the crate that has them.

use std::path::PathBuf;

/// The crate that ships the documents.
pub(super) const CRATE: &str = "authentik-client";

/// An upstream document on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The version of the crate it came in.
    pub version: String,
    /// The path of the kept document.
    pub path: PathBuf,
}
