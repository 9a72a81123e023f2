//! The files of this crate, for programs that put a copy of it beside what they generate.

use include_dir::{Dir, include_dir};

/// The directory of this crate.
pub static SOURCES: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR");
