//! The host of a document that is served: its rows, and its control API.

use std::ops::Deref;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use openapi_control::{Control, Controlled};
use openapi_resources::server::{Resources, content, exists};
use openapi_resources::store::Store;
use openapi_resources::worlds::Worlds;
use openapi_server_runtime::exchange::Exchange;
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::host::{Content, Host};
use openapi_server_runtime::request::{RequestContext, RequestLine};
use openapi_server_runtime::response::Body;
use serde_json::Value;

/// A host that has a store and a control API: anyone may do anything, with any credentials.
#[derive(Debug)]
pub struct Served {
    worlds: Worlds<()>,
    base_path: &'static str,
    control: Control,
}

impl Served {
    /// Returns a host of operations below `base_path`.
    pub(super) fn new(store: Store, base_path: &'static str, control: Control) -> Self {
        Self { worlds: Worlds::new(store), base_path, control }
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
}

impl Controlled for Served {
    type Extra = ();

    fn control(&self) -> &Control {
        &self.control
    }

    fn worlds(&self) -> &Worlds<()> {
        &self.worlds
    }
}
