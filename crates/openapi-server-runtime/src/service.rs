//! An implementation together with what it is served with: its routes and its limits. Nothing here does any work; see
//! [`crate::serve`] for that.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use crate::dispatch::Document;
use crate::route::Router;

/// An implementation `A` of the operations of the document `S`, which can be served.
///
/// Generated crates have an alias of it for their own document.
pub struct Service<S, A> {
    api: A,
    router: Router,
    settings: Settings,
    document: PhantomData<fn() -> S>,
}

impl<S: Document, A> Service<S, A> {
    /// Serves `api` with the default settings.
    pub fn new(api: A) -> Self {
        let router = Router::new(S::BASE_PATH, S::OPERATIONS);
        Self { api, router, settings: Settings::default(), document: PhantomData }
    }
}

impl<S, A> Service<S, A> {
    /// Changes the settings.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// The implementation.
    pub fn api(&self) -> &A {
        &self.api
    }

    /// The routes.
    pub fn router(&self) -> &Router {
        &self.router
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}

impl<S, A: fmt::Debug> fmt::Debug for Service<S, A> {
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
    /// How long a request may take before it is answered with 503.
    pub time_limit: Duration,
    /// How many bytes a body may have before it is answered with 413.
    pub body_limit: usize,
    /// What [`RequestContext::strict`](crate::request::RequestContext::strict) tells hooks and handlers.
    pub strict: bool,
}

impl Default for Settings {
    /// Half a minute; two and a half mebibytes, which is Django's default; not strict.
    fn default() -> Self {
        Self { time_limit: Duration::from_secs(30), body_limit: 2_621_440, strict: false }
    }
}
