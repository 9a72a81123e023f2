//! The implementation of the API over a store. It answers nothing by itself: the runtime's questions are answered in
//! [`crate::host`], and the operations of each viewset in its own file.

use std::sync::Arc;

use authentik_sources_api::{DOCUMENT, TABLES};
use http::HeaderName;
use openapi_control::Control;
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
    control: Arc<Control>,
}

impl StubApi {
    /// Answers from memory, at first with these objects. The control API is open to every local program.
    #[must_use]
    pub fn in_memory(fixture: &Fixture) -> Self {
        Self::new(Store::in_memory(State::of(fixture)))
    }

    /// Answers from this store. The control API is open to every local program.
    pub(crate) fn new(store: Store) -> Self {
        Self::guarded(store, Guard::default())
    }

    /// Answers from this store, with a control API that is guarded differently.
    pub(crate) fn guarded(store: Store, guard: Guard) -> Self {
        let control = Control::new(&TABLES, dialect(), DOCUMENT).with_guard(guard);
        Self { store, control: Arc::new(control) }
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
        self.control.clear();
        self.store.reset().await
    }

    /// Returns the planned faults.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        self.control.faults()
    }

    /// Returns the control API.
    pub(crate) fn control(&self) -> &Control {
        &self.control
    }
}

/// Returns authentik's dialect: that of Django REST framework, the identifier of a request in a header, and pages that
/// hide the failure of a write behind an empty 405.
#[must_use]
pub fn dialect() -> Django {
    Django::new().request_id_header(REQUEST_ID).read_only_pages(true)
}
