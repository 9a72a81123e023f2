//! Extensions whose values generation depends on.

/// The key by which a document decides what divides its operations among traits.
pub const SERVICE_TRAITS: &str = "x-service-traits";

/// The value of [`SERVICE_TRAITS`] for tags.
pub const BY_TAG: &str = "tag";

/// The value of [`SERVICE_TRAITS`] for paths.
pub const BY_PATH: &str = "path";
