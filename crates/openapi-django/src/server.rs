//! The dialect of a server: how Django REST framework reads requests and answers them.

mod bearer;
mod body;
mod charset;
mod date_time;
mod errors;
mod fault;
mod fields;
mod formats;
mod json;
mod metadata;
mod negotiation;
mod pages;
mod parameters;
pub mod python;
mod reference;
mod strict;
#[cfg(test)]
mod tests;
mod text;
mod undeclared;

use bytes::Bytes;
use http::header::{
    ALLOW, AUTHORIZATION, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderName, HeaderValue, Method, Response, StatusCode};
use openapi_server_runtime::arguments::{Arguments, Values};
use openapi_server_runtime::credentials::{Credentials, SchemeKind, Secret, SecurityScheme, presented};
use openapi_server_runtime::dialect::{Answered, Dialect, RequestHead};
use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::{Departure, Failure};
use openapi_server_runtime::host::Host;
use openapi_server_runtime::operation::{Location, Operation};
use openapi_server_runtime::request::RequestContext;
use openapi_server_runtime::response::Body;
use openapi_server_runtime::route::{PathRules, Route};
use openapi_server_runtime::undeclared::Undeclared;
use serde_json::{Value, json};

use errors::ErrorTree;
use fault::Fault;
pub use parameters::{query, values};
pub use text::taken;

/// The rules by which paths are matched: an encoded slash separates segments, and a variable takes no dot.
pub const PATH_RULES: PathRules = PathRules { encoded_slash_separates: true, no_dots: true };

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
const BYTES: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// The scheme of bearer tokens where the document has none.
static BEARER: SecurityScheme = SecurityScheme { name: "bearer", kind: SchemeKind::Bearer };

/// Serves a document as Django REST framework does.
///
/// - Values are coerced as serializer fields coerce them, and refused with their messages.
/// - `?format=` chooses a representation, `OPTIONS` describes a route, an unknown path is answered with a page.
/// - Missing and unknown credentials are answered with 403; a request without credentials is anonymous. Of several
///   credentials a bearer token is asked about, or else the first alternative of the operation, and no other.
///
/// ```
/// use http::HeaderName;
/// use openapi_django::server::Django;
///
/// let dialect = Django::new().request_id_header(HeaderName::from_static("x-request-id"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Django {
    request_id: Option<HeaderName>,
    read_only_pages: bool,
    strict: bool,
}

impl Django {
    /// Returns the dialect with the framework's defaults.
    #[must_use]
    pub const fn new() -> Self {
        Self { request_id: None, read_only_pages: false, strict: false }
    }

    /// Sends the identifier of a request in a header of this name.
    #[must_use]
    pub fn request_id_header(mut self, name: HeaderName) -> Self {
        self.request_id = Some(name);
        self
    }

    /// Serves the pages for unknown paths and server errors by views that can only be read. Any other method is answered
    /// with an empty 405, even if it failed.
    #[must_use]
    pub const fn read_only_pages(mut self, read_only: bool) -> Self {
        self.read_only_pages = read_only;
        self
    }

    /// Refuses requests that depart from the document although the framework puts up with them: coerced values,
    /// undeclared names and parameters, read-only properties.
    #[must_use]
    pub const fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }
}

