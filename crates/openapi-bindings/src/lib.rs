#![forbid(unsafe_code)]
//! Generates wire types, a client and server traits from an OpenAPI 3.0 document.
//!
//! Everything here is a pure function from a document to source text: nothing is read from or written to a disk and
//! nothing is printed. What a document may contain is checked once, by [`Document::parse`], with errors that name the
//! line, the column and the place in the document.

pub mod api;
pub mod bindings;
pub mod client;
pub mod diff;
pub mod document;
mod emission;
pub mod error;
pub mod example;
pub mod generated_file;
mod groups;
pub mod import;
pub mod judge;
pub mod lint;
pub mod names;
pub mod page;
pub mod panics;
pub mod passes;
pub mod property;
pub mod release;
pub mod rust;
mod service_traits;
pub mod slice;
mod supported;
pub mod syntax;
pub mod types;
pub mod usage;
pub mod why;
mod words;
pub mod yaml;

pub use bindings::Bindings;
pub use document::Document;
pub use error::{Error, Result};
pub use generated_file::GeneratedFile;

/// What the README shows compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn the_readme_lists_every_public_module_and_no_other() {
        let public = include_str!("lib.rs").lines().filter_map(|line| line.strip_prefix("pub mod "));
        let public: BTreeSet<&str> = public.map(|module| module.trim_end_matches(';')).collect();
        let readme = include_str!("../README.md").lines();
        let rows = readme.skip_while(|line| *line != "| module | what it does |").skip(2);
        let cells = rows.map_while(|row| row.strip_prefix('|')?.split('|').next());
        let listed: Vec<&str> = cells.flat_map(|cell| cell.trim().split(", ")).collect();
        let names = listed.iter().map(|name| name.trim_matches('`'));
        assert_eq!(names.collect::<BTreeSet<_>>(), public);
        assert_eq!(listed.len(), public.len(), "none is listed twice");
    }
}
