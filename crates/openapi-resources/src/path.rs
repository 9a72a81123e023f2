//! Paths from a row over relations to values.

use crate::definition::Kind;
use crate::ids::ModelId;

/// A path that leads somewhere.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Path {
    pub(crate) steps: Vec<Step>,
    pub(crate) end: End,
    /// `true` if it may lead to several values.
    pub(crate) many: bool,
    /// The model of the row at its end.
    pub(crate) model: ModelId,
}

/// A step from a row to others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Step {
    /// To the rows that a field names.
    Forward { column: usize, target: ModelId, named_by: usize, many: bool },
    /// To the rows whose field names this one.
    Reverse { model: ModelId, column: usize, named_by: usize },
}

/// The value at the end of a path.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct End {
    pub(crate) column: usize,
    pub(crate) kind: Kind,
    /// The keys and positions that lead into the value.
    pub(crate) inner: Vec<String>,
    /// `true` if the field is a list of references, so that each item is a value.
    pub(crate) listed: bool,
}

impl Path {
    /// Returns the field, if the path is nothing but one of the row itself.
    pub(crate) fn column(&self) -> Option<usize> {
        (self.steps.is_empty() && self.end.inner.is_empty()).then_some(self.end.column)
    }
}
