//! The one function every request passes through, and with it the order in which a request can fail: its path, the
//! representation it asks for, its credentials, the permission for the route, its method, the object it is about, its
//! body. Dropshot calls it for every endpoint; it can just as well be called without a server.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use bytes::Bytes;
use futures::FutureExt as _;
use http::header::AUTHORIZATION;
use http::{Method, Request, Response, StatusCode, request};
use serde_json::Value;
use uuid::Uuid;

use crate::answer;
use crate::arguments::{Arguments, RequestBody};
use crate::bearer;
use crate::body::{self, Received};
use crate::dispatch::{Dispatch, HandlerResponse};
use crate::failure::{Failure, FieldErrors};
use crate::fields::{self, Fault};
use crate::form::Files;
use crate::host::Host;
use crate::metadata;
use crate::negotiation;
use crate::operation::{Location, Operation};
use crate::query_rules;
use crate::request::{QueryString, RequestContext, RequestLine};
use crate::response::Body;
use crate::response_headers::ResponseHeaders;
use crate::route::{Matched, Route};
use crate::schema::{ObjectSchema, Rule};
use crate::service::Service;
use crate::strict;

/// What a body is held to where the document describes none: any object will do, and nothing of it is used.
static NO_FIELDS: Rule = Rule::Object(&ObjectSchema { name: "", fields: &[], since: None });

/// Answers a request. A handler that panics is answered like any other breakdown of the server.
pub async fn serve<S, A, B>(service: &Service<S, A>, request: Request<B>) -> Response<Body>
where
    S: Dispatch<A>,
    A: Host,
    B: http_body::Body + Send,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let matched = service.router().find(request.uri().path());
    serve_matched(service, matched, request).await
}

/// Answers a request like [`serve`], after its route was searched for in [`Service::router`].
pub async fn serve_matched<S, A, B>(
    service: &Service<S, A>,
    matched: Option<Matched<'_>>,
    request: Request<B>,
) -> Response<Body>
where
    S: Dispatch<A>,
    A: Host,
    B: http_body::Body + Send,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let request_id = Uuid::new_v4().simple().to_string();
    let (head, body) = request.into_parts();
    let method = head.method.clone();
    let limit = service.settings().time_limit;
    let response = match matched {
        None => match guarded(elsewhere(service, head, body), limit, &request_id).await {
            Ok(Some(response)) => return response,
            Ok(None) => answer::page(&method, StatusCode::NOT_FOUND),
            Err(Failure::ServerError) => answer::page(&method, StatusCode::INTERNAL_SERVER_ERROR),
            Err(failure) => answer::of_route(&method, "", Err(failure)),
        },
        Some(matched) => {
            let allow = matched.route.allow();
            let uri = head.uri.clone();
            let path = uri.path().strip_prefix(S::BASE_PATH).unwrap_or_default();
            let line = RequestLine { method: &method, path, operation: matched.route.operation(&method) };
            let added = ResponseHeaders::default();
            let handling = async {
                let handled = handle(service, matched, head, body, &request_id, added.clone());
                let outcome = guarded(handled, limit, &request_id).await;
                let mut response = answer::of_route(&method, &allow, outcome);
                added.move_to(response.headers_mut());
                response
            };
            service.api().around(&line, handling).await
        }
    };
    answer::finish(&method, &request_id, response)
}

/// The outcome of some work within the time limit, whatever happens.
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

/// What the implementation answers outside the API.
async fn elsewhere<S, A, B>(
    service: &Service<S, A>,
    head: request::Parts,
    body: B,
) -> Result<Option<Response<Body>>, Failure>
where
    S: Dispatch<A>,
    A: Host,
    B: http_body::Body + Send,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let body = body::read(body, service.settings().body_limit).await?;
    Ok(service.api().elsewhere(&Request::from_parts(head, body)).await)
}

