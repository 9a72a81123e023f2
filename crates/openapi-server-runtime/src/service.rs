//! An implementation together with what it is served with: its routes and its limits. Nothing here does any work; see
//! [`crate::serve`] for that.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use crate::cors::Cors;
use crate::dialect::Dialect;
use crate::dispatch::Document;
use crate::plain::Plain;
use crate::route::Router;
use crate::tables::Tables;

/// An implementation `A` of the operations of some tables, to which `S` is the way, served in the dialect `D`.
///
/// Generated crates have an alias of it for their own document.
pub struct Service<S, A, D = Plain> {
    api: A,
    dialect: Arc<D>,
    router: Router,
    settings: Settings,
    tables: &'static Tables,
    way: PhantomData<fn() -> S>,
}

impl<S: Document, A> Service<S, A, Plain> {
    /// Serves `api` with the default settings, as the document and the standards have it.
    pub fn new(api: A) -> Self {
        Self::of(S::TABLES, api)
    }
}

impl<S, A> Service<S, A, Plain> {
    /// Serves `api` like [`Service::new`], by tables that are known when the program runs. The way to the operations is
    /// [`Unwritten`](crate::unwritten::Unwritten), unless there is a better one.
    pub fn of(tables: &'static Tables, api: A) -> Self {
        let router = Router::new(tables.base_path, tables.operations, Plain.path_rules());
        let settings = Settings::default();
        Self { api, dialect: Arc::new(Plain), router, settings, tables, way: PhantomData }
    }
}

impl<S, A, D> Service<S, A, D> {
    /// Changes the dialect.
    #[must_use]
    pub fn with_dialect<E: Dialect>(self, dialect: E) -> Service<S, A, E> {
        let Self { api, settings, tables, way, .. } = self;
        let router = Router::new(tables.base_path, tables.operations, dialect.path_rules());
        Service { api, dialect: Arc::new(dialect), router, settings, tables, way }
    }
}

impl<S, A, D> Service<S, A, D> {
    /// Changes the settings.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Returns the implementation.
    pub fn api(&self) -> &A {
        &self.api
    }

    /// Returns the dialect.
    pub fn dialect(&self) -> &Arc<D> {
        &self.dialect
    }

    /// Returns the tables of the document.
    pub fn tables(&self) -> &'static Tables {
        self.tables
    }

    /// Returns the routes.
    pub fn router(&self) -> &Router {
        &self.router
    }

    /// Returns the settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}

impl<S, A: fmt::Debug, D> fmt::Debug for Service<S, A, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Service")
            .field("api", &self.api)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// The limits of a service, and who may read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The time that a request may take before it is answered with 503.
    pub time_limit: Duration,
    /// The number of bytes that a body may have before it is answered with 413.
    pub body_limit: usize,
    /// The pages of other origins that may read responses of the API; `None` says nothing of it, so none may.
    pub cors: Option<Cors>,
    /// `true` if every response has the identifier of its request in the header `X-Request-Id`. By default that is for the
    /// dialect to say.
    pub answers_request_id: bool,
}

/// The time that a request may take, unless set otherwise.
const TIME_LIMIT: Duration = Duration::from_secs(30);

/// The bytes that a body may have, unless set otherwise.
const BODY_LIMIT: usize = 5 << 19;

impl Default for Settings {
    /// Returns half a minute, and two and a half mebibytes.
    fn default() -> Self {
        Self { time_limit: TIME_LIMIT, body_limit: BODY_LIMIT, cors: None, answers_request_id: false }
    }
}
