//! Passes over the syntax tree that progenitor answers, for what no change to the document can say.
//!
//! They speak of Rust items only; what a document means is decided in [`passes`](crate::passes) and handed over by
//! its [`Plan`](crate::passes::Plan).

mod dates;
mod documentation;
mod fields;
mod open;
mod presence;
mod setters;
pub(crate) mod tree;

use syn::Item;

use crate::passes::Pass;

/// The passes over the wire types, in their order.
pub const TYPES: &[Pass<Vec<Item>>] = &[
    Pass { name: "document_order", apply: fields::document_order },
    Pass { name: "patch_fields", apply: presence::patch_fields },
    Pass { name: "always_sent", apply: presence::always_sent },
    Pass { name: "date_times", apply: dates::date_times },
    Pass { name: "open_enums", apply: open::open_enums },
    Pass { name: "setters", apply: setters::setters },
    Pass { name: "type_documentation", apply: documentation::types },
];

/// The passes over the builders of operations, in their order.
pub const CLIENT: &[Pass<Vec<Item>>] = &[];
