//! JSON pointers (RFC 6901), by which the places in a definition and in a state are named.

use std::fmt;

/// Returns the pointer to a member or an item of what `parent` points to.
#[must_use]
pub fn child(parent: &str, key: impl fmt::Display) -> String {
    format!("{parent}/{}", key.to_string().replace('~', "~0").replace('/', "~1"))
}
