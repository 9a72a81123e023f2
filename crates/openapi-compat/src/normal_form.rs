//! Finds the differences in meaning between two OpenAPI documents.
//!
//! Both documents are brought into a normal form and compared member by member. [`changes`](crate::changes()) tells
//! whether a difference breaks callers.

mod compare;
mod normalize;
mod usage;

use std::fmt;

use serde_json::Value;

pub(crate) use normalize::is_blank_member;
use openapi_document::grammar::Shape;

/// Selects the parts of documents that are compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Compare vendor extensions (`x-…`) too.
    pub extensions: bool,
}

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

/// Returns the differences in meaning between `old` and `new`, in the order of `old`.
///
/// The order of keys, tags, parameters, enumerated values, required names and security alternatives means nothing.
/// Neither does whether a default is written out, whether a parameter, response, request body or header is behind a
/// reference, whether a parameter or security requirement stands above its operation or in it, and what components
/// there are that nothing refers to. Schemas are compared as components, by name.
#[must_use]
pub fn differences(old: &Value, new: &Value, options: &Options) -> Vec<Difference> {
    let mut old = normalize::form(old, *options);
    let mut new = normalize::form(new, *options);
    let (unused_old, unused_new) = (usage::unused(&old), usage::unused(&new));
    let missing = |pointer: &String, other: &Value| other.pointer(pointer).is_none();
    let only_old: Vec<String> = unused_old.into_iter().filter(|pointer| missing(pointer, &new)).collect();
    let only_new: Vec<String> = unused_new.into_iter().filter(|pointer| missing(pointer, &old)).collect();
    usage::remove(&mut old, &only_old);
    usage::remove(&mut new, &only_new);
    compare::compare(&old, &new)
}

/// Returns `true` if two values of one shape, each with its document, mean the same. Vendor extensions are ignored.
pub(crate) fn same(old: (&Value, &Value), new: (&Value, &Value), shape: Shape) -> bool {
    let form = |(root, value)| normalize::value_form(root, value, shape);
    compare::compare(&form(old), &form(new)).is_empty()
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

#[cfg(test)]
mod tests;
