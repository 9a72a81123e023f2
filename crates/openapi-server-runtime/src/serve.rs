//! The one function every request passes through, and with it the order in which a request can fail: its path, the
//! representation it asks for, its credentials, the permission for the route, its method unless the dialect refuses it
//! with the representation, the object it is about, its arguments. Whatever carries requests calls it; it can just as well be called without a server.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use bytes::Bytes;
use futures_util::FutureExt as _;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, request};
use uuid::Uuid;

use crate::arguments::Arguments;
use crate::authentication::authenticate;
use crate::body::{self, Sent};
use crate::dialect::{Answered, Dialect, RequestHead};
use crate::dispatch::{Dispatch, HandlerResponse};
use crate::failure::Failure;
use crate::host::Host;
use crate::notes::Notes;
use crate::request::{QueryString, RequestContext, RequestLine};
use crate::response::Body;
use crate::response_headers::ResponseHeaders;
use crate::route::{Matched, Route};
use crate::service::Service;
use crate::unwritten::Unwritten;
use crate::upgrade::{self, Offer};
use crate::watch::Watch;

/// Answers a request. A handler that panics is answered like any other breakdown of the server.
pub async fn serve<S, A, D, B>(service: &Service<S, A, D>, request: Request<B>) -> Response<Body>
where
    S: Dispatch<A>,
    A: Host,
    D: Dialect,
    B: http_body::Body + Send,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let matched = service.router().find(request.uri().path());
    serve_matched(service, matched, request).await
}

/// Answers a request like [`serve`], after its route was searched for in [`Service::router`].
pub async fn serve_matched<S, A, D, B>(
    service: &Service<S, A, D>,
    matched: Option<Matched<'_>>,
    request: Request<B>,
) -> Response<Body>
where
    S: Dispatch<A>,
    A: Host,
    D: Dialect,
    B: http_body::Body + Send,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let request_id = request_id(request.headers());
    let (head, body) = request.into_parts();
    let (method, uri, headers) = (head.method.clone(), head.uri.clone(), head.headers.clone());
    let limit = service.settings().time_limit;
    let dialect = service.dialect();
    let route = matched.as_ref().map(|matched| matched.route);
    let operation = route.and_then(|route| route.operation(&method));
    let base_path = route.map_or(service.tables().base_path, Route::base_path);
    let notes = Notes::default();
    let line = RequestLine {
        method: &method,
        path: uri.path().strip_prefix(base_path).unwrap_or(uri.path()),
        uri: &uri,
        headers: &headers,
        route: operation.map(|operation| operation.path).or(route.map(Route::template)),
        operation,
        body: None,
        id: &request_id,
        notes: &notes,
    };
    let mut watch = Watch::begin(service.api(), line);
    let body = match &mut watch {
        None => Sent::Unread(body),
        Some(watch) => {
            let body = guarded(body::read(body, service.settings().body_limit), limit, &request_id).await;
            if let Ok(body) = &body {
                watch.read(body);
            }
            Sent::Read(body)
        }
    };
    let read = if let Sent::Read(Ok(bytes)) = &body { Some(bytes.clone()) } else { None };
    let line = RequestLine { body: read.as_ref(), ..line };
    let mut is_own = false;
    let cors = service.settings().cors.as_ref();
    let preflight = cors.and_then(|cors| cors.preflight(&method, &headers, route));
    let mut response = match (preflight, matched) {
        (Some(preflight), _) => preflight,
        (None, None) => match guarded(fallback(service, head, body), limit, &request_id).await {
            Ok(response) => {
                is_own = true;
                response
            }
            Err(failure) => {
                let schemes = service.tables().security_schemes;
                let answered = Answered { method: &method, route: None, operation: None, schemes };
                dialect.failure(&answered, failure)
            }
        },
        (None, Some(matched)) => {
            let added = ResponseHeaders::default();
            let offer = head.extensions.get::<Offer>().cloned();
            let handling = async {
                // Boxed, because it is large and would be moved into each of the futures around it.
                let handled = Box::pin(handle(service, matched, head, body, &request_id, added.clone()));
                let outcome = guarded(handled, limit, &request_id).await;
                let schemes = service.tables().security_schemes;
                let answered = Answered { method: &method, route, operation, schemes };
                let mut response = match held(&**dialect, &notes, outcome) {
                    Ok(response) => dialect.success(&answered, response),
                    Err(failure) => dialect.failure(&answered, failure),
                };
                added.move_to(response.headers_mut());
                upgrade::finish(offer, &mut response);
                response
            };
            service.api().middleware(&line, handling).await
        }
    };
    if method == Method::HEAD {
        take_body(&mut response);
    }
    if !is_own {
        dialect.finish(&request_id, &mut response);
    }
    if service.settings().answers_request_id
        && let Ok(id) = HeaderValue::from_str(&request_id)
    {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    if let Some(cors) = cors.filter(|_| !is_own) {
        cors.finish(&headers, response.headers_mut());
    }
    if let Some(watch) = watch {
        watch.end(&response);
    }
    response
}

