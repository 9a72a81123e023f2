//! Repairs of the types that typify writes, for what no schema can have it write.
//!
//! They are keyed by the schema that a type was made from; what a document means is in its model.

mod alternatives;
mod conversions;
mod dates;
pub(crate) mod documentation;
mod fields;
mod forms;
mod open;
pub(crate) mod plan;
mod presence;
mod refusals;
mod rules;
mod secrets;
pub(crate) mod setters;
pub(crate) mod subject;
pub(crate) mod tree;
mod unions;

use syn::Item;

pub(crate) use plan::Plan;

/// Repairs the wire types, with their module `builder`.
pub(crate) fn repair(types: &mut Vec<Item>, plan: &Plan<'_>) {
    for repair in [
        fields::document_order,
        presence::options_of_boxes,
        presence::patch_fields,
        presence::always_sent,
        dates::date_times,
        open::open_enums,
        setters::setters,
        rules::rules,
        refusals::refusals,
        documentation::types,
    ] {
        repair(types, plan);
    }
    // These add items, which nothing is to repair.
    for add in [
        unions::tagged_unions,
        alternatives::alternatives,
        forms::form_bodies,
        secrets::redacted_debug,
        conversions::answers_to_bodies,
    ] {
        add(types, plan);
    }
}
