//! Collects what the checks of a document find, up to as much as a person would read.

use super::Document;
use crate::error::{Diagnostic, Error};

/// Diagnostics beyond this number are counted only, so that a hopeless document is refused quickly.
const MOST: usize = 100;

pub(super) struct Findings<'a> {
    pub(super) document: &'a Document,
    diagnostics: Vec<Diagnostic>,
    omitted: usize,
}

impl<'a> Findings<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        Findings { document, diagnostics: Vec::new(), omitted: 0 }
    }

    /// Whether what is added from now on is only counted, so that advice need not be thought up.
    pub(super) fn is_full(&self) -> bool {
        self.diagnostics.len() >= MOST
    }

    pub(super) fn add(&mut self, at: &str, message: impl Into<String>, help: impl Into<String>) {
        if self.is_full() {
            self.omitted = self.omitted.saturating_add(1);
        } else {
            self.diagnostics.push(self.document.diagnostic(at, message, help));
        }
    }

    pub(super) fn into_result(self) -> Result<(), Error> {
        if self.diagnostics.is_empty() {
            return Ok(());
        }
        Err(Error::new(self.document.source.clone(), self.diagnostics).omitting(self.omitted))
    }
}
