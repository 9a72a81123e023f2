//! Passes over the syntax tree that progenitor answers, for what no change to the document can say.
//!
//! They speak of Rust items only; what a document means is decided in [`passes`](crate::passes) and handed over by
//! its [`Plan`](crate::passes::Plan).

mod dates;
pub(crate) mod documentation;
mod fields;
mod forms;
mod lacks;
mod open;
mod presence;
mod rules;
mod secrets;
pub(crate) mod setters;
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
