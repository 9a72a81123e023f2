//! The names that stand beside those made from a document, which therefore none of those can have.

/// What a client has besides a method for each operation, and what the builders use besides a type for each.
pub(super) const BY_CLIENTS: [&str; 8] =
    ["base_url", "builder", "clone", "from", "option", "result", "string", "types"];

/// What the crate of the types has besides one for each component, and what these use.
pub(super) const BY_TYPES: [&str; 5] = ["Default", "FilePart", "IntoField", "Items", "Patch"];

/// What the builder of an operation may have besides a setter for each parameter.
pub(super) const BY_BUILDERS: [&str; 10] = [
    "body",
    "body_map",
    "clone",
    "header_map",
    "iter_blocking",
    "new",
    "options",
    "send",
    "send_blocking",
    "stream",
];

/// The variant of every enumeration for what it does not know.
pub(super) const BY_ENUMERATIONS: [&str; 1] = ["Unrecognized"];

/// The field for all properties that an object does not name.
pub(super) const BY_OPEN_OBJECTS: &str = "extra";
