//! Parts of documents that no page shows.

/// The reason why an operation has no page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unprintable {
    /// The place in the document.
    pub pointer: String,
    /// The part that no page shows.
    pub what: String,
}

impl std::fmt::Display for Unprintable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no page shows {}: #{}", self.what, self.pointer)
    }
}

impl std::error::Error for Unprintable {}

pub(super) type Result<T> = std::result::Result<T, Unprintable>;
