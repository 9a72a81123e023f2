//! Checks what a document has to satisfy before anything is made from it.

mod compositions;
pub(crate) mod cut;
pub(crate) mod findings;
pub(crate) mod mend;
mod operations;
mod references;
mod structure;
pub(crate) mod values;

use std::sync::Arc;

use crate::document::Document;
use crate::error::{Diagnostic, Error};
use crate::source::Source;
use crate::tree::Tree;
use crate::version::Version;
use findings::Findings;

/// Returns the version of OpenAPI that a document says it follows.
pub(crate) fn version(sources: &Arc<[Source]>, tree: &Tree) -> Result<Version, Error> {
    structure::version(tree).map_err(|fault| {
        let document = Document::unread(sources, tree);
        document.error(fault.pointer, fault.message, fault.help)
    })
}

/// Finds where a document has not the shape that its version asks for.
pub(crate) fn structure(document: &Document) -> Vec<Diagnostic> {
    let mut findings = Findings::of(document);
    structure::check(&mut findings);
    findings.problems
}

/// Finds where a document in the canonical form contradicts itself. Each check tolerates what the others reject, so one
/// run reports every problem. References that lead nowhere are one problem if they are most of all, unless `each` of them
/// is wanted.
pub(crate) fn meaning(document: &Document, each: bool) -> Vec<Diagnostic> {
    let mut findings = Findings::of(document);
    references::check(&mut findings, each);
    compositions::check(&mut findings);
    operations::check(&mut findings);
    findings.problems
}