/// Holds a value to the body of an operation, as if it had been sent there; `cx` is a request for that operation.
///
/// # Errors
/// 400 with what is wrong with it.
pub async fn body<H: Host>(
    operation: &'static Operation,
    value: &Value,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<Value, Failure> {
    let Some(body) = &operation.body else { return Ok(value.clone()) };
    fields::parse(&body.content.rule, value, host, cx).await.map_err(|fault| match fault {
        Fault::Invalid(messages) => ErrorTree::from(messages).into_errors().into(),
        Fault::Failed(failure) => failure,
    })
}

/// Returns the status and the JSON of a failure; `None` if it has no body, or a page.
#[must_use]
pub fn shape(failure: &Failure) -> (StatusCode, Option<Value>) {
    let body = match failure {
        Failure::Validation(errors) => Some(ErrorTree::from(errors).to_value()),
        Failure::Unauthenticated { detail } => {
            return (StatusCode::FORBIDDEN, Some(json!({"detail": detail})));
        }
        Failure::Detail { detail, .. } => Some(json!({"detail": detail})),
        Failure::Body { value: Value::Null, .. }
        | Failure::UnknownPath
        | Failure::ServerError
        | Failure::Unwritten => None,
        Failure::Departs(_, failure) => return shape(failure),
        Failure::Body { value, .. } => Some(value.clone()),
    };
    (failure.status(), body)
}

impl Dialect for Django {
    fn path_rules(&self) -> PathRules {
        PATH_RULES
    }

    fn negotiate(&self, head: &RequestHead<'_>) -> Result<(), Failure> {
        let answered = head.operation.and_then(Operation::success);
        let answered = answered.map_or(&[][..], |response| response.content_types);
        negotiation::negotiate(head.headers, head.query, answered)
    }

    /// Reads one alternative only: the framework asks no further authentication class after one that refuses credentials.
    fn credentials(&self, head: &RequestHead<'_>) -> Result<Vec<Credentials>, Failure> {
        let others = || {
            let presented = |operation| presented(head.schemes, operation, head.headers, head.query);
            head.operation.into_iter().flat_map(presented).take(1).collect::<Vec<_>>()
        };
        let Some(header) = head.headers.get(AUTHORIZATION) else { return Ok(others()) };
        match bearer::parse(header.as_bytes()) {
            Ok(Some(token)) => {
                let is_token = |scheme: &&SecurityScheme| {
                    matches!(scheme.kind, SchemeKind::Bearer | SchemeKind::OAuth2 | SchemeKind::OpenIdConnect)
                };
                let scheme = head.schemes.iter().find(is_token).unwrap_or(&BEARER);
                let required = head.operation.into_iter().flat_map(|operation| operation.security);
                let required = required.copied().flatten().find(|required| required.scheme == scheme.name);
                let scopes = required.map_or(&[][..], |required| required.scopes);
                Ok(vec![Credentials::one(scheme, scopes, Secret::Token(token.to_owned()))])
            }
            Ok(None) => Ok(others()),
            Err(refused) => Some(others()).filter(|others| !others.is_empty()).ok_or(refused),
        }
    }

    fn path<U>(&self, operation: &'static Operation, cx: &RequestContext<U>) -> Result<Values, Failure> {
        if self.strict {
            strict::query(operation, cx).into_result()?;
        }
        // What is no key of an object is looked for all the same, and not found.
        Ok(parameters::path(operation, cx))
    }

    fn reads_body(&self, operation: &'static Operation, method: &Method) -> bool {
        operation.body.is_some() && *method == operation.method
            || matches!(*method, Method::POST | Method::PUT | Method::PATCH)
    }

    async fn arguments<H: Host>(
        &self,
        host: &H,
        operation: &'static Operation,
        cx: &RequestContext<H::User>,
        body: Bytes,
    ) -> Result<Arguments, Failure> {
        let path = &cx.arguments.path;
        if operation.parameters_in(Location::Path).any(|parameter| path.get(parameter.name).is_none()) {
            return Err(Failure::not_found());
        }
        let mut arguments = Arguments::default();
        if self.reads_body(operation, &cx.method) {
            arguments.body = body::check(operation, host, cx, &body, self.strict).await?;
        }
        parameters::parse(operation.parameters, host, cx, &mut arguments).await?;
        Ok(arguments)
    }

    /// Describes the route for `OPTIONS`, and rejects any other method.
    async fn without_operation<H: Host>(
        &self,
        host: &H,
        route: &Route,
        cx: &RequestContext<H::User>,
    ) -> Result<HandlerResponse, Failure> {
        if cx.method == Method::OPTIONS {
            return HandlerResponse::json(200, &metadata::describe(route, host, cx).await?);
        }
        let detail = format!("Method \"{}\" not allowed.", cx.method);
        Err(Failure::detail(StatusCode::METHOD_NOT_ALLOWED, detail))
    }

    fn success(&self, answered: &Answered<'_>, response: HandlerResponse) -> Response<Body> {
        let HandlerResponse { status, body, media_type, .. } = response;
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        if let Some(Ok(allow)) = answered.route.map(|route| HeaderValue::try_from(route.allow())) {
            response.headers_mut().insert(ALLOW, allow);
        }
        if let Some(body) = body {
            let media_type = media_type.map(|media_type| HeaderValue::from_str(&media_type).unwrap_or(BYTES));
            response.headers_mut().insert(CONTENT_TYPE, media_type.unwrap_or(JSON));
            *response.body_mut() = Body::from(body);
        }
        response
    }

    fn undeclared(&self, operation: &'static Operation) -> Vec<Undeclared> {
        undeclared::of(operation, self.reads_body(operation, &operation.method), self.read_only_pages)
    }

    /// Holds the program to its document too, where requests are.
    fn refuses(&self, departure: &Departure) -> Option<Failure> {
        let told =
            || format!("The document does not have this answer ({}). {}", departure.name, departure.reason);
        self.strict.then(|| Failure::bad_request(told()))
    }

    fn failure(&self, answered: &Answered<'_>, failure: Failure) -> Response<Body> {
        if matches!(failure, Failure::UnknownPath | Failure::ServerError) {
            return pages::page(answered.method, failure.status(), self.read_only_pages);
        }
        let (status, body) = shape(&failure);
        let body = body.map(|body| Bytes::from(body.to_string()));
        self.success(answered, HandlerResponse { body, ..HandlerResponse::empty(status.as_u16()) })
    }

    /// Has the framework's words for the statuses of its exceptions, and a page for a status that it has none for.
    fn bare(&self, answered: &Answered<'_>, status: StatusCode) -> Response<Body> {
        if !status.is_client_error() {
            return pages::of(status);
        }
        let detail = match status {
            StatusCode::UNAUTHORIZED => "Incorrect authentication credentials.",
            StatusCode::FORBIDDEN => "You do not have permission to perform this action.",
            StatusCode::NOT_FOUND => "Not found.",
            StatusCode::TOO_MANY_REQUESTS => "Request was throttled.",
            status => status.canonical_reason().unwrap_or("The request failed."),
        };
        self.failure(answered, Failure::detail(status, detail))
    }

    fn finish(&self, request_id: &str, response: &mut Response<Body>) {
        let headers = response.headers_mut();
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        if let (Some(name), Ok(request_id)) = (&self.request_id, HeaderValue::from_str(request_id)) {
            headers.insert(name, request_id);
        }
    }
}
