//! Reads documents, and checks them.

use std::sync::Arc;

use super::Document;
use crate::error::Error;
use crate::loader::{Loader, Nothing};
use crate::overlay::Overlay;
use crate::source::Source;
use crate::{bundle, canonical, checks, ids, reader};

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
        Document::load_with(name, text, loader, &[])
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
        let source = Source::of_file(name, text);
        let tree = reader::read(name, &source.text).map_err(|fault| fault.in_file(&source))?;
        let bundled = bundle::bundle(source, tree, loader);
        let (mut sources, mut tree, mut findings) = (bundled.sources, bundled.tree, bundled.problems);
        for overlay in overlays {
            overlay.apply(&mut tree, &mut sources, &mut findings);
        }
        let sources: Arc<[Source]> = sources.into();
        let version = checks::version(&sources, &tree)?;
        checks::structure(&Document::of_tree(&sources, version, tree.clone()), &mut findings);
        canonical::rewrite(&mut tree, version);
        let mut document = Document::of_tree(&sources, version, tree);
        ids::complete(&mut document.value);
        checks::meaning(&document, &mut findings);
        findings.into_result(&sources)?;
        Ok(document)
    }
}
