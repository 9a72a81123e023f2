//! The server's errors about the fields of a request.

use std::fmt::{self, Write as _};

use crate::line::Line;

/// The messages of a refused request, in the order of the response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

/// The messages about one field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The field, such as `slug` or, for an item of a list, `tags.1`; empty if it is about the whole request.
    pub path: String,
    /// The messages.
    pub messages: Vec<String>,
}

impl FieldError {
    /// Creates the messages about the field `path`.
    pub fn new(path: impl Into<String>, messages: impl IntoIterator<Item = String>) -> Self {
        FieldError { path: path.into(), messages: messages.into_iter().collect() }
    }
}

impl FieldErrors {
    /// Returns the messages about the field `path`, such as `slug`; with an empty path, those about the whole request.
    pub fn about(&self, path: &str) -> impl Iterator<Item = &str> {
        let fields = self.0.iter().filter(move |field| field.path == path);
        fields.flat_map(|field| field.messages.iter().map(String::as_str))
    }

    /// Returns the fields there are messages about.
    pub fn iter(&self) -> std::slice::Iter<'_, FieldError> {
        self.0.iter()
    }
}

impl FromIterator<FieldError> for FieldErrors {
    fn from_iter<T: IntoIterator<Item = FieldError>>(errors: T) -> Self {
        FieldErrors(errors.into_iter().collect())
    }
}

impl<'a> IntoIterator for &'a FieldErrors {
    type Item = &'a FieldError;
    type IntoIter = std::slice::Iter<'a, FieldError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Shows all messages in one line of a bounded length, without control characters.
impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = Line::new(f);
        for (index, FieldError { path, messages }) in self.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            let colon = if path.is_empty() { "" } else { ": " };
            write!(line, "{separator}{path}{colon}{}", messages.join(" "))?;
        }
        Ok(())
    }
}
