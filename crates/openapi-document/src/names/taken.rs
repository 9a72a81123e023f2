//! Names that exist beside those made from a document, and that these therefore cannot have.

/// Names that a client has besides the methods of its operations, and that builders use besides their types.
pub(super) const BY_CLIENTS: [&str; 9] =
    ["base_url", "builder", "clone", "from", "option", "request", "result", "string", "types"];

/// Names that the crate of the types has besides its components, and that these use.
pub(super) const BY_TYPES: [&str; 5] = ["Default", "FilePart", "IntoField", "Items", "Patch"];

/// Names that the builder of an operation may have besides the setters of its parameters.
pub(super) const BY_BUILDERS: [&str; 10] = [
    "body",
    "body_as",
    "body_map",
    "clone",
    "iter_blocking",
    "new",
    "options",
    "send",
    "send_blocking",
    "stream",
];

/// Names that the builder of a client has besides the setters of its security schemes.
pub(super) const BY_CLIENT_BUILDERS: [&str; 9] =
    ["body_limit", "build", "clone", "header", "on_drift", "on_request", "retries", "timeout", "user_agent"];

/// The variant of every enumeration for what it does not know.
pub(super) const BY_ENUMERATIONS: [&str; 1] = ["Unrecognized"];

/// The field for all properties that an object does not name.
pub(super) const BY_OPEN_OBJECTS: &str = "extra";

/// Names beside the traits that serve operations, names that their text uses, and names that would confuse as those of
/// traits, because all of Rust knows them.
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

/// Suffixes of the types of an operation beside the traits.
pub(super) const AFTER_OPERATIONS: [&str; 4] = ["Cookies", "Error", "Headers", "Query"];
