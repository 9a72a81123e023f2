//! The choice of what a part of a document keeps.

/// Tells which of the members of a document a part keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retain {
    /// The member is kept with everything in it.
    All,
    /// The member is kept; its own members are decided one by one.
    Descend,
    /// The member is dropped.
    Drop,
}
