//! Connections between users and Plex sources: what is stored of them, their columns, their form on the wire and their
//! operations. Users of a fixture have no numbers, so nobody owns a connection, and only superusers see any.

use authentik_sources_api::{self as api, SourcesUserConnectionsPlex};
use openapi_server_runtime::failure::Failure;
use openapi_django::server::python;
use authentik_sources_types as wire;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::column::{Cell, Column};
use crate::fixture::{Check, Checked, Fixture};
use crate::icon;
use crate::permission::{Model, Policy};
use crate::record::PlexSource;
use crate::row::Row;
use crate::state::State;
use crate::stub_api::StubApi;
use crate::viewset::{self, Context, Viewset};

/// A connection between a user and a Plex source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserPlexConnection {
    /// The primary key.
    pub pk: i64,
    /// The user.
    pub user: i64,
    /// The Plex source.
    pub source: Uuid,
    /// The user's name in Plex.
    pub identifier: String,
    /// The user's Plex token.
    pub plex_token: String,
    /// The time at which the connection was made.
    pub created: DateTime<Utc>,
}

impl Row for UserPlexConnection {
    type Key = i64;

    fn key(&self) -> i64 {
        self.pk
    }
}

impl Checked for UserPlexConnection {
    fn check(fixture: &Fixture, check: &mut Check) {
        let sources = fixture.plex_sources.iter().map(|source| source.pk).collect();
        let rows = || fixture.user_plex_connections.iter().enumerate();
        let pointer = |at: usize| format!("/user_plex_connections/{at}");
        check.unique("the primary key", rows().map(|(at, row)| (format!("{}/pk", pointer(at)), row.pk)));
        for (at, row) in rows() {
            check.reference(format!("{}/source", pointer(at)), "Plex source", &row.source, &sources);
        }
    }
}

/// The viewset of connections between users and Plex sources.
#[derive(Debug)]
pub struct UserPlexConnections;

const COLUMNS: &[Column<UserPlexConnection>] = &[
    Column::one("pk", |row: &UserPlexConnection, _| Cell::Integer(row.pk)).order(),
    Column::one("user", |row: &UserPlexConnection, _| Cell::Integer(row.user)).filter().order(),
    Column::one("identifier", |row: &UserPlexConnection, _| Cell::text(row.identifier.as_str())).order(),
    Column::one("created", |row: &UserPlexConnection, _| Cell::DateTime(row.created)).order(),
    Column::one("source__slug", |row: &UserPlexConnection, state| {
        Cell::text(state.plex_sources.get(&row.source).map(|source| source.slug.as_str()))
    })
    .filter()
    .search(),
];

impl Viewset for UserPlexConnections {
    type Record = UserPlexConnection;
    type Wire = wire::UserPlexSourceConnection;
    type Query = api::SourcesUserConnectionsPlexListQuery;

    const MODEL: Model = Model { app: "authentik_sources_plex", name: "userplexsourceconnection" };
    const POLICY: Policy = Policy::Ownership;
    const ROUTE: &'static str = "/sources/user_connections/plex/";
    const COLUMNS: &'static [Column<UserPlexConnection>] = COLUMNS;
    const DEFAULT_ORDERING: &'static [&'static str] = &["source__slug", "pk"];

    fn find<'a>(state: &'a State, lookup: &str) -> Result<Option<&'a UserPlexConnection>, Failure> {
        let key = python::int(lookup).and_then(|number| i64::try_from(number).ok());
        Ok(key.and_then(|key| state.user_plex_connections.get(&key)))
    }

    fn wire(row: &UserPlexConnection, state: &State) -> Result<Self::Wire, Failure> {
        let source = state.plex_sources.get(&row.source).ok_or(Failure::ServerError)?;
        Ok(wire::UserPlexSourceConnection {
            pk: row.pk,
            user: row.user,
            source: base_source(source),
            identifier: row.identifier.clone(),
            created: row.created,
        })
    }
}

/// Returns the part of a source that all kinds share.
fn base_source(row: &PlexSource) -> wire::Source {
    wire::Source {
        pk: row.pk,
        name: row.name.clone(),
        slug: row.slug.clone(),
        enabled: Some(row.enabled),
        authentication_flow: row.authentication_flow,
        enrollment_flow: row.enrollment_flow,
        user_property_mappings: row.user_property_mappings.clone(),
        group_property_mappings: row.group_property_mappings.clone(),
        component: String::new(),
        verbose_name: "source".to_owned(),
        verbose_name_plural: "sources".to_owned(),
        meta_model_name: "authentik_core.source".to_owned(),
        policy_engine_mode: Some(row.policy_engine_mode.clone()),
        user_matching_mode: Some(row.user_matching_mode.clone()),
        managed: row.managed.clone(),
        user_path_template: Some(row.user_path_template.clone()),
        icon: icon::address(row.icon_file.as_deref()),
    }
}