async fn handle<S, A, B>(
    service: &Service<S, A>,
    matched: Matched<'_>,
    head: request::Parts,
    body: B,
    request_id: &str,
    response_headers: ResponseHeaders,
) -> Result<HandlerResponse, Failure>
where
    S: Dispatch<A>,
    A: Host,
    B: http_body::Body + Send,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let (api, settings) = (service.api(), service.settings());
    let Matched { route, variables } = matched;
    let query = QueryString::parse(head.uri.query().unwrap_or_default());
    let answered = route.operation(&head.method).and_then(Operation::success);
    let answered = answered.and_then(|response| response.content.as_ref());
    negotiation::negotiate(&head.headers, &query, answered.map_or("", |content| content.media_type))?;
    let user = match head.headers.get(AUTHORIZATION) {
        Some(header) => match bearer::parse(header.as_bytes())? {
            Some(token) => api.authenticate(token).await?,
            None => None,
        },
        None => None,
    };
    let operation = route.operation(&head.method);
    let mut arguments = Arguments::default();
    if let Some(operation) = operation {
        arguments.path = query_rules::path(operation.parameters, &variables);
    }
    let mut cx = RequestContext {
        request_id: request_id.to_owned(),
        operation,
        method: head.method,
        route: route.template(),
        path: variables,
        query,
        headers: head.headers,
        user,
        strict: settings.strict,
        arguments,
        response_headers,
    };
    api.permit(&cx).await?;
    let Some(operation) = cx.operation else { return without_operation(route, api, &cx).await };
    if cx.strict {
        none_of(strict::query(operation, &cx.query))?;
    }
    api.admit(&cx).await?;
    let path = &cx.arguments.path;
    if operation.parameters_in(Location::Path).any(|parameter| path.get(parameter.name).is_none()) {
        return Err(Failure::not_found());
    }
    let mut arguments = Arguments::default();
    let takes_body = operation.body.is_some() && cx.method == operation.method;
    if takes_body || matches!(cx.method, Method::POST | Method::PUT | Method::PATCH) {
        let bytes = body::read(body, settings.body_limit).await?;
        arguments.body = request_body(operation, api, &cx, &bytes).await?;
    }
    query_rules::parse(operation.parameters, api, &cx, &mut arguments).await?;
    arguments.path = cx.arguments.path;
    cx.arguments = arguments;
    S::dispatch(api, &cx, operation).await
}

/// `OPTIONS` describes the route; any other method is refused.
async fn without_operation<A: Host>(
    route: &Route,
    api: &A,
    cx: &RequestContext<A::User>,
) -> Result<HandlerResponse, Failure> {
    if cx.method == Method::OPTIONS {
        return HandlerResponse::json(200, &metadata::describe(route, api, cx).await?);
    }
    let detail = format!("Method \"{}\" not allowed.", cx.method);
    Err(Failure::detail(StatusCode::METHOD_NOT_ALLOWED, detail))
}

/// A body, held to the operation's schema.
async fn request_body<A: Host>(
    operation: &'static Operation,
    api: &A,
    cx: &RequestContext<A::User>,
    bytes: &Bytes,
) -> Result<RequestBody, Failure> {
    if cx.strict {
        none_of(strict::envelope(operation, &cx.headers, !bytes.is_empty()))?;
    }
    let (body, files) = match body::parse(operation.body.as_ref(), &cx.headers, bytes).await? {
        Received::Value(body) => (body, Files::default()),
        Received::Form(body, files) => (body, files),
        Received::Media(media) => return Ok(RequestBody::Media(media)),
    };
    api.inspect(cx, &body)?;
    let rule = operation.body.as_ref().map_or(&NO_FIELDS, |body| &body.content.rule);
    let (value, mut errors) = match fields::parse(rule, &body, api, cx).await {
        Ok(value) => (value, FieldErrors::new()),
        Err(Fault::Invalid(messages)) => (Value::Null, messages.into()),
        Err(Fault::Failed(failure)) => return Err(failure),
    };
    let departures = if cx.strict { strict::body(rule, &body) } else { FieldErrors::new() };
    match (errors.is_empty(), departures.is_empty()) {
        (true, true) if files.is_empty() => Ok(RequestBody::Value(value)),
        (true, true) => Ok(RequestBody::Form(files.put_into(value))),
        (false, true) => Err(api.reject(cx, &body, errors)),
        // What departs from the document is not the server's to word.
        (_, false) => {
            errors.extend(departures);
            Err(Failure::Validation(errors))
        }
    }
}

