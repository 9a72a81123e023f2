//! Assesses changes of a document: whom they affect, how severely, and how they change the generated Rust.
//!
//! Both documents are walked side by side, through references and with the direction of the data in mind. A narrower
//! request breaks callers; a narrower response only binds the server. Every finding is an instance of a [`Rule`] of the
//! catalogue [`RULES`]. Only documents are compared: behaviour of code that its document does not describe is not seen.

mod annotations;
mod answers;
mod bodies;
mod bounds;
mod callbacks;
mod calls;
mod change;
mod change_log;
mod composition;
mod encodings;
mod headers;
mod heirs;
mod info_and_tags;
mod media_types;
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
mod statuses;
mod style;
mod subject;
mod unchanged;
mod urls;
mod value_constraints;
mod xml;

pub use change::{Change, RustEffect};
use change_log::ChangeLog;
use node::{Both, Revision};
use openapi_document::document::Document;
pub use rule::{Assessment, Audience, Direction, Effect, Rule, SemverBump, Severity};
pub use rules::RULES;

/// Returns everything that changed from `old` to `new`, operations before components, each in the order of the new
/// document.
///
/// Differences without a meaning are no changes: another order of keys or of unordered lists, a default that is written
/// out, a parameter, response or body moved behind a reference, a component that no operation uses. A component used in
/// requests and in responses gives one change for each.
#[must_use]
pub fn changes(old: &Document, new: &Document) -> Vec<Change> {
    of_revisions(old.into(), new.into())
}

fn of_revisions(old: Revision<'_>, new: Revision<'_>) -> Vec<Change> {
    let mut log = ChangeLog::of(old.root, new.root);
    let pair = Both::of_documents(old, new);
    info_and_tags::compare(&mut log, &pair);
    servers::compare(&mut log, &pair);
    operations::compare(&mut log, &pair);
    callbacks::compare_webhooks(&mut log, &pair);
    service_traits::compare(&mut log, &pair);
    schemas::compare_components(&mut log, &pair);
    security::compare_schemes(&mut log, &pair);
    log.into_changes()
}

#[cfg(test)]
mod mutate;
#[cfg(test)]
mod tests;
