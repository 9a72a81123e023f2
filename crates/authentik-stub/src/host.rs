//! The runtime's questions, answered from the store: whose token is this, may they, is there such an object. Which rules
//! hold for a route is for [`crate::rules`] to say.

use std::sync::Arc;

use authentik_sources_api::schemas;
use bytes::Bytes;
use chrono::Utc;
use http::{Method, Request, Response, StatusCode};
use openapi_control::{Control, ControlError, Controlled};
use openapi_server_runtime::credentials::Credentials;
use openapi_server_runtime::exchange::Exchange;
use openapi_server_runtime::failure::{Failure, FieldErrors};
use openapi_server_runtime::host::Host;
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::request::RequestLine;
use openapi_server_runtime::response::Body;
use openapi_server_runtime::schema::ObjectSchema;
use serde_json::Value;
use uuid::Uuid;

use crate::control;
use crate::journal::StoreError;
use crate::plex_sources;
use crate::redeem;
use crate::reference_data::User;
use crate::rules::{self, Rules, admit, permit};
use crate::stub_api::StubApi;
use crate::viewset::Context;

impl Host for StubApi {
    type User = Arc<User>;

    async fn authenticate(&self, credentials: &Credentials) -> Result<Option<Arc<User>>, Failure> {
        let token = credentials.token().unwrap_or_default();
        let user = self.store().read().reference_data.user_of(token, Utc::now());
        user.map(Some).ok_or_else(|| Failure::authentication_failed("Token invalid/expired"))
    }

    async fn authorize_route(&self, cx: &Context, method: &Method) -> Result<(), Failure> {
        permit(cx, method)
    }

    async fn authorize_object(&self, cx: &Context, method: &Method) -> Result<(), Failure> {
        admit(self, cx, method).await
    }

    async fn foreign_key_exists(
        &self,
        _: &Context,
        model: &'static str,
        _: Option<&'static str>,
        key: &Value,
    ) -> Result<bool, Failure> {
        let key = key.as_str().and_then(|key| Uuid::parse_str(key).ok());
        Ok(key.is_some_and(|key| self.store().read().reference_data.has(model, key)))
    }

    async fn unique_conflict(
        &self,
        cx: &Context,
        model: &'static str,
        field: &'static str,
        value: &Value,
    ) -> Result<bool, Failure> {
        let state = self.store().read();
        let own = cx.path.first().and_then(|(_, slug)| state.plex_source(slug)).map(|source| source.pk);
        let slug = value.as_str().unwrap_or_default();
        Ok((model, field) == ("source", "slug") && state.has_source(slug, own))
    }

    fn before_validation(&self, cx: &Context, body: &Value) -> Result<(), Failure> {
        match Rules::of(cx.route) {
            Rules::Redeeming => redeem::expect_token(body),
            Rules::Viewset(..) | Rules::Unwritten => Ok(()),
        }
    }

    fn map_errors(&self, cx: &Context, _: &Value, errors: FieldErrors) -> Failure {
        match Rules::of(cx.route) {
            Rules::Redeeming => plex_sources::out_of_reach(),
            Rules::Viewset(..) | Rules::Unwritten => errors.into(),
        }
    }

    fn written_object(&self, operation: &'static Operation) -> Option<&'static ObjectSchema> {
        match Rules::of(operation.path) {
            // These routes belong to the viewset of Plex sources, and it knows of no other objects.
            Rules::Redeeming => Some(&schemas::PLEX_SOURCE),
            Rules::Viewset(..) | Rules::Unwritten => operation.answered_object(),
        }
    }

    async fn fallback(&self, request: &Request<Bytes>) -> Option<Response<Body>> {
        openapi_control::answer(self, request).await
    }

    async fn middleware(
        &self,
        line: &RequestLine<'_>,
        handling: impl Future<Output = Response<Body>> + Send,
    ) -> Response<Body> {
        self.control().middleware(line, handling).await
    }

    fn observes(&self, line: &RequestLine<'_>) -> bool {
        self.control().observes(line)
    }

    fn observe(&self, exchange: &Exchange<'_>) {
        self.control().observe(exchange);
    }
}

impl Controlled for StubApi {
    fn control(&self) -> &Control {
        StubApi::control(self)
    }

    async fn restore(&self) -> Result<(), ControlError> {
        Ok(self.store().reset().await?)
    }

    async fn check(&self) -> Result<(), ControlError> {
        Ok(self.store().check().await?)
    }

    fn counts(&self) -> Vec<(String, usize)> {
        rules::counts(&self.store().read()).map(|(table, count)| (table.to_owned(), count)).collect()
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a change was not made");
        match error {
            StoreError::Unwritable { .. } => {
                Self::detail(StatusCode::INSUFFICIENT_STORAGE, control::not_written(&error))
            }
            StoreError::Closed => Self::detail(StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
            StoreError::Medium(_) | StoreError::Damaged(_) => Self::ServerError,
        }
    }
}

#[cfg(test)]
mod tests {
    use authentik_sources_api::OPERATIONS;

    use super::*;
    use crate::state::State;
    use crate::store::Store;
    use crate::viewset::RouteKind;

    #[test]
    fn a_route_has_the_rules_of_its_viewset_or_its_own_or_the_least_there_are() {
        assert!(matches!(Rules::of("/sources/plex/{slug}/used_by/"), Rules::Viewset(_, RouteKind::UsedBy)));
        assert!(redeem::ROUTES.iter().all(|route| matches!(Rules::of(route), Rules::Redeeming)));
        assert!(matches!(Rules::of("/sources/plex/{slug}/icon/"), Rules::Unwritten));
    }

    #[test]
    fn redeeming_a_token_is_described_by_the_sources_it_belongs_to() {
        let api = StubApi::new(Store::in_memory(State::default()));
        let described = |id: &str| {
            let operation = OPERATIONS.iter().find(|operation| operation.id == id)?;
            api.written_object(operation).map(|schema| schema.name)
        };
        for (id, expected) in [
            ("sources_plex_create", "PlexSource"),
            ("sources_group_connections_oauth_update", "GroupOAuthSourceConnection"),
            ("sources_plex_redeem_token_create", "PlexSource"),
            ("sources_plex_redeem_token_authenticated_create", "PlexSource"),
        ] {
            assert_eq!(described(id), Some(expected), "{id}");
        }
    }
}
