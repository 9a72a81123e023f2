//! The implementation of the API over a store. It answers nothing by itself: the runtime's questions are answered in
//! [`crate::host`], and the operations of each viewset in its own file.

use std::sync::Arc;

use http::HeaderName;
use openapi_django::server::Django;

use crate::control::Guard;
use crate::faults::Faults;
use crate::fixture::Fixture;
use crate::journal::StoreError;
use crate::state::State;
use crate::store::Store;

/// The header that names a request.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-authentik-id");

/// authentik's sources API, as far as it concerns Plex sources and the group connections of OAuth sources.
#[derive(Clone)]
pub struct StubApi {
    store: Store,
    faults: Arc<Faults>,
    guard: Guard,
}

impl StubApi {
    /// Answers from memory, at first with these objects. The control API is open to every local program.
    #[must_use]
    pub fn in_memory(fixture: &Fixture) -> Self {
        Self::new(Store::in_memory(State::of(fixture)))
    }

    /// Answers from this store. The control API is open to every local program.
    pub(crate) fn new(store: Store) -> Self {
        Self { store, faults: Arc::default(), guard: Guard::default() }
    }

    /// Guards the control API differently.
    pub(crate) fn with_guard(mut self, guard: Guard) -> Self {
        self.guard = guard;
        self
    }

    /// Returns the store.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// Begins anew: the first objects are there again, and nothing goes wrong any more.
    ///
    /// # Errors
    /// If the state file cannot be written.
    pub async fn reset(&self) -> Result<(), StoreError> {
        self.faults.clear();
        self.store.reset().await
    }

    /// Returns the planned faults.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Returns what decides who may use the control API.
    pub(crate) fn guard(&self) -> &Guard {
        &self.guard
    }
}

/// Returns authentik's dialect: that of Django REST framework, the identifier of a request in a header, and pages that
/// hide the failure of a write behind an empty 405.
#[must_use]
pub fn dialect() -> Django {
    Django::new().request_id_header(REQUEST_ID).read_only_pages(true)
}