/// The header by which a client names its request.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The most characters of the name of a request.
const MAX_REQUEST_ID: usize = 128;

/// Returns the identifier that a client gives its request, if it can stand in any log; otherwise a new one.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    let is_plain = |letter: u8| letter.is_ascii_alphanumeric() || b"-_.:+/=".contains(&letter);
    let given = given.filter(|id| (1..=MAX_REQUEST_ID).contains(&id.len()) && id.bytes().all(is_plain));
    given.map_or_else(|| Uuid::new_v4().simple().to_string(), str::to_owned)
}

/// Leaves the note why an outcome is none of the document's, and returns what is answered.
fn held(
    dialect: &impl Dialect,
    notes: &Notes,
    outcome: Result<HandlerResponse, Failure>,
) -> Result<HandlerResponse, Failure> {
    let (outcome, departure) = match outcome {
        Ok(response) => {
            let departure = response.departure;
            (Ok(response), departure)
        }
        Err(failure) => {
            let (failure, departure) = failure.explained();
            (Err(failure), departure)
        }
    };
    let Some(departure) = departure else { return outcome };
    notes.leave(departure);
    dialect.refuses(&departure).map_or(outcome, Err)
}

/// Takes the body off a response to `HEAD`, which keeps the length of its body if there is one.
fn take_body(response: &mut Response<Body>) {
    if let Some(length) = response.body().as_bytes().map(Bytes::len) {
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    if !response.body().is_aborted() {
        *response.body_mut() = Body::empty();
    }
}

/// Returns the outcome of some work, or a failure if it panics or takes longer than the time limit.
async fn guarded<T>(
    work: impl Future<Output = Result<T, Failure>> + Send,
    limit: Duration,
    request_id: &str,
) -> Result<T, Failure> {
    match tokio::time::timeout(limit, AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => {
            tracing::error!(request_id, "a handler panicked");
            Err(Failure::ServerError)
        }
        Err(_) => {
            tracing::error!(request_id, "a request took too long");
            Err(Failure::detail(StatusCode::SERVICE_UNAVAILABLE, "The request took too long."))
        }
    }
}

/// Returns the implementation's response to a request outside the API.
async fn fallback<S, A, D, B>(
    service: &Service<S, A, D>,
    head: request::Parts,
    body: Sent<B>,
) -> Result<Response<Body>, Failure>
where
    A: Host,
    D: Dialect,
    B: http_body::Body + Send,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let body = body.read(service.settings().body_limit).await?;
    service.api().fallback(&Request::from_parts(head, body)).await.ok_or(Failure::UnknownPath)
}

async fn handle<S, A, D, B>(
    service: &Service<S, A, D>,
    matched: Matched<'_>,
    head: request::Parts,
    body: Sent<B>,
    request_id: &str,
    response_headers: ResponseHeaders,
) -> Result<HandlerResponse, Failure>
where
    S: Dispatch<A>,
    A: Host,
    D: Dialect,
    B: http_body::Body + Send,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (api, dialect) = (service.api(), service.dialect());
    let Matched { route, variables } = matched;
    let query = QueryString::parse(head.uri.query().unwrap_or_default());
    let operation = route.operation(&head.method);
    let offer = head.extensions.get::<Offer>().cloned();
    let request_head = RequestHead {
        method: &head.method,
        headers: &head.headers,
        query: &query,
        route,
        operation,
        schemes: service.tables().security_schemes,
    };
    dialect.negotiate(&request_head)?;
    let user = authenticate(api, &dialect.credentials(&request_head)?).await?;
    let mut cx = RequestContext {
        request_id: request_id.to_owned(),
        operation,
        method: head.method,
        route: operation.map_or(route.template(), |operation| operation.path),
        path: match operation {
            Some(operation) => route.named(operation, variables),
            None => variables,
        },
        query,
        uri: head.uri,
        headers: head.headers,
        user,
        arguments: Arguments::default(),
        response_headers,
        offer,
    };
    api.authorize_route(&cx, &cx.method).await?;
    let Some(operation) = operation else { return dialect.without_operation(api, route, &cx).await };
    cx.arguments.path = dialect.path(operation, &cx)?;
    api.authorize_object(&cx, &cx.method).await?;
    let bytes = if dialect.reads_body(operation, &cx.method) {
        body.read(service.settings().body_limit).await?
    } else {
        Bytes::new()
    };
    let mut arguments = dialect.arguments(api, operation, &cx, bytes).await?;
    arguments.path = std::mem::take(&mut cx.arguments.path);
    cx.arguments = arguments;
    match S::dispatch(api, &cx, operation).await {
        Err(Failure::Unwritten) => Unwritten::dispatch(api, &cx, operation).await,
        outcome => outcome,
    }
}
