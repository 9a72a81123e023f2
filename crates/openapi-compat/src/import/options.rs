//! The choices of a caller.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::lint::Style;

/// Options of an import.
#[derive(Clone, Debug)]
pub struct Options<'a> {
    /// The order of keys, methods and components.
    pub style: &'a Style,
    /// The key and the value that say of every new operation and component where it comes from.
    pub provenance: (&'a str, Value),
    /// The components of ours, as `name` or `kind/name`, to be replaced by theirs. Each has to be one that both have.
    pub take_theirs: BTreeSet<String>,
}
