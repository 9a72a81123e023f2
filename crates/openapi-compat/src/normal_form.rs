//! Finds the differences in meaning between two OpenAPI documents.
//!
//! Both documents are brought into a normal form and compared member by member. [`changes`](crate::changes()) tells
//! whether a difference breaks callers.

mod compare;
mod difference;
mod normalize;
mod usage;

use serde_json::Value;

pub use difference::{Difference, Kind};
pub use normalize::Options;
pub(crate) use normalize::{identity, is_blank_member};
use openapi_document::grammar::Shape;

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

#[cfg(test)]
mod tests;
