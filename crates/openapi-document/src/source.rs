//! A document's text and the positions in it, as diagnostics need them.

use std::fmt::Write as _;
use std::ops::Range;
use std::sync::OnceLock;

use granit_parser::Span;
use sha2::{Digest, Sha256};

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
    pub const START: Location = Location { line: 1, column: 1, offset: 0, length: 0 };

    pub(crate) fn from_span(span: &Span) -> Self {
        let bytes = span.byte_range().unwrap_or(0..0);
        Location {
            line: span.start.line().max(1),
            column: span.start.col().saturating_add(1),
            offset: bytes.start,
            length: bytes.len(),
        }
    }

    /// The bytes this location covers.
    #[must_use]
    pub fn span(self) -> Range<usize> {
        self.offset..self.offset.saturating_add(self.length)
    }

    /// The bytes of `text` this location covers, clamped to whole characters and to one line, for underlining.
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

/// Where a value stands: its key, if it has one, and itself. The members of a mapping or sequence follow in the order
/// of the value they belong to, so that the two trees are walked side by side.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) key: Option<Location>,
    pub(crate) value: Location,
    pub(crate) members: Vec<Place>,
}

/// The name and text of a document, shared by the document and the errors about it.
#[derive(Debug)]
pub struct Source {
    /// What errors call the document.
    pub name: String,
    /// The text.
    pub text: String,
    /// Every generated file has it, and the text may be large.
    digest: OnceLock<String>,
}

impl Source {
    pub(crate) fn new(name: &str, text: &str) -> Self {
        Source { name: name.to_owned(), text: text.to_owned(), digest: OnceLock::new() }
    }

    /// The SHA-256 of the text, in lowercase hexadecimal digits.
    pub fn digest(&self) -> &str {
        self.digest.get_or_init(|| {
            let mut digits = String::with_capacity(64);
            for byte in Sha256::digest(self.text.as_bytes()) {
                // Writing to a string cannot fail.
                let _ = write!(digits, "{byte:02x}");
            }
            digits
        })
    }
}
