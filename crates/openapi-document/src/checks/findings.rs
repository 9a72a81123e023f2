//! Collects what the checks of a document find.

use crate::document::Document;
use crate::error::Diagnostic;
use crate::problems::MAX_DIAGNOSTICS;
use crate::source::Location;

/// The problems of one document.
pub(super) struct Findings<'a> {
    pub(super) document: &'a Document,
    /// None of them knows its location yet.
    pub(super) problems: Vec<Diagnostic>,
}

impl<'a> Findings<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        Findings { document, problems: Vec::new() }
    }

    /// Returns `true` if what is added from now on is only counted, so that advice need not be thought up.
    pub(super) fn is_full(&self) -> bool {
        self.problems.len() >= MAX_DIAGNOSTICS
    }

    pub(super) fn add(&mut self, at: &str, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Diagnostic {
            message: message.into(),
            location: Location::default(),
            pointer: at.to_owned(),
            help: help.into(),
        });
    }
}

/// Gives the first problems their locations in `document`, as many as are told.
pub(crate) fn placed(document: &Document, mut problems: Vec<Diagnostic>) -> Vec<Diagnostic> {
    for problem in problems.iter_mut().take(MAX_DIAGNOSTICS) {
        if problem.location == Location::default() {
            problem.location = document.nearest(&problem.pointer);
        }
    }
    problems
}
