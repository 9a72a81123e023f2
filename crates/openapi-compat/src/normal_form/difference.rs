//! The differences between two documents.

use std::fmt;

use serde_json::Value;

/// One place where two documents disagree.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// A JSON pointer into the document in its normal form. An item of an unordered list is named by the value that
    /// identifies it: `/paths/~1pets/get/parameters/query:limit/schema/maximum`,
    /// `/components/schemas/Pet/required/name`.
    pub pointer: String,
    /// The way in which the documents differ here.
    pub kind: Kind,
    /// The value in the old document, if it has one.
    pub old: Option<Value>,
    /// The value in the new document, if it has one.
    pub new: Option<Value>,
}

/// The way in which two documents differ at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Only the new one.
    Added,
    /// Only the old one.
    Removed,
    /// Both.
    Changed,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}: {} → {}", self.pointer, Shown(self.old.as_ref()), Shown(self.new.as_ref()))
    }
}

/// A value on one line, cut to a readable length.
struct Shown<'a>(Option<&'a Value>);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MAX_LENGTH: usize = 120;
        let Some(value) = self.0 else { return f.write_str("nothing") };
        let text = value.to_string();
        match text.char_indices().nth(MAX_LENGTH) {
            Some((end, _)) => write!(f, "{}…", text.get(..end).unwrap_or_default()),
            None => f.write_str(&text),
        }
    }
}
