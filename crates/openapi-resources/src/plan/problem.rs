//! Problems of definitions.

use std::fmt;

/// One thing that is wrong with a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The place in the definition, as a JSON pointer.
    pub pointer: String,
    /// The problem.
    pub message: String,
    /// The way to fix it.
    pub help: String,
}

impl Problem {
    pub(crate) fn new(
        pointer: impl Into<String>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Self {
        Self { pointer: pointer.into(), message: message.into(), help: help.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (at {})\n  help: {}", self.message, self.pointer, self.help)
    }
}

impl std::error::Error for Problem {}
