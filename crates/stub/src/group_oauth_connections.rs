//! Connections between groups and OAuth sources: their columns and their form on the wire. No field of them can be
//! written, and anyone but a superuser makes the server stumble.

use authentik_sources_api::SourcesGroupConnectionsOauthListQuery;
use authentik_sources_api::failure::Failure;
use authentik_sources_api::python;
use authentik_sources_types as wire;

use crate::column::{Cell, Column};
use crate::icon;
use crate::permission::{Model, Policy};
use crate::record::{GroupOAuthConnection, OAuthSource};
use crate::state::State;
use crate::viewset::Viewset;

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
    type Query = SourcesGroupConnectionsOauthListQuery;

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

/// A source as those see it who know nothing of its kind.
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
