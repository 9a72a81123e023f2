//! Errors about texts that are no tree.

use std::sync::Arc;

use crate::error::{Diagnostic, Error};
use crate::source::{Location, Source};

/// Levels of nested mappings and sequences a document may have; real documents stay below 40.
pub(super) const MAX_DEPTH: usize = 128;

/// Why a text is no tree.
pub(crate) struct SyntaxError {
    pub(crate) message: String,
    pub(crate) help: &'static str,
    pub(crate) location: Location,
}

impl SyntaxError {
    pub(super) fn new(location: Location, message: impl Into<String>, help: &'static str) -> Self {
        SyntaxError { message: message.into(), help, location }
    }

    /// Returns the error about this file alone.
    pub(crate) fn in_file(self, source: &Source) -> Error {
        let diagnostic = Diagnostic {
            message: self.message,
            location: self.location,
            pointer: String::new(),
            help: self.help.to_owned(),
        };
        Error::new(Arc::from([source.clone()]), vec![diagnostic])
    }
}

pub(super) fn too_deep(location: Location) -> SyntaxError {
    let message = format!("the document is nested deeper than {MAX_DEPTH} levels");
    SyntaxError::new(location, message, "move inner parts to components and refer to them with $ref")
}

pub(super) fn twice(key: &str, location: Location) -> SyntaxError {
    let message = format!("the key `{key}` occurs twice in this mapping");
    SyntaxError::new(location, message, "remove or rename one of the two keys")
}
