//! Marks of a request for the journal: what stood in the place of the API.

/// The id of the fault that a request has met.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Met(pub(crate) u64);

/// The id of the answer of one's own that a request was given.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Taken(pub(crate) u64);
