//! A document's text and the positions in it, as diagnostics need them.

use std::fmt;
use std::ops::Range;

use granit_parser::Span;

/// A position in a document's text. Lines and columns count characters from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The number of the document's file that it is in.
    pub(crate) file: usize,
    offset: usize,
    length: usize,
}

impl Location {
    /// The very beginning of a text.
    pub const START: Location = Location { line: 1, column: 1, file: 0, offset: 0, length: 0 };

    pub(crate) fn from_span(span: &Span) -> Self {
        let bytes = span.byte_range().unwrap_or(0..0);
        Location {
            line: span.start.line().max(1),
            column: span.start.col().saturating_add(1),
            file: 0,
            offset: bytes.start,
            length: bytes.len(),
        }
    }

    /// Returns the same place in another file of the document.
    pub(crate) fn in_file(self, file: usize) -> Self {
        Location { file, ..self }
    }

    /// Returns the location of these bytes, which begin in this line and column.
    pub(crate) fn of_bytes(line: usize, column: usize, bytes: Range<usize>) -> Self {
        Location { line, column, file: 0, offset: bytes.start, length: bytes.len() }
    }

    /// Returns the bytes this location covers.
    #[must_use]
    pub fn span(self) -> Range<usize> {
        self.offset..self.offset.saturating_add(self.length)
    }

    /// Returns the bytes of `text` this location covers, clamped to whole characters and to one line, for underlining.
    #[must_use]
    pub fn bytes_in(self, text: &str) -> Range<usize> {
        let floor = |index: usize| text.floor_char_boundary(index.min(text.len()));
        let start = floor(self.offset);
        let end = floor(self.offset.saturating_add(self.length)).max(start);
        let line_end =
            text.get(start..end).and_then(|covered| covered.find(['\n', '\r'])).map(|at| start + at);
        start..line_end.unwrap_or(end)
    }
}

/// The positions of a value and of its key, if it has one. The members of a mapping or sequence follow in the order of
/// the value they belong to, so that the two trees are walked side by side.
#[derive(Clone, Debug)]
pub(crate) struct SpanTree {
    pub(crate) key: Option<Location>,
    pub(crate) value: Location,
    pub(crate) members: Vec<SpanTree>,
}

/// The name and text of a document, shared by the document and the errors about it.
#[derive(Clone)]
pub struct Source {
    /// The name of the document in errors.
    pub name: String,
    /// The text.
    pub text: String,
}

/// No file at all.
pub(crate) static NONE: Source = Source { name: String::new(), text: String::new() };

/// Shows the name; the text is long.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Source {
    /// Returns a file with this name and text. A mark of the encoding is no character of the text: it would shift the
    /// columns of the first line.
    pub(crate) fn of_file(name: &str, text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Source { name: name.to_owned(), text: text.to_owned() }
    }
}
