//! Lines of pages.

/// A line of a page and the place in the document that it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The line without its end.
    pub text: String,
    /// The pointer of what it says something about; for the example a place of its own below the response.
    pub pointer: String,
    /// The pointer of what declares that: of a value of the example its schema.
    pub declared: String,
}

impl Line {
    pub(super) fn at(pointer: &str, text: impl Into<String>) -> Self {
        Line { text: text.into(), pointer: pointer.to_owned(), declared: pointer.to_owned() }
    }
}