/// Changes every field of a connection that a body has; it has all.
pub fn replace(row: &mut UserPlexConnection, body: wire::UserPlexSourceConnectionRequest) {
    row.identifier = body.identifier.into();
    row.plex_token = body.plex_token.into();
}

/// Changes every field of a connection that a body has.
pub fn patch(row: &mut UserPlexConnection, body: wire::PatchedUserPlexSourceConnectionRequest) {
    if let Some(identifier) = body.identifier {
        row.identifier = identifier.into();
    }
    if let Some(plex_token) = body.plex_token {
        row.plex_token = plex_token.into();
    }
}

impl SourcesUserConnectionsPlex for StubApi {
    async fn sources_user_connections_plex_list(
        &self,
        cx: &Context,
        query: api::SourcesUserConnectionsPlexListQuery,
    ) -> Result<wire::PaginatedUserPlexSourceConnectionList, api::SourcesUserConnectionsPlexListError> {
        let (pagination, results) = viewset::list::<UserPlexConnections>(self, cx, &query)?;
        Ok(wire::PaginatedUserPlexSourceConnectionList { pagination, results })
    }

    async fn sources_user_connections_plex_create(
        &self,
        _: &Context,
        _: wire::UserPlexSourceConnectionRequest,
    ) -> Result<wire::UserPlexSourceConnection, api::SourcesUserConnectionsPlexCreateError> {
        // Neither user nor source can be written, so the database is asked to store a connection without them.
        Err(Failure::ServerError.into())
    }

    async fn sources_user_connections_plex_retrieve(
        &self,
        _: &Context,
        id: i64,
    ) -> Result<wire::UserPlexSourceConnection, api::SourcesUserConnectionsPlexRetrieveError> {
        Ok(viewset::retrieve::<UserPlexConnections>(self, &id)?)
    }

    async fn sources_user_connections_plex_update(
        &self,
        _: &Context,
        id: i64,
        body: wire::UserPlexSourceConnectionRequest,
    ) -> Result<wire::UserPlexSourceConnection, api::SourcesUserConnectionsPlexUpdateError> {
        Ok(viewset::update::<UserPlexConnections>(self, &id, |row| replace(row, body)).await?)
    }

    async fn sources_user_connections_plex_partial_update(
        &self,
        _: &Context,
        id: i64,
        body: Option<wire::PatchedUserPlexSourceConnectionRequest>,
    ) -> Result<wire::UserPlexSourceConnection, api::SourcesUserConnectionsPlexPartialUpdateError> {
        let body = body.unwrap_or_default();
        Ok(viewset::update::<UserPlexConnections>(self, &id, |row| patch(row, body)).await?)
    }

    async fn sources_user_connections_plex_destroy(
        &self,
        _: &Context,
        id: i64,
    ) -> Result<(), api::SourcesUserConnectionsPlexDestroyError> {
        Ok(viewset::destroy::<UserPlexConnections>(self, &id).await?)
    }

    async fn sources_user_connections_plex_used_by_list(
        &self,
        cx: &Context,
        id: i64,
    ) -> Result<Vec<wire::UsedBy>, api::SourcesUserConnectionsPlexUsedByListError> {
        Ok(viewset::used_by::<UserPlexConnections>(self, cx, &id)?)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn fixture() -> Value {
        let mut fixture: Value = serde_json::from_str(crate::fixture::SAMPLE).unwrap();
        let source = fixture["plex_sources"][0]["pk"].clone();
        let connection = |pk: i64, user: i64| {
            json!({"pk": pk, "user": user, "source": source, "identifier": "u", "plex_token": "t",
                "created": "2024-01-01T00:00:00Z"})
        };
        fixture["user_plex_connections"] = json!([connection(1, 7), connection(2, 8)]);
        fixture
    }

    #[test]
    fn connections_are_kept_and_counted() {
        let fixture = Fixture::parse("f.json", &fixture().to_string()).unwrap();
        let api = StubApi::in_memory(&fixture);
        let state = api.store().read();
        let wire =
            UserPlexConnections::find(&state, "2").unwrap().map(|row| UserPlexConnections::wire(row, &state));
        assert_eq!(wire.unwrap().unwrap().user, 8);
        assert_eq!(
            state.dump().unwrap().iter().filter(|row| row.table == "user_plex_connections").count(),
            2
        );
    }

    #[test]
    fn a_connection_needs_a_source() {
        let mut fixture = fixture();
        fixture["user_plex_connections"][1]["source"] = json!(Uuid::nil());
        let error = Fixture::parse("f.json", &fixture.to_string()).unwrap_err().to_string();
        assert!(error.contains("/user_plex_connections/1/source: "), "{error}");
    }
}
