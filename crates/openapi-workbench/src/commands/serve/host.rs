//! The host of a document that is served: its rows, and its control API.

use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use http::header::VARY;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use openapi_control::{Control, Controlled, Violations};
use openapi_resources::answer::{self, Refusal};
use openapi_resources::row::Row;
use openapi_resources::server::{ByStore, Resources, content, exists};
use openapi_resources::store::Store;
use openapi_resources::worlds::Worlds;
use openapi_server_runtime::dialect::{Answered, Dialect as _};
use openapi_server_runtime::dispatch::{Dispatch, HandlerResponse};
use openapi_server_runtime::exchange::Exchange;
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::host::{Content, Host};
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::request::{RequestContext, RequestLine};
use openapi_server_runtime::response::Body;
use openapi_server_runtime::unwritten::EXAMPLE_RESPONSE;
use serde_json::Value;

use super::check;
use super::dialect::Speech;
use super::prefer::{APPLIED, Declared, Preferences};
use super::proxy::{PASSED, Received, Upstream, refusals};

/// A host that has a store and a control API: anyone may do anything, with any credentials.
#[derive(Debug)]
pub struct Served {
    pub(super) worlds: Worlds<()>,
    pub(super) base_path: &'static str,
    pub(super) control: Control,
    pub(super) speech: Speech,
    pub(super) declared: Declared,
    /// The server that stands behind, if this is a proxy.
    pub(super) upstream: Option<Upstream>,
}

impl Served {
    /// Passes a request on, and tells the journal what violates the document. `handling` checks the request.
    async fn relayed(
        &self,
        upstream: &Upstream,
        line: &RequestLine<'_>,
        handling: impl Future<Output = Response<Body>> + Send,
    ) -> Response<Body> {
        let checked = handling.await;
        let is_asked_for_options = line.operation.is_none() && *line.method == Method::OPTIONS;
        let is_fine = is_asked_for_options || checked.headers().contains_key(PASSED);
        let mut violations = if is_fine { Vec::new() } else { refusals(&checked) };
        let body = line.body.filter(|_| is_fine || !upstream.is_strict).cloned();
        let Some(body) = body else {
            line.notes.leave(Violations(violations));
            // A body that could not be read cannot be passed on either.
            let unread = "The body is too long to be passed on, or broke off.".to_owned();
            return if is_fine { self.refused(line, StatusCode::PAYLOAD_TOO_LARGE, unread) } else { checked };
        };
        let target = line.uri.path_and_query().map_or("/", |target| target.as_str());
        let Received { response, bytes } = match upstream.send(line.method, target, line.headers, body).await
        {
            Ok(received) => received,
            Err((status, reason)) => {
                line.notes.leave(Violations(violations));
                return self.refused(line, status, reason);
            }
        };
        let (status, headers) = (response.status(), response.headers());
        let operation = line.operation.filter(|_| *line.method != Method::HEAD);
        let of_response = operation.map_or_else(Vec::new, |operation| {
            check::response(&self.declared.document, operation, status, headers, bytes.as_deref())
        });
        let is_refused = upstream.is_strict && !of_response.is_empty();
        let told = format!("The response violates the document: {}.", of_response.join("; "));
        violations.extend(of_response.into_iter().map(|violation| format!("response: {violation}")));
        line.notes.leave(Violations(violations));
        if is_refused { self.refused(line, StatusCode::BAD_GATEWAY, told) } else { response }
    }

    fn refused(&self, line: &RequestLine<'_>, status: StatusCode, detail: String) -> Response<Body> {
        self.failed(line.method, line.operation, status, detail)
    }

    fn failed(
        &self,
        method: &Method,
        operation: Option<&'static Operation>,
        status: StatusCode,
        detail: String,
    ) -> Response<Body> {
        let answered = Answered { method, route: None, operation, schemes: &[] };
        self.speech.dialect().failure(&answered, Failure::detail(status, detail))
    }
}

/// The way from operations to what a request prefers, or else to the store.
#[derive(Debug, Clone, Copy)]
pub struct ByPreference;

