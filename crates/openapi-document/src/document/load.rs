//! Reads documents, and checks them.

use std::sync::Arc;

use super::Document;
use crate::error::{Diagnostic, Error};
use crate::loader::{Loader, Nothing};
use crate::reader::SyntaxError;
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
        let source = Source::of_file(name, text);
        let tree = reader::read(name, &source.text).map_err(|fault| syntax_error(&source, fault))?;
        let bundled = bundle::bundle(source, tree, loader);
        let (sources, mut tree): (Arc<[Source]>, _) = (bundled.sources.into(), bundled.tree);
        let version = checks::version(&sources, &tree)?;
        let mut findings = bundled.problems;
        checks::structure(&Document::of_tree(&sources, version, tree.clone()), &mut findings);
        canonical::rewrite(&mut tree, version);
        let mut document = Document::of_tree(&sources, version, tree);
        ids::complete(&mut document.value);
        checks::meaning(&document, &mut findings);
        findings.into_result(&sources)?;
        Ok(document)
    }
}

/// Returns an error about the syntax of this file alone.
fn syntax_error(source: &Source, fault: SyntaxError) -> Error {
    let diagnostic = Diagnostic {
        message: fault.message,
        location: fault.location,
        pointer: String::new(),
        help: fault.help.to_owned(),
    };
    Error::new(Arc::from([source.clone()]), vec![diagnostic])
}
