//! The runtime's questions, answered from the store.

use std::sync::Arc;

use bytes::Bytes;
use http::{Method, Request, Response};
use openapi_control::Controlled as _;
use openapi_resources::server::exists;
use openapi_server_runtime::credentials::Credentials;
use openapi_server_runtime::exchange::Exchange;
use openapi_server_runtime::failure::{Failure, FieldErrors};
use openapi_server_runtime::host::Host;
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::request::RequestLine;
use openapi_server_runtime::response::Body;
use openapi_server_runtime::schema::Field;
use serde_json::Value;

use super::actions::would_go_outside;
use super::caller::Caller;
use super::{Api, Context, access, checks, redeem};

impl Host for Api {
    type User = Arc<Caller>;

    async fn authenticate(&self, credentials: &Credentials) -> Result<Option<Arc<Caller>>, Failure> {
        let snapshot = self.store().snapshot();
        let token = openapi_control::token_without_world(credentials.token().unwrap_or_default());
        let caller = Caller::of_token(&snapshot, token, self.supply().now());
        let caller = caller.map(|caller| Some(Arc::new(caller)));
        caller.ok_or_else(|| Failure::authentication_failed("Token invalid/expired"))
    }

    async fn authorize_route(&self, cx: &Context, method: &Method) -> Result<(), Failure> {
        access::permit(self, cx, method)
    }

    async fn authorize_object(&self, cx: &Context, method: &Method) -> Result<(), Failure> {
        access::admit(self, cx, method).await
    }

    async fn foreign_key_exists(
        &self,
        _: &Context,
        model: &'static str,
        by: Option<&'static str>,
        key: &Value,
    ) -> Result<bool, Failure> {
        Ok(exists(self.store().snapshot().reader(), model, by, key))
    }

    async fn unique_conflict(
        &self,
        cx: &Context,
        model: &'static str,
        field: &'static str,
        value: &Value,
    ) -> Result<bool, Failure> {
        let snapshot = self.store().snapshot();
        let reader = snapshot.reader();
        let Some(id) = reader.model(model) else { return Ok(false) };
        let own = match self.viewsets().of(cx.route) {
            Some((viewset, _)) if !cx.path.is_empty() => access::find(self, cx, viewset, &snapshot).ok(),
            _ => None,
        };
        let mut others = reader
            .find_all(id, field, value)
            .filter(|row| own.as_ref().is_none_or(|own| own.id() != row.id()));
        Ok(others.next().is_some())
    }

    fn check_field(
        &self,
        cx: &Context,
        field: &'static Field,
        value: &Value,
        body: &Value,
    ) -> Result<Option<String>, Failure> {
        checks::field(self, cx, field, value, body)
    }

    fn holds_to_schema(&self, cx: &Context) -> bool {
        !cx.operation.is_some_and(|operation| super::actions::reads_anything(operation.id))
    }

    fn before_validation(&self, cx: &Context, body: &Value) -> Result<(), Failure> {
        if !redeem::is_asked(cx) {
            return Ok(());
        }
        redeem::expect_token(self.store().snapshot().reader(), cx, body)
    }

    fn map_errors(&self, cx: &Context, _: &Value, errors: FieldErrors) -> Failure {
        if redeem::is_asked(cx) { would_go_outside(cx) } else { errors.into() }
    }

    fn described(&self, operation: &'static Operation) -> Option<&'static Operation> {
        access::described(self, operation)
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
        self.control().observes(line)
    }

    fn observe(&self, exchange: &Exchange<'_>) {
        self.control().observe(exchange);
    }
}
