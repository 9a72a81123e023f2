//! The implementation of the API over a store. It answers nothing by itself: the runtime's questions are answered in
//! [`crate::host`] and the operations in [`crate::handlers`].

use crate::store::Store;

/// authentik's sources API, as far as it concerns Plex sources and the group connections of OAuth sources.
#[derive(Clone)]
pub struct Authentik {
    store: Store,
}

impl Authentik {
    /// Answers from this store.
    #[must_use]
    pub fn new(store: Store) -> Self {
        Self { store }
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }
}
