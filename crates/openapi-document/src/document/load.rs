//! Reads documents, and checks them.

use super::Document;
use crate::draft::Draft;
use crate::error::Error;
use crate::loader::{Loader, Nothing};
use crate::overlay::Overlay;

impl Document {
    /// Reads and checks a document in YAML or JSON that refers to no other file. `name` is what errors call it, usually
    /// its path.
    ///
    /// # Errors
    /// If the text is no YAML or JSON, or no OpenAPI document of a version that is read; the error then holds a
    /// diagnostic for everything found wrong.
    pub fn parse(name: &str, text: &str) -> Result<Document, Error> {
        Document::load(name, text, &Nothing)
    }

    /// Reads and checks a document like [`Document::parse`], and the files that it refers to, which `loader` gives. They
    /// become components of the one document.
    ///
    /// # Errors
    /// Like [`Document::parse`], and if a file cannot be had.
    pub fn load(name: &str, text: &str, loader: &dyn Loader) -> Result<Document, Error> {
        Draft::read(name, text, loader)?.check()
    }

    /// Reads and checks a document like [`Document::load`], after overlays changed it, one after the other.
    ///
    /// # Errors
    /// Like [`Document::load`], and if an action of an overlay matches nothing.
    pub fn load_with(
        name: &str,
        text: &str,
        loader: &dyn Loader,
        overlays: &[Overlay],
    ) -> Result<Document, Error> {
        Draft::read_with(name, text, loader, overlays)?.check()
    }
}
