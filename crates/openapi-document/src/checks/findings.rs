//! The findings of the checks of a document.

use crate::document::Document;
use crate::error::Diagnostic;
use crate::problems::Problems;

/// The problems of one document.
pub(super) struct Findings<'a> {
    pub(super) document: &'a Document,
    pub(super) problems: &'a mut Problems,
}

impl Findings<'_> {
    pub(super) fn is_full(&self) -> bool {
        self.problems.is_full()
    }

    pub(super) fn add(&mut self, at: &str, message: impl Into<String>, help: impl Into<String>) {
        // Beyond the last that is told, none is worth being placed.
        let diagnostic =
            if self.is_full() { Diagnostic::default() } else { self.document.diagnostic(at, message, help) };
        self.problems.push(diagnostic);
    }
}
