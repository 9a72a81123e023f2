//! The host of a proxy: it holds requests to the document, passes them on, and holds the responses to it too.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, StatusCode};
use openapi_control::record::NotRecorded;
use openapi_control::{Control, Controlled, PREFIX, Violations};
use openapi_document::Document;
use openapi_resources::definition::Definition;
use openapi_resources::functions::Functions;
use openapi_resources::plan::Plan;
use openapi_resources::store::Store;
use openapi_resources::worlds::Worlds;
use openapi_server_runtime::dialect::{Answered, Dialect};
use openapi_server_runtime::dispatch::{Dispatch, HandlerResponse};
use openapi_server_runtime::exchange::Exchange;
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::host::Host;
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::request::{RequestContext, RequestLine};
use openapi_server_runtime::response::Body;
use openapi_server_runtime::service::{Service, Settings};
use openapi_server_runtime::tables::Tables;

use crate::check;
use crate::target::Target;
use crate::upstream::{MAX_BODY, PASSED, Received, Upstream, refusals};

/// A host that stands in front of a server. It has a control API and no rows: these are the server's.
#[derive(Debug)]
pub struct Proxy<D> {
    upstream: Upstream,
    document: Arc<Document>,
    dialect: D,
    control: Control,
    worlds: Worlds<()>,
    is_strict: bool,
}

impl<D: Dialect> Proxy<D> {
    /// Stands in front of a server. With `is_strict`, it refuses what violates the document instead of passing it on. Its own
    /// errors are in the words of the dialect.
    ///
    /// # Errors
    /// None that a caller can cause: if an empty plan is refused.
    pub fn new(
        target: Target,
        document: Document,
        dialect: D,
        control: Control,
        is_strict: bool,
    ) -> Result<Self, String> {
        let plan = Plan::new(Definition::default(), Functions::new());
        let plan = plan.map_err(|problems| problems.iter().map(ToString::to_string).collect::<String>())?;
        let worlds = Worlds::new(Store::new(plan));
        let (upstream, document) = (Upstream::new(target), Arc::new(document));
        Ok(Self { upstream, document, dialect, control, worlds, is_strict })
    }

