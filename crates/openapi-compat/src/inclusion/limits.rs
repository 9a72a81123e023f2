//! Limits of what is compared, which several modules heed.

/// Levels of schemas that are compared.
pub(super) const MAX_DEPTH: usize = 64;

/// Alternatives of one schema.
pub(super) const MAX_ALTERNATIVES: usize = 256;