impl Dispatch<Served> for ByPreference {
    async fn dispatch(
        api: &Served,
        cx: &RequestContext<()>,
        operation: &'static Operation,
    ) -> Result<HandlerResponse, Failure> {
        if api.upstream.is_some() {
            let headers = cx.response_headers();
            headers.insert(PASSED, HeaderValue::from_static("true"));
            return Ok(HandlerResponse::empty(StatusCode::NO_CONTENT.as_u16()));
        }
        cx.response_headers().insert(VARY, HeaderValue::from_static("Prefer"));
        let Some(preferences) = Preferences::of(&cx.headers)? else {
            return ByStore::dispatch(api, cx, operation).await;
        };
        let response = api.declared.preferred(operation, &preferences)?;
        let headers = cx.response_headers();
        headers.insert(EXAMPLE_RESPONSE, HeaderValue::from_static("true"));
        if let Ok(applied) = HeaderValue::try_from(preferences.applied()) {
            headers.insert(APPLIED, applied);
        }
        Ok(response)
    }
}

impl Host for Served {
    type User = ();

    async fn foreign_key_exists(
        &self,
        _: &RequestContext<()>,
        model: &'static str,
        by: Option<&'static str>,
        key: &Value,
    ) -> Result<bool, Failure> {
        // The rows of a proxy are those of the server behind it.
        Ok(self.upstream.is_some() || exists(self.worlds.current().store.snapshot().reader(), model, by, key))
    }

    async fn unique_conflict(
        &self,
        cx: &RequestContext<()>,
        model: &'static str,
        field: &'static str,
        value: &Value,
    ) -> Result<bool, Failure> {
        let snapshot = self.worlds.current().store.snapshot();
        let reader = snapshot.reader();
        let Some(model) =
            reader.model(model).filter(|_| self.upstream.is_none() && self.speech.checks_uniqueness())
        else {
            return Ok(false);
        };
        let path = cx.path.iter().map(|(name, value)| (*name, Value::from(value.as_str()))).collect();
        let request =
            answer::Request { operation: cx.operation.map_or("", |it| it.id), path, ..Default::default() };
        let own = snapshot.named(&request).ok();
        let is_other = |row: &Arc<Row>| own.as_ref().is_none_or(|own| own.id() != row.id());
        Ok(reader.find_all(model, field, value).any(is_other))
    }

    async fn unwritten(&self, cx: &RequestContext<()>) -> Result<Option<Content>, Failure> {
        content(self, cx)
    }

    async fn fallback(&self, request: &Request<Bytes>) -> Option<Response<Body>> {
        let answered = openapi_control::answer(self, request).await;
        let Some(upstream) =
            self.upstream.as_ref().filter(|upstream| answered.is_none() && !upstream.is_strict)
        else {
            return answered;
        };
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        let sent = upstream.send(request.method(), target, request.headers(), request.body().clone());
        let sent = Box::pin(sent).await;
        let failed = |(status, reason)| self.failed(request.method(), None, status, reason);
        Some(sent.map_or_else(failed, |received| received.response))
    }

    async fn middleware(
        &self,
        line: &RequestLine<'_>,
        handling: impl Future<Output = Response<Body>> + Send,
    ) -> Response<Body> {
        let handling = async {
            match &self.upstream {
                // Boxed, so that a request which is not passed on takes no room for it.
                Some(upstream) => Box::pin(self.relayed(upstream, line, handling)).await,
                None => handling.await,
            }
        };
        openapi_control::middleware(self, line, handling).await
    }

    fn observes(&self, line: &RequestLine<'_>) -> bool {
        self.control.observes(line)
    }

    fn observe(&self, exchange: &Exchange<'_>) {
        self.control.observe(exchange);
    }
}

impl Resources for Served {
    fn store(&self) -> impl Deref<Target = Store> {
        Arc::clone(&self.worlds.current().store)
    }

    fn base_path(&self) -> &str {
        self.base_path
    }

    fn refuse(&self, _: &RequestContext<()>, refusal: Refusal) -> Failure {
        self.speech.refusal(&refusal)
    }
}

impl Controlled for Served {
    type Extra = ();

    fn control(&self) -> &Control {
        &self.control
    }

    fn worlds(&self) -> &Worlds<()> {
        &self.worlds
    }

    fn credentials(&self) -> Vec<(String, String)> {
        self.control.any_credentials()
    }
}
