//! An implementation together with what it is served with: its routes and its limits. Nothing here does any work; see
//! [`crate::serve`] for that.

use std::time::Duration;

use crate::dispatch::Dispatch;
use crate::route::Router;

/// An implementation that can be served.
#[derive(Debug)]
pub struct Service<A> {
    api: A,
    router: Router,
    settings: Settings,
}

impl<A: Dispatch> Service<A> {
    /// Serves `api` with the default settings.
    pub fn new(api: A) -> Self {
        Self { api, router: Router::new(A::BASE_PATH, A::OPERATIONS), settings: Settings::default() }
    }

    /// Changes the settings.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }
}

impl<A> Service<A> {
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
