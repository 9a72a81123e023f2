//! Collects what is found wrong with a document, up to as much as a person would read.

use std::sync::Arc;

use crate::error::{Diagnostic, Error};
use crate::source::Source;

/// Diagnostics beyond this number are counted only, so that a hopeless document is refused quickly.
const MAX_DIAGNOSTICS: usize = 100;

/// The problems found so far.
#[derive(Default)]
pub(crate) struct Problems {
    diagnostics: Vec<Diagnostic>,
    omitted: usize,
}

impl Problems {
    /// Returns `true` if what is added from now on is only counted, so that advice need not be thought up.
    pub(crate) fn is_full(&self) -> bool {
        self.diagnostics.len() >= MAX_DIAGNOSTICS
    }

    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        if self.is_full() {
            self.omitted = self.omitted.saturating_add(1);
        } else {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Returns an error with everything that was found in a document of these files, if anything was.
    pub(crate) fn into_result(self, sources: &Arc<[Source]>) -> Result<(), Error> {
        if self.diagnostics.is_empty() {
            return Ok(());
        }
        Err(Error::new(Arc::clone(sources), self.diagnostics).omitting(self.omitted))
    }
}
