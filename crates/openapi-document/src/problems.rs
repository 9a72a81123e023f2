//! Problems of a document as an error, up to as many as a person would read.

use std::sync::Arc;

use crate::error::{Diagnostic, Error};
use crate::source::Source;

/// Diagnostics beyond this number are counted only, so that a hopeless document is refused quickly.
pub(crate) const MAX_DIAGNOSTICS: usize = 100;

/// Returns an error with the problems of a document read from these files, if there are any.
pub(crate) fn into_result(sources: &Arc<[Source]>, mut problems: Vec<Diagnostic>) -> Result<(), Error> {
    if problems.is_empty() {
        return Ok(());
    }
    let omitted = problems.len().saturating_sub(MAX_DIAGNOSTICS);
    problems.truncate(MAX_DIAGNOSTICS);
    Err(Error::new(Arc::clone(sources), problems).omitting(omitted))
}
