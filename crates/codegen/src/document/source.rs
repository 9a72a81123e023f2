//! A document's text and the positions in it, as diagnostics need them.

use std::ops::Range;

/// Where something stands in a document's text; lines and columns count characters from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Location {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    offset: usize,
    length: usize,
}

impl Location {
    /// The very beginning of a text.
    pub(crate) const START: Location = Location { line: 1, column: 1, offset: 0, length: 0 };

    pub(super) fn from_yaml(location: serde_saphyr::Location) -> Self {
        let span = location.span();
        let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX);
        Location {
            line: number(location.line()).max(1),
            column: number(location.column()).max(1),
            offset: number(span.byte_offset().unwrap_or(0)),
            length: number(span.byte_len().unwrap_or(0)),
        }
    }

    /// The bytes of `text` this location covers, clamped to whole characters and to one line, for underlining.
    pub(crate) fn bytes_in(self, text: &str) -> Range<usize> {
        let floor = |index: usize| text.floor_char_boundary(index.min(text.len()));
        let start = floor(self.offset);
        let end = floor(self.offset.saturating_add(self.length)).max(start);
        let line_end =
            text.get(start..end).and_then(|covered| covered.find(['\n', '\r'])).map(|at| start + at);
        start..line_end.unwrap_or(end)
    }
}

/// Where a member of a mapping or sequence stands: its key, if it has one, and its value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) key: Option<Location>,
    pub(super) value: Location,
}

/// The name and text of a document, shared by the document and the errors about it.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) text: String,
}
