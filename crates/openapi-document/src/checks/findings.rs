//! Collects what the checks of a document find, up to as much as a person would read.

use crate::document::Document;
use crate::error::{Diagnostic, Error};

/// Diagnostics beyond this number are counted only, so that a hopeless document is refused quickly.
const MOST: usize = 100;

pub(crate) struct Findings<'a> {
    pub(crate) document: &'a Document,
    diagnostics: Vec<Diagnostic>,
    omitted: usize,
}

impl<'a> Findings<'a> {
    pub(crate) fn new(document: &'a Document) -> Self {
        Findings { document, diagnostics: Vec::new(), omitted: 0 }
    }

    /// Whether what is added from now on is only counted, so that advice need not be thought up.
    pub(crate) fn is_full(&self) -> bool {
        self.diagnostics.len() >= MOST
    }

    pub(crate) fn add(&mut self, at: &str, message: impl Into<String>, help: impl Into<String>) {
        if self.is_full() {
            self.omitted = self.omitted.saturating_add(1);
        } else {
            self.diagnostics.push(self.document.diagnostic(at, message, help));
        }
    }

    pub(crate) fn into_result(self) -> Result<(), Error> {
        if self.diagnostics.is_empty() {
            return Ok(());
        }
        Err(Error::new(self.document.source.clone(), self.diagnostics).omitting(self.omitted))
    }
}
