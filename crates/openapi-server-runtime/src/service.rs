//! An implementation together with what it is served with: its routes and its limits. Nothing here does any work; see
//! [`crate::serve`] for that.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use crate::dialect::Dialect;
use crate::dispatch::Document;
use crate::plain::Plain;
use crate::route::Router;

/// An implementation `A` of the operations of the document `S`, served in the dialect `D`.
///
/// Generated crates have an alias of it for their own document.
pub struct Service<S, A, D = Plain> {
    api: A,
    dialect: Arc<D>,
    router: Router,
    settings: Settings,
    document: PhantomData<fn() -> S>,
}

impl<S: Document, A> Service<S, A, Plain> {
    /// Serves `api` with the default settings, as the document and the standards have it.
    pub fn new(api: A) -> Self {
        let router = Router::new(S::BASE_PATH, S::OPERATIONS, Plain.path_rules());
        Self { api, dialect: Arc::new(Plain), router, settings: Settings::default(), document: PhantomData }
    }
}

impl<S: Document, A, D> Service<S, A, D> {
    /// Changes the dialect.
    #[must_use]
    pub fn with_dialect<E: Dialect>(self, dialect: E) -> Service<S, A, E> {
        let router = Router::new(S::BASE_PATH, S::OPERATIONS, dialect.path_rules());
        let Self { api, settings, document, .. } = self;
        Service { api, dialect: Arc::new(dialect), router, settings, document }
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

/// The limits of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The time that a request may take before it is answered with 503.
    pub time_limit: Duration,
    /// The number of bytes that a body may have before it is answered with 413.
    pub body_limit: usize,
}

impl Default for Settings {
    /// Returns half a minute, and two and a half mebibytes.
    fn default() -> Self {
        Self { time_limit: Duration::from_secs(30), body_limit: 2_621_440 }
    }
}