    /// Returns the service of the operations of these tables.
    pub fn service(self, tables: &'static Tables, settings: Settings) -> Service<Passing, Self, D>
    where
        D: Clone,
    {
        let (dialect, settings) = (self.dialect.clone(), Settings { body_limit: MAX_BODY, ..settings });
        Service::of(tables, self).with_dialect(dialect).with_settings(settings)
    }

    /// Passes a request on, and tells the journal what violates the document. `handling` checks the request.
    async fn relayed(
        &self,
        line: &RequestLine<'_>,
        handling: impl Future<Output = Response<Body>> + Send,
    ) -> Response<Body> {
        let checked = handling.await;
        let is_asked_for_options = line.operation.is_none() && *line.method == Method::OPTIONS;
        let is_fine = is_asked_for_options || checked.headers().contains_key(PASSED);
        let mut violations = if is_fine { Vec::new() } else { refusals(&checked) };
        let body = line.body.filter(|_| is_fine || !self.is_strict).cloned();
        let Some(body) = body else {
            line.notes.leave(Violations(violations));
            // A body that could not be read cannot be passed on either.
            let unread = "The body is too long to be passed on, or broke off.".to_owned();
            return own(if is_fine {
                self.refused(line, StatusCode::PAYLOAD_TOO_LARGE, unread)
            } else {
                checked
            });
        };
        let target = line.uri.path_and_query().map_or("/", |target| target.as_str());
        let Received { response, bytes } =
            match self.upstream.send(line.method, target, line.headers, body).await {
                Ok(received) => received,
                Err((status, reason)) => {
                    line.notes.leave(Violations(violations));
                    return own(self.refused(line, status, reason));
                }
            };
        let operation = line.operation.filter(|_| *line.method != Method::HEAD);
        let of_response = match operation {
            Some(operation) => self.violations(operation, &response, bytes).await,
            None => Vec::new(),
        };
        let is_refused = self.is_strict && !of_response.is_empty();
        let told = format!("The response violates the document: {}.", of_response.join("; "));
        violations.extend(of_response.into_iter().map(|violation| format!("response: {violation}")));
        line.notes.leave(Violations(violations));
        if is_refused { own(self.refused(line, StatusCode::BAD_GATEWAY, told)) } else { response }
    }

    /// Returns what a response has that the document does not declare. Others are answered while a long body is checked.
    async fn violations(
        &self,
        operation: &'static Operation,
        response: &Response<Body>,
        bytes: Option<Bytes>,
    ) -> Vec<String> {
        let (document, status, headers) =
            (Arc::clone(&self.document), response.status(), response.headers().clone());
        let is_long = bytes.as_ref().is_some_and(|bytes| bytes.len() > MAX_CHECKED_AT_ONCE);
        let check = move || check::response(&document, operation, status, &headers, bytes.as_deref());
        if !is_long {
            return check();
        }
        let checked = tokio::task::spawn_blocking(check).await;
        checked.unwrap_or_else(|error| vec![format!("the body could not be checked: {error}")])
    }

    fn refused(&self, line: &RequestLine<'_>, status: StatusCode, detail: String) -> Response<Body> {
        self.failed(line.method, line.operation, Failure::detail(status, detail))
    }

    fn failed(
        &self,
        method: &Method,
        operation: Option<&'static Operation>,
        failure: Failure,
    ) -> Response<Body> {
        let answered = Answered { method, route: None, operation, schemes: &[] };
        self.dialect.failure(&answered, failure)
    }
}

/// The most bytes of a body that is checked where requests are answered.
const MAX_CHECKED_AT_ONCE: usize = 256 << 10;

/// Marks a response that is not the server's.
fn own(mut response: Response<Body>) -> Response<Body> {
    response.extensions_mut().insert(NotRecorded);
    response
}

/// The way from operations to the server behind: what the checks let pass is passed on.
#[derive(Debug, Clone, Copy)]
pub struct Passing;

impl<D: Dialect> Dispatch<Proxy<D>> for Passing {
    async fn dispatch(
        _: &Proxy<D>,
        cx: &RequestContext<()>,
        _: &'static Operation,
    ) -> Result<HandlerResponse, Failure> {
        cx.response_headers().insert(PASSED, HeaderValue::from_static("true"));
        Ok(HandlerResponse::empty(StatusCode::NO_CONTENT.as_u16()))
    }
}

impl<D: Dialect> Host for Proxy<D> {
    type User = ();

    async fn fallback(&self, request: &Request<Bytes>) -> Option<Response<Body>> {
        if let Some(answered) = openapi_control::answer(self, request).await {
            return Some(answered);
        }
        let method = request.method();
        if self.is_strict || request.uri().path().starts_with(PREFIX) {
            return Some(own(self.failed(method, None, Failure::UnknownPath)));
        }
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        let sent = self.upstream.send(method, target, request.headers(), request.body().clone());
        let failed = |(status, reason)| own(self.failed(method, None, Failure::detail(status, reason)));
        Some(Box::pin(sent).await.map_or_else(failed, |received| received.response))
    }

    async fn middleware(
        &self,
        line: &RequestLine<'_>,
        handling: impl Future<Output = Response<Body>> + Send,
    ) -> Response<Body> {
        openapi_control::middleware(self, line, Box::pin(self.relayed(line, handling))).await
    }

    fn observes(&self, line: &RequestLine<'_>) -> bool {
        self.control.observes(line)
    }

    fn observe(&self, exchange: &Exchange<'_>) {
        self.control.observe(exchange);
    }
}

impl<D: Dialect> Controlled for Proxy<D> {
    type Extra = ();

    fn control(&self) -> &Control {
        &self.control
    }

    fn worlds(&self) -> &Worlds<()> {
        &self.worlds
    }
}
