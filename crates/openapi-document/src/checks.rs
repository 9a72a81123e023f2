//! Checks what a document has to satisfy before anything is made from it.

pub(crate) mod compositions;
pub(crate) mod findings;
pub(crate) mod operations;
pub(crate) mod references;
pub(crate) mod structure;

use std::sync::Arc;

use crate::document::Document;
use crate::error::Error;
use crate::problems::Problems;
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
pub(crate) fn structure(document: &Document, problems: &mut Problems) {
    structure::check(&mut Findings { document, problems });
}

/// Finds where a document in the canonical form contradicts itself. Each check tolerates what the others reject, so one
/// run reports every problem.
pub(crate) fn meaning(document: &Document, problems: &mut Problems) {
    let mut findings = Findings { document, problems };
    references::check(&mut findings);
    compositions::check(&mut findings);
    operations::check(&mut findings);
}
