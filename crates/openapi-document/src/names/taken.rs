//! The names that stand beside those made from a document, which therefore none of those can have.

/// What a client has besides a method for each operation, and what the builders use besides a type for each.
pub(super) const BY_CLIENTS: [&str; 8] =
    ["base_url", "builder", "clone", "from", "option", "result", "string", "types"];

/// What the crate of the types has besides one for each component, and what these use.
pub(super) const BY_TYPES: [&str; 5] = ["Default", "FilePart", "IntoField", "Items", "Patch"];

/// What the builder of an operation may have besides a setter for each parameter.
pub(super) const BY_BUILDERS: [&str; 9] =
    ["body", "body_map", "clone", "iter_blocking", "new", "options", "send", "send_blocking", "stream"];

/// What the builder of a client has besides a setter for each security scheme.
pub(super) const BY_CLIENT_BUILDERS: [&str; 9] =
    ["body_limit", "build", "clone", "header", "on_drift", "on_request", "retries", "timeout", "user_agent"];

/// The variant of every enumeration for what it does not know.
pub(super) const BY_ENUMERATIONS: [&str; 1] = ["Unrecognized"];

/// The field for all properties that an object does not name.
pub(super) const BY_OPEN_OBJECTS: &str = "extra";

/// What stands beside the traits that serve operations, what the text of these uses, and what only confuses as the name of
/// a trait, because it is known to all of Rust.
pub(super) const BY_SERVICES: [&str; 33] = [
    "A",
    "Api",
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Default",
    "Dispatch",
    "Document",
    "Drop",
    "Err",
    "Failure",
    "Fn",
    "From",
    "Future",
    "HandlerResponse",
    "Host",
    "Into",
    "Iterator",
    "Media",
    "None",
    "Ok",
    "Operation",
    "Option",
    "Query",
    "RequestContext",
    "Result",
    "Self",
    "Send",
    "Server",
    "Service",
    "String",
    "Vec",
];

/// What the types of an operation end with that stand beside the traits.
pub(super) const AFTER_OPERATIONS: [&str; 4] = ["Cookies", "Error", "Headers", "Query"];
