//! The dialect of a server: how credentials are read, representations negotiated, bodies and parameters checked,
//! failures shaped, and what is answered where there is no operation. [`Plain`](crate::plain::Plain) has those of the
//! document and of the standards.

use std::fmt;
use std::future::Future;

use bytes::Bytes;
use http::{HeaderMap, Method, Response, StatusCode};

use crate::arguments::{Arguments, Values};
use crate::credentials::{Credentials, SecurityScheme};
use crate::dispatch::HandlerResponse;
use crate::failure::{Departure, Failure};
use crate::host::Host;
use crate::operation::Operation;
use crate::request::{QueryString, RequestContext};
use crate::response::Body;
use crate::route::{PathRules, Route};
use crate::undeclared::Undeclared;

/// The head of a request whose path has been matched.
#[derive(Debug, Clone, Copy)]
pub struct RequestHead<'a> {
    /// The method.
    pub method: &'a Method,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The query string, decoded.
    pub query: &'a QueryString,
    /// The route.
    pub route: &'a Route,
    /// The operation asked for, if the route has one for the method.
    pub operation: Option<&'static Operation>,
    /// The security schemes of the document.
    pub schemes: &'static [SecurityScheme],
}

/// The facts about a request that are known when it is answered.
#[derive(Debug, Clone, Copy)]
pub struct Answered<'a> {
    /// The method.
    pub method: &'a Method,
    /// The route, unless the path is unknown.
    pub route: Option<&'a Route>,
    /// The operation asked for, if the route has one for the method.
    pub operation: Option<&'static Operation>,
    /// The security schemes of the document.
    pub schemes: &'static [SecurityScheme],
}

/// The conventions of a server, in the order in which a request meets them.
pub trait Dialect: fmt::Debug + Send + Sync + 'static {
    /// Returns how paths are matched.
    fn path_rules(&self) -> PathRules;

    /// Rejects a request that cannot be answered in an acceptable media type, before its credentials are checked.
    ///
    /// # Errors
    /// The response to send instead.
    fn negotiate(&self, head: &RequestHead<'_>) -> Result<(), Failure>;

    /// Reads the credentials of a request, those of one alternative after the other. [`Host::authenticate`] is asked in this
    /// order, until it does not refuse. Without any the request is anonymous.
    ///
    /// # Errors
    /// The response to send if it may not be, or if the credentials cannot be read.
    fn credentials(&self, head: &RequestHead<'_>) -> Result<Vec<Credentials>, Failure>;

    /// Reads the variables of the path, before the object they name is authorized.
    ///
    /// # Errors
    /// The response to send if they break the document's rules.
    fn path<U>(&self, operation: &'static Operation, cx: &RequestContext<U>) -> Result<Values, Failure>;

    /// Returns `true` if a body is read for this operation at all.
    fn reads_body(&self, operation: &'static Operation, method: &Method) -> bool {
        operation.body.is_some() && *method == operation.method
    }

    /// Checks the parameters and the body, which is empty if none is read. The variables of the path have been read.
    fn arguments<H: Host>(
        &self,
        host: &H,
        operation: &'static Operation,
        cx: &RequestContext<H::User>,
        body: Bytes,
    ) -> impl Future<Output = Result<Arguments, Failure>> + Send;

    /// Answers a request with a method that its route has no operation for, `OPTIONS` among them.
    fn without_operation<H: Host>(
        &self,
        host: &H,
        route: &Route,
        cx: &RequestContext<H::User>,
    ) -> impl Future<Output = Result<HandlerResponse, Failure>> + Send;

    /// Frames the response of an operation.
    fn success(&self, answered: &Answered<'_>, response: HandlerResponse) -> Response<Body>;

    /// Returns what is answered in place of a response that departs from the document as the program does that is stood in
    /// for; `None`, the default, to answer like the program.
    fn refuses(&self, departure: &Departure) -> Option<Failure> {
        let _ = departure;
        None
    }

    /// Returns the responses that this dialect gives to an operation, whether the document declares them or not. By default
    /// none but the declared ones are known.
    fn undeclared(&self, operation: &'static Operation) -> Vec<Undeclared> {
        let _ = operation;
        Vec::new()
    }

    /// Shapes a failure, which is none that [departs](Failure::Departs).
    fn failure(&self, answered: &Answered<'_>, failure: Failure) -> Response<Body>;

    /// Answers with a status of which nothing more is known, as something between client and server does that fails. By
    /// default an error has the name of its status, and any other response no body.
    fn bare(&self, answered: &Answered<'_>, status: StatusCode) -> Response<Body> {
        if status.is_client_error() || status.is_server_error() {
            let reason = status.canonical_reason().unwrap_or("The request failed.");
            return self.failure(answered, Failure::detail(status, reason));
        }
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        response
    }

    /// Adds the headers that every response carries.
    fn finish(&self, request_id: &str, response: &mut Response<Body>);
}
