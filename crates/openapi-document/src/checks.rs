//! Checks what a document has to satisfy before anything is made from it.

pub(crate) mod compositions;
pub(crate) mod findings;
pub(crate) mod operations;
pub(crate) mod references;
pub(crate) mod structure;

use std::sync::Arc;

use crate::document::{Document, typed};
use crate::error::Error;
use findings::Findings;

/// Runs every check. Each tolerates what the others reject, so one run reports every problem. `openapiv3` parses last,
/// because its errors are poor.
pub(crate) fn check(document: &Document) -> Result<(), Error> {
    if let Some(diagnostic) = structure::version(document) {
        return Err(Error::new(Arc::clone(&document.source), vec![diagnostic]));
    }
    let mut findings = Findings::new(document);
    structure::check(&mut findings);
    references::check(&mut findings);
    compositions::check(&mut findings);
    operations::check(&mut findings);
    findings.into_result()?;
    let mut findings = Findings::new(document);
    typed::check(&mut findings);
    findings.into_result()
}
