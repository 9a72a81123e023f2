//! What a change of the document means: whom it hits, how hard, and what it does to the generated Rust.
//!
//! Two documents are walked side by side, through references and with the direction in mind: what narrows a request
//! breaks callers, and the same in an answer only binds the server. Every finding is an instance of a [`Rule`] of the
//! catalogue [`RULES`]. It judges documents and nothing else: what code does beyond its document is not seen.

mod annotations;
mod bodies;
mod bounds;
mod change;
mod composition;
mod journal;
mod kinds;
mod node;
mod operations;
mod parameters;
mod properties;
mod rule;
mod rules;
mod schemas;
mod security;
mod servers;
mod service_traits;
mod settled;
mod subject;
mod surroundings;

pub use change::{Change, RustEffect};
use journal::Journal;
use node::{Pair, Side};
use openapi_document::document::Document;
pub use rule::{Class, Direction, Effect, Hit, Level, Rule, Verdict};
pub use rules::RULES;
use subject::Subject;

/// Everything that changed from `old` to `new`, operations before components, each in the order of the new document.
///
/// What means the same is no change: another order of keys and of lists whose order means nothing, a default written
/// out, a parameter, answer or body moved behind a reference, a component that no operation uses. A component used in
/// requests and in answers gives one change for each.
#[must_use]
pub fn changes(old: &Document, new: &Document) -> Vec<Change> {
    of_sides(old.into(), new.into())
}

fn of_sides(old: Side<'_>, new: Side<'_>) -> Vec<Change> {
    let mut journal = Journal::of(old.root, new.root);
    let pair = Pair::of_documents(old, new);
    surroundings::compare(&mut journal, &pair);
    servers::compare(&mut journal, &pair);
    operations::compare(&mut journal, &pair);
    operations::callbacks(&mut journal, &pair.get("webhooks"), &Subject::plain("the document"));
    service_traits::compare(&mut journal, &pair);
    schemas::compare_components(&mut journal, &pair);
    security::compare_schemes(&mut journal, &pair);
    journal.into_changes()
}

#[cfg(test)]
mod mutate;
#[cfg(test)]
mod tests;
