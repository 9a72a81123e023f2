//! Passes over the syntax tree that progenitor answers, for what no change to the document can say.
//!
//! They speak of Rust items only; what a document means is decided in [`passes`](crate::passes) and handed over by
//! its [`Plan`](crate::passes::Plan).

mod answers;
mod blocking;
mod dates;
pub(crate) mod documentation;
mod externs;
mod fields;
mod forms;
mod headers;
mod kinds;
mod lacks;
mod open;
mod options;
mod paths;
mod presence;
mod rules;
mod secrets;
mod setters;
pub(crate) mod tree;
mod unions;

use syn::Item;

use crate::passes::Pass;

/// The passes over the wire types, in their order.
pub const TYPES: &[Pass<[Item]>] = &[
    Pass { name: "document_order", apply: fields::document_order },
    Pass { name: "patch_fields", apply: presence::patch_fields },
    Pass { name: "always_sent", apply: presence::always_sent },
    Pass { name: "date_times", apply: dates::date_times },
    Pass { name: "open_enums", apply: open::open_enums },
    Pass { name: "setters", apply: setters::setters },
    Pass { name: "rules", apply: rules::rules },
    Pass { name: "missing_properties", apply: lacks::missing_properties },
    Pass { name: "type_documentation", apply: documentation::types },
];

/// The passes that add items to the wire types, in their order; they run after all others.
pub const ADDED_TYPES: &[Pass<Vec<Item>>] = &[
    Pass { name: "tagged_unions", apply: unions::tagged_unions },
    Pass { name: "form_bodies", apply: forms::form_bodies },
    Pass { name: "redacted_debug", apply: secrets::redacted_debug },
];

/// The passes over the builders of operations, in their order.
pub const CLIENT: &[Pass<[Item]>] = &[
    Pass { name: "api_version_header", apply: headers::api_version_header },
    Pass { name: "path_parameters", apply: paths::path_parameters },
    Pass { name: "one_error", apply: answers::one_error },
    Pass { name: "answer_kinds", apply: kinds::answer_kinds },
    Pass { name: "body_types", apply: forms::body_types },
    Pass { name: "form_requests", apply: forms::form_requests },
    Pass { name: "call_options", apply: options::call_options },
    Pass { name: "blocking_calls", apply: blocking::blocking_calls },
    Pass { name: "parameter_setters", apply: setters::parameter_setters },
    Pass { name: "missing_parameters", apply: lacks::missing_parameters },
    Pass { name: "client_documentation", apply: documentation::operations },
    Pass { name: "runtime_crates", apply: externs::runtime_crates },
];
