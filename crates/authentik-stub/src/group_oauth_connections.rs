//! Connections between groups and OAuth sources: what is stored of them, their columns, their form on the wire and their
//! operations. No field of them can be written, and anyone but a superuser makes the server stumble.

use authentik_sources_api::{self as api, SourcesGroupConnectionsOauth};
use authentik_sources_types as wire;
use chrono::{DateTime, Utc};
use openapi_django::server::python;
use openapi_server_runtime::failure::Failure;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::column::{Cell, Column};
use crate::fixture::{Check, Checked, Fixture};
use crate::icon;
use crate::permission::{Model, Policy};
use crate::record::OAuthSource;
use crate::row::Row;
use crate::state::State;
use crate::stub_api::StubApi;
use crate::viewset::{self, Context, Viewset};

/// A connection between a group and an OAuth source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupOAuthConnection {
    /// The primary key.
    pub pk: i64,
    /// The group.
    pub group: Uuid,
    /// The OAuth source.
    pub source: Uuid,
    /// The group's name at the source.
    pub identifier: String,
    /// The time at which the connection was made.
    pub created: DateTime<Utc>,
}

impl Row for GroupOAuthConnection {
    type Key = i64;

    fn key(&self) -> i64 {
        self.pk
    }
}

impl Checked for GroupOAuthConnection {
    fn check(fixture: &Fixture, check: &mut Check) {
        let groups = fixture.groups.iter().map(|group| group.pk).collect();
        let sources = fixture.oauth_sources.iter().map(|source| source.pk).collect();
        let rows = || fixture.group_oauth_connections.iter().enumerate();
        let pointer = |at: usize| format!("/group_oauth_connections/{at}");
        check.unique("the primary key", rows().map(|(at, row)| (format!("{}/pk", pointer(at)), row.pk)));
        let pair = |(at, row): (usize, &Self)| (pointer(at), format!("{} and {}", row.group, row.source));
        check.unique("the pair of group and source", rows().map(pair));
        for (at, row) in rows() {
            check.reference(format!("{}/group", pointer(at)), "group", &row.group, &groups);
            check.reference(format!("{}/source", pointer(at)), "OAuth source", &row.source, &sources);
        }
    }
}

/// The viewset of connections between groups and OAuth sources.
#[derive(Debug)]
pub struct GroupOAuthConnections;

const COLUMNS: &[Column<GroupOAuthConnection>] = &[
    Column::one("pk", |row: &GroupOAuthConnection, _| Cell::Integer(row.pk)).order(),
    Column::one("group", |row: &GroupOAuthConnection, _| Cell::uuid(row.group)).filter().order(),
    Column::one("source", |row: &GroupOAuthConnection, _| Cell::uuid(row.source)).order(),
    Column::one("identifier", |row: &GroupOAuthConnection, _| Cell::text(row.identifier.as_str())).order(),
    Column::one("created", |row: &GroupOAuthConnection, _| Cell::DateTime(row.created)).order(),
    Column::one("source__slug", |row: &GroupOAuthConnection, state| {
        Cell::text(state.oauth_sources.get(&row.source).map(|source| source.slug.as_str()))
    })
    .filter()
    .search(),
];

impl Viewset for GroupOAuthConnections {
    type Record = GroupOAuthConnection;
    type Wire = wire::GroupOAuthSourceConnection;
    type Query = api::SourcesGroupConnectionsOauthListQuery;

    const MODEL: Model = Model { app: "authentik_sources_oauth", name: "groupoauthsourceconnection" };
    const POLICY: Policy = Policy::Ownership;
    const ROUTE: &'static str = "/sources/group_connections/oauth/";
    const COLUMNS: &'static [Column<GroupOAuthConnection>] = COLUMNS;
    const DEFAULT_ORDERING: &'static [&'static str] = &["source__slug", "pk"];

    fn find<'a>(state: &'a State, lookup: &str) -> Result<Option<&'a GroupOAuthConnection>, Failure> {
        let key = python::int(lookup).and_then(|number| i64::try_from(number).ok());
        Ok(key.and_then(|key| state.group_oauth_connections.get(&key)))
    }

    fn wire(row: &GroupOAuthConnection, state: &State) -> Result<Self::Wire, Failure> {
        let source = state.oauth_sources.get(&row.source).ok_or(Failure::ServerError)?;
        Ok(wire::GroupOAuthSourceConnection {
            pk: row.pk,
            group: row.group,
            source: base_source(source),
            identifier: row.identifier.clone(),
            created: row.created,
        })
    }
}

impl SourcesGroupConnectionsOauth for StubApi {
    async fn sources_group_connections_oauth_list(
        &self,
        cx: &Context,
        query: api::SourcesGroupConnectionsOauthListQuery,
    ) -> Result<wire::PaginatedGroupOAuthSourceConnectionList, api::SourcesGroupConnectionsOauthListError>
    {
        let (pagination, results) = viewset::list::<GroupOAuthConnections>(self, cx, &query)?;
        Ok(wire::PaginatedGroupOAuthSourceConnectionList { pagination, results })
    }

    async fn sources_group_connections_oauth_create(
        &self,
        _: &Context,
    ) -> Result<wire::GroupOAuthSourceConnection, api::SourcesGroupConnectionsOauthCreateError> {
        // No field can be written, so the database is asked to store a connection without a group, and refuses.
        Err(Failure::ServerError.into())
    }

    async fn sources_group_connections_oauth_retrieve(
        &self,
        _: &Context,
        id: i64,
    ) -> Result<wire::GroupOAuthSourceConnection, api::SourcesGroupConnectionsOauthRetrieveError> {
        Ok(viewset::retrieve::<GroupOAuthConnections>(self, &id)?)
    }

    async fn sources_group_connections_oauth_update(
        &self,
        _: &Context,
        id: i64,
    ) -> Result<wire::GroupOAuthSourceConnection, api::SourcesGroupConnectionsOauthUpdateError> {
        Ok(viewset::retrieve::<GroupOAuthConnections>(self, &id)?)
    }

    async fn sources_group_connections_oauth_partial_update(
        &self,
        _: &Context,
        id: i64,
    ) -> Result<wire::GroupOAuthSourceConnection, api::SourcesGroupConnectionsOauthPartialUpdateError> {
        Ok(viewset::retrieve::<GroupOAuthConnections>(self, &id)?)
    }

    async fn sources_group_connections_oauth_destroy(
        &self,
        _: &Context,
        id: i64,
    ) -> Result<(), api::SourcesGroupConnectionsOauthDestroyError> {
        Ok(viewset::destroy::<GroupOAuthConnections>(self, &id).await?)
    }

    async fn sources_group_connections_oauth_used_by_list(
        &self,
        cx: &Context,
        id: i64,
    ) -> Result<Vec<wire::UsedBy>, api::SourcesGroupConnectionsOauthUsedByListError> {
        Ok(viewset::used_by::<GroupOAuthConnections>(self, cx, &id)?)
    }
}

/// Returns the part of a source that all kinds share.
pub(crate) fn base_source(row: &OAuthSource) -> wire::Source {
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
