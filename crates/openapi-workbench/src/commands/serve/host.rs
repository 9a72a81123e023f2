//! The host of a document that is served: its rows, and its control API.

use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use http::header::VARY;
use http::{HeaderValue, Request, Response};
use openapi_control::{Control, Controlled};
use openapi_resources::answer::{self, Refusal};
use openapi_resources::row::Row;
use openapi_resources::server::{ByStore, Resources, content, exists};
use openapi_resources::store::Store;
use openapi_resources::worlds::Worlds;
use openapi_server_runtime::dispatch::{Dispatch, HandlerResponse};
use openapi_server_runtime::exchange::Exchange;
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::host::{Content, Host};
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::request::{RequestContext, RequestLine};
use openapi_server_runtime::response::Body;
use openapi_server_runtime::unwritten::EXAMPLE_RESPONSE;
use serde_json::Value;

use super::dialect::Speech;
use super::prefer::{APPLIED, Declared, Preferences};

/// A host that has a store and a control API: anyone may do anything, with any credentials.
#[derive(Debug)]
pub struct Served {
    pub(super) worlds: Worlds<()>,
    pub(super) base_path: &'static str,
    pub(super) control: Control,
    pub(super) speech: Speech,
    pub(super) declared: Declared,
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
        Ok(exists(self.worlds.current().store.snapshot().reader(), model, by, key))
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
        let Some(model) = reader.model(model).filter(|_| self.speech.checks_uniqueness()) else {
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
        openapi_control::answer(self, request).await
    }

    async fn middleware(
        &self,
        line: &RequestLine<'_>,
        handling: impl Future<Output = Response<Body>> + Send,
    ) -> Response<Body> {
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
