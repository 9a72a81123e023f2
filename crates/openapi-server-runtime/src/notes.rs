//! Things that one hook leaves for another that is called for the same request later.

use std::sync::{Mutex, PoisonError};

use http::Extensions;

/// The notes about one request: at most one thing of each type.
#[derive(Debug, Default)]
pub struct Notes(Mutex<Extensions>);

impl Notes {
    /// Leaves a thing, in place of one of its type that was left before.
    pub fn leave<T: Clone + Send + Sync + 'static>(&self, note: T) {
        // No code panics while it holds this lock, so poisoning is ignored.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(note);
    }

    /// Returns the thing of this type that was left.
    #[must_use]
    pub fn find<T: Clone + Send + Sync + 'static>(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get().cloned()
    }
}
