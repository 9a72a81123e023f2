//! The dialects that a document is served in.

use bytes::Bytes;
use clap::ValueEnum;
use http::{Method, Response, StatusCode};
use openapi_django::server::Django;
use openapi_resources::answer::Refusal;
use openapi_resources::server::plain;
use openapi_server_runtime::arguments::{Arguments, Values};
use openapi_server_runtime::credentials::Credentials;
use openapi_server_runtime::dialect::{Answered, Dialect, RequestHead};
use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::host::Host;
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::plain::Plain;
use openapi_server_runtime::request::RequestContext;
use openapi_server_runtime::response::Body;
use openapi_server_runtime::route::{PathRules, Route};

/// The name of a dialect: whose texts, shapes and statuses answers have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Speech {
    /// Those of the standards: problem details, 409 for a conflict
    #[default]
    Plain,
    /// Those of Django REST framework: errors by field
    Django,
}

/// The name of the dialect that is not the default, for tests.
#[cfg(test)]
pub(super) const FRAMEWORK: &str = "django";

/// A dialect that was chosen when the program started.
#[derive(Debug, Clone)]
pub enum Chosen {
    /// That of the standards.
    Plain(Plain),
    /// That of the framework.
    Django(Django),
}

impl Speech {
    /// Returns the dialect.
    pub(super) fn dialect(self) -> Chosen {
        match self {
            Self::Plain => Chosen::Plain(Plain),
            Self::Django => Chosen::Django(Django::new()),
        }
    }

    /// Returns `true` if a value that another object has is an error of its field, not a conflict.
    pub(super) fn checks_uniqueness(self) -> bool {
        self == Self::Django
    }

    /// Returns the failure that tells a refusal.
    pub(super) fn refusal(self, refusal: &Refusal) -> Failure {
        match (self, refusal) {
            (Self::Django, Refusal::NoPage { .. }) => Failure::detail(StatusCode::NOT_FOUND, "Invalid page."),
            _ => plain(refusal),
        }
    }
}

/// Hands on to the dialect.
macro_rules! hand_on {
    ($chosen:expr, $dialect:ident => $call:expr) => {
        match $chosen {
            Chosen::Plain($dialect) => $call,
            Chosen::Django($dialect) => $call,
        }
    };
}

impl Dialect for Chosen {
    fn path_rules(&self) -> PathRules {
        hand_on!(self, dialect => dialect.path_rules())
    }

    fn negotiate(&self, head: &RequestHead<'_>) -> Result<(), Failure> {
        hand_on!(self, dialect => dialect.negotiate(head))
    }

    fn credentials(&self, head: &RequestHead<'_>) -> Result<Vec<Credentials>, Failure> {
        hand_on!(self, dialect => dialect.credentials(head))
    }

    fn path<U>(&self, operation: &'static Operation, cx: &RequestContext<U>) -> Result<Values, Failure> {
        hand_on!(self, dialect => dialect.path(operation, cx))
    }

    fn reads_body(&self, operation: &'static Operation, method: &Method) -> bool {
        hand_on!(self, dialect => dialect.reads_body(operation, method))
    }

    async fn arguments<H: Host>(
        &self,
        host: &H,
        operation: &'static Operation,
        cx: &RequestContext<H::User>,
        body: Bytes,
    ) -> Result<Arguments, Failure> {
        hand_on!(self, dialect => dialect.arguments(host, operation, cx, body).await)
    }

    async fn without_operation<H: Host>(
        &self,
        host: &H,
        route: &Route,
        cx: &RequestContext<H::User>,
    ) -> Result<HandlerResponse, Failure> {
        hand_on!(self, dialect => dialect.without_operation(host, route, cx).await)
    }

    fn success(&self, answered: &Answered<'_>, response: HandlerResponse) -> Response<Body> {
        hand_on!(self, dialect => dialect.success(answered, response))
    }

    fn failure(&self, answered: &Answered<'_>, failure: Failure) -> Response<Body> {
        hand_on!(self, dialect => dialect.failure(answered, failure))
    }

    fn bare(&self, answered: &Answered<'_>, status: StatusCode) -> Response<Body> {
        hand_on!(self, dialect => dialect.bare(answered, status))
    }

    fn finish(&self, request_id: &str, response: &mut Response<Body>) {
        hand_on!(self, dialect => dialect.finish(request_id, response));
    }
}