fn none_of(departures: FieldErrors) -> Result<(), Failure> {
    if departures.is_empty() { Ok(()) } else { Err(Failure::Validation(departures)) }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::{ALLOW, CONTENT_TYPE};
    use http_body_util::Full;

    use super::*;
    use crate::sample::{Pets, SHELTER, Shelter, ask, visit, whole};
    use crate::service::Settings;

    #[tokio::test]
    async fn requests_fail_in_the_order_of_the_checks() {
        let token = ("authorization", "Bearer mine");
        let guest = ("authorization", "Bearer guest");
        let stranger = ("authorization", "Bearer nobody");
        let html = ("accept", "text/html");
        let json = ("content-type", "application/json");
        let cases: [(_, _, &[_], _, u16, _); 17] = [
            ("GET", "/nowhere/", &[html, stranger], "", 404, ""),
            ("GET", "/pets/?format=xml", &[html, stranger], "", 404, r#"{"detail":"Not found."}"#),
            (
                "GET",
                "/pets/",
                &[html, stranger],
                "",
                406,
                r#"{"detail":"Could not satisfy the request Accept header."}"#,
            ),
            ("PUT", "/pets/", &[stranger], "", 403, r#"{"detail":"Token invalid/expired"}"#),
            (
                "PUT",
                "/pets/",
                &[guest],
                "",
                403,
                r#"{"detail":"You do not have permission to perform this action."}"#,
            ),
            ("PUT", "/pets/", &[token], "", 405, r#"{"detail":"Method \"PUT\" not allowed."}"#),
            ("PUT", "/pets/tom/", &[token], "{", 404, r#"{"detail":"Not found."}"#),
            (
                "PUT",
                "/pets/rex/",
                &[token],
                "{",
                415,
                r#"{"detail":"Unsupported media type \"\" in request."}"#,
            ),
            (
                "PUT",
                "/pets/rex/",
                &[token, json],
                "{",
                400,
                r#"{"detail":"JSON parse error - unexpected end of data: line 1 column 2 (char 1)"}"#,
            ),
            (
                "PUT",
                "/pets/rex/",
                &[token, json],
                "null",
                400,
                r#"{"non_field_errors":["No data provided"]}"#,
            ),
            (
                "PUT",
                "/pets/rex/",
                &[token, json],
                "[]",
                400,
                r#"{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}"#,
            ),
            (
                "PUT",
                "/pets/rex/",
                &[token, json],
                r#"{"name":0,"good":2}"#,
                400,
                r#"{"non_field_errors":["Zero is no name."]}"#,
            ),
            ("PUT", "/pets/rex/", &[token, json], "", 400, r#"{"name":["This field is required."]}"#),
            ("PUT", "/pets/rex/", &[token, json], r#"{"name":" max ","id":"x"}"#, 200, r#"{"name":"max"}"#),
            (
                "PUT",
                "/pets/rex/",
                &[token, json],
                "\u{FF}",
                400,
                r#"{"detail":"JSON parse error - unexpected character: line 1 column 1 (char 0)"}"#,
            ),
            ("GET", "/pets/rex/", &[token], "{", 200, "{}"),
            ("DELETE", "/pets/rex/", &[token], "", 204, ""),
        ];
        for (method, path, headers, body, status, expected) in cases {
            let response = ask(method, path, headers, body).await;
            let found = String::from_utf8_lossy(response.body());
            let found = if found.starts_with("<!DOCTYPE") { "" } else { &found };
            assert_eq!((response.status().as_u16(), found), (status, expected), "{method} {path} {body}");
        }
    }

    #[tokio::test]
    async fn a_strict_service_names_every_departure_beside_every_error() {
        let settings = Settings { strict: true, ..Settings::default() };
        let service = Service::<Pets, _>::new(Shelter).with_settings(settings);
        let request = |method: &str, path: &str, body: &'static str| {
            let request = Request::builder().method(method).uri(path);
            let request =
                request.header("content-type", "application/json").header("authorization", "Bearer mine");
            request.body(Full::new(Bytes::from(body))).expect("a valid request")
        };
        let cases = [
            (request("PUT", "/pets/rex/", r#"{"name":"max"}"#), 200, r#"{"name":"max"}"#),
            (
                request("PUT", "/pets/rex/", r#"{"nmae":"max","good":"on"}"#),
                400,
                r#"{"name":["This field is required."],"nmae":["The document declares no such property of Pet."],"good":["The document declares true or false here, not 'on'."]}"#,
            ),
            (
                request("GET", "/pets/tom/?colour=red", ""),
                400,
                r#"{"colour":["The document declares no query parameters here."]}"#,
            ),
        ];
        for (request, status, expected) in cases {
            let path = request.uri().clone();
            let response = whole(serve(&service, request).await).await;
            let body = String::from_utf8_lossy(response.body());
            assert_eq!((response.status().as_u16(), body.as_ref()), (status, expected), "{path}");
        }
    }

    #[tokio::test]
    async fn a_breakdown_shows_as_a_page_on_reading_and_as_405_on_writing() {
        for path in ["/pets/panic/", "/pets/broken/"] {
            let read = visit("GET", path).await;
            assert_eq!((read.status().as_u16(), read.body().is_empty()), (500, false), "{path}");
            let head = visit("HEAD", path).await;
            assert_eq!((head.status().as_u16(), head.body().is_empty()), (500, true), "{path}");
            let write = visit("DELETE", path).await;
            assert_eq!((write.status().as_u16(), write.body().is_empty()), (405, true), "{path}");
            assert_eq!(write.headers()[ALLOW], "GET, HEAD, OPTIONS", "{path}");
            assert_eq!(write.headers()[CONTENT_TYPE], "text/html; charset=utf-8", "{path}");
        }
    }

    #[tokio::test]
    async fn an_implementation_may_answer_elsewhere() {
        for (path, status) in [("/health", 200), ("/nowhere", 404), ("/panic", 500)] {
            assert_eq!(visit("GET", path).await.status().as_u16(), status, "{path}");
        }
        assert_eq!(visit("POST", "/panic").await.status().as_u16(), 405);
    }

    #[tokio::test(start_paused = true)]
    async fn headers_that_a_hook_adds_are_on_every_answer_of_a_route() {
        let json = [("content-type", "application/json")];
        for (method, path, headers, body, status) in [
            ("GET", "/pets/", &[][..], "", 200),
            ("HEAD", "/pets/", &[], "", 200),
            ("OPTIONS", "/pets/", &[], "", 200),
            ("DELETE", "/pets/", &[], "", 405),
            ("GET", "/pets/tom/", &[], "", 404),
            ("PUT", "/pets/rex/", &json, "{", 400),
            ("GET", "/pets/panic/", &[], "", 500),
            ("GET", "/pets/slow/", &[], "", 503),
        ] {
            let response = ask(method, path, headers, body).await;
            let added = response.headers().get(SHELTER).map(HeaderValue::as_bytes);
            assert_eq!((response.status().as_u16(), added), (status, Some(&b"open"[..])), "{method} {path}");
        }
        assert_eq!(visit("GET", "/nowhere").await.headers().get(SHELTER), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_may_not_take_forever() {
        let response = visit("GET", "/pets/slow/").await;
        assert_eq!(response.status().as_u16(), 503);
        let body: Value = serde_json::from_slice(response.body()).expect("JSON");
        assert_eq!(body["detail"], "The request took too long.");
    }

    #[tokio::test]
    async fn every_answer_carries_the_same_headers() {
        for (method, path) in [("GET", "/pets/"), ("GET", "/nowhere"), ("DELETE", "/pets/broken/")] {
            let response = visit(method, path).await;
            let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
            assert_eq!(header("x-frame-options"), Some("DENY"), "{method} {path}");
            assert_eq!(header("x-content-type-options"), Some("nosniff"), "{method} {path}");
            assert_eq!(header("referrer-policy"), Some("same-origin"), "{method} {path}");
            let id = header("x-authentik-id").unwrap_or_default();
            assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
        }
    }
}
