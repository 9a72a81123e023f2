//! Plex sources: their columns, their form on the wire, their operations, and how a request body becomes a row.

use authentik_sources_api::{self as api, SourcesPlex};
use authentik_sources_types::{
    self as wire, GroupMatchingModeEnum, PatchedPlexSourceRequest, PlexSourceRequest, PlexTokenRedeemRequest,
    PolicyEngineMode, UsedBy, UsedByActionEnum, UserMatchingModeEnum,
};
use http::StatusCode;
use openapi_server_runtime::failure::{Failure, FieldErrors};
use rand::RngExt as _;
use rand::distr::Alphanumeric;
use serde::de::IgnoredAny;
use uuid::Uuid;

use crate::column::{Cell, Column};
use crate::icon;
use crate::permission::{Model, Policy};
use crate::record::{self, PlexSource};
use crate::reference_data::User;
use crate::state::State;
use crate::stub_api::StubApi;
use crate::viewset::{self, Context, Viewset};

/// The viewset of Plex sources.
#[derive(Debug)]
pub struct PlexSources;

const MAPPING: Model = Model { app: "authentik_core", name: "propertymapping" };

/// The icon of a source without one.
const DEFAULT_ICON: &str = "/static/authentik/sources/plex.svg";

/// The length of a client identifier the server makes up.
const CLIENT_ID_LENGTH: usize = 40;

const COLUMNS: &[Column<PlexSource>] = &[
    Column::one("pk", |row: &PlexSource, _| Cell::uuid(row.pk)).order(),
    Column::one("name", |row: &PlexSource, _| Cell::text(row.name.as_str())).filter().order().search(),
    Column::one("slug", |row: &PlexSource, _| Cell::text(row.slug.as_str())).filter().order().search(),
    Column::one("enabled", |row: &PlexSource, _| Cell::Boolean(row.enabled)).filter().order(),
    Column::one("authentication_flow", |row: &PlexSource, _| Cell::uuid(row.authentication_flow))
        .filter()
        .order(),
    Column::one("enrollment_flow", |row: &PlexSource, _| Cell::uuid(row.enrollment_flow)).filter().order(),
    Column::many("user_property_mappings", |row: &PlexSource, _| Cell::uuids(&row.user_property_mappings))
        .order(),
    Column::many("group_property_mappings", |row: &PlexSource, _| Cell::uuids(&row.group_property_mappings))
        .order(),
    Column::one("policy_engine_mode", |row: &PlexSource, _| Cell::word(&row.policy_engine_mode))
        .filter()
        .order(),
    Column::one("user_matching_mode", |row: &PlexSource, _| Cell::word(&row.user_matching_mode))
        .filter()
        .order(),
    Column::one("managed", |row: &PlexSource, _| Cell::text(row.managed.as_deref())).order(),
    Column::one("user_path_template", |row: &PlexSource, _| Cell::text(row.user_path_template.as_str()))
        .order(),
    Column::one("group_matching_mode", |row: &PlexSource, _| Cell::word(&row.group_matching_mode))
        .filter()
        .order(),
    Column::one("client_id", |row: &PlexSource, _| Cell::text(row.client_id.as_str())).filter().order(),
    Column::one("allowed_servers", |row: &PlexSource, _| Cell::texts(&row.allowed_servers)).order(),
    Column::one("allow_friends", |row: &PlexSource, _| Cell::Boolean(row.allow_friends)).filter().order(),
    Column::one("plex_token", |row: &PlexSource, _| Cell::text(row.plex_token.as_str())).order(),
];

impl Viewset for PlexSources {
    type Record = PlexSource;
    type Wire = wire::PlexSource;
    type Query = api::SourcesPlexListQuery;

    const MODEL: Model = Model { app: "authentik_sources_plex", name: "plexsource" };
    const POLICY: Policy = Policy::Permissions;
    const ROUTE: &'static str = "/sources/plex/";
    const COLUMNS: &'static [Column<PlexSource>] = COLUMNS;
    const DEFAULT_ORDERING: &'static [&'static str] = &["name"];

    fn find<'a>(state: &'a State, lookup: &str) -> Result<Option<&'a PlexSource>, Failure> {
        // The database refuses text with a NUL in it, and nothing catches that.
        if lookup.contains('\0') { Err(Failure::ServerError) } else { Ok(state.plex_source(lookup)) }
    }

    fn wire(row: &PlexSource, _: &State) -> Result<wire::PlexSource, Failure> {
        Ok(wire::PlexSource {
            pk: row.pk,
            name: row.name.clone(),
            slug: row.slug.clone(),
            enabled: Some(row.enabled),
            authentication_flow: row.authentication_flow,
            enrollment_flow: row.enrollment_flow,
            user_property_mappings: row.user_property_mappings.clone(),
            group_property_mappings: row.group_property_mappings.clone(),
            component: "ak-source-plex-form".to_owned(),
            verbose_name: "Plex Source".to_owned(),
            verbose_name_plural: "Plex Sources".to_owned(),
            meta_model_name: format!("{}.{}", Self::MODEL.app, Self::MODEL.name),
            policy_engine_mode: Some(row.policy_engine_mode.clone()),
            user_matching_mode: Some(row.user_matching_mode.clone()),
            managed: row.managed.clone(),
            user_path_template: Some(row.user_path_template.clone()),
            icon: icon::address(row.icon_file.as_deref()).unwrap_or_else(|| DEFAULT_ICON.to_owned()),
            group_matching_mode: Some(row.group_matching_mode.clone()),
            client_id: Some(row.client_id.clone()),
            allowed_servers: row.allowed_servers.clone(),
            allow_friends: Some(row.allow_friends),
            plex_token: row.plex_token.clone(),
        })
    }

    fn check(row: &PlexSource, state: &State) -> Result<(), Failure> {
        if state.has_source(&row.slug, Some(row.pk)) {
            return Err(FieldErrors::of("slug", "source with this slug already exists.").into());
        }
        Ok(())
    }

    fn used_by(row: &PlexSource, state: &State, user: &User) -> Vec<UsedBy> {
        let view = MAPPING.permission("view");
        let mappings = row.group_property_mappings.iter().chain(&row.user_property_mappings);
        let seen = mappings.filter(|key| user.has_on(&view, &key.to_string()));
        seen.filter_map(|key| state.reference_data.property_mapping(*key))
            .map(|mapping| UsedBy {
                app: MAPPING.app.to_owned(),
                model_name: MAPPING.name.to_owned(),
                pk: mapping.pk.to_string(),
                name: format!("Property Mapping {}", mapping.name),
                action: UsedByActionEnum::CascadeMany,
            })
            .collect()
    }
}

/// Returns the response to a request to redeem a token that is in order.
#[must_use]
pub fn out_of_reach() -> Failure {
    Failure::detail(StatusCode::NOT_IMPLEMENTED, "A stub does not ask plex.tv whose token this is.")
}

impl SourcesPlex for StubApi {
    async fn sources_plex_list(
        &self,
        cx: &Context,
        query: api::SourcesPlexListQuery,
    ) -> Result<wire::PaginatedPlexSourceList, api::SourcesPlexListError> {
        let (pagination, results) = viewset::list::<PlexSources>(self, cx, &query)?;
        Ok(wire::PaginatedPlexSourceList { pagination, results })
    }

    async fn sources_plex_create(
        &self,
        _: &Context,
        body: PlexSourceRequest,
    ) -> Result<wire::PlexSource, api::SourcesPlexCreateError> {
        Ok(viewset::create::<PlexSources>(self, new(body)).await?)
    }

    async fn sources_plex_retrieve(
        &self,
        _: &Context,
        slug: String,
    ) -> Result<wire::PlexSource, api::SourcesPlexRetrieveError> {
        Ok(viewset::retrieve::<PlexSources>(self, &slug)?)
    }

    async fn sources_plex_update(
        &self,
        _: &Context,
        slug: String,
        body: PlexSourceRequest,
    ) -> Result<wire::PlexSource, api::SourcesPlexUpdateError> {
        Ok(viewset::update::<PlexSources>(self, &slug, |row| replace(row, body)).await?)
    }

    async fn sources_plex_partial_update(
        &self,
        _: &Context,
        slug: String,
        body: Option<PatchedPlexSourceRequest>,
    ) -> Result<wire::PlexSource, api::SourcesPlexPartialUpdateError> {
        let body = body.unwrap_or_default();
        Ok(viewset::update::<PlexSources>(self, &slug, |row| patch(row, body)).await?)
    }

    async fn sources_plex_destroy(
        &self,
        _: &Context,
        slug: String,
    ) -> Result<(), api::SourcesPlexDestroyError> {
        Ok(viewset::destroy::<PlexSources>(self, &slug).await?)
    }

    async fn sources_plex_used_by_list(
        &self,
        cx: &Context,
        slug: String,
    ) -> Result<Vec<UsedBy>, api::SourcesPlexUsedByListError> {
        Ok(viewset::used_by::<PlexSources>(self, cx, &slug)?)
    }

    async fn sources_plex_redeem_token_create(
        &self,
        _: &Context,
        _: api::SourcesPlexRedeemTokenCreateQuery,
        _: PlexTokenRedeemRequest,
    ) -> Result<wire::RedirectChallenge, api::SourcesPlexRedeemTokenCreateError> {
        Err(out_of_reach().into())
    }

    async fn sources_plex_redeem_token_authenticated_create(
        &self,
        _: &Context,
        _: api::SourcesPlexRedeemTokenAuthenticatedCreateQuery,
        _: PlexTokenRedeemRequest,
    ) -> Result<(), api::SourcesPlexRedeemTokenAuthenticatedCreateError> {
        Err(out_of_reach().into())
    }
}

/// Copies the fields a body has, except those that one kind of body has to have.
macro_rules! copy_optional {
    ($row:ident, $body:ident) => {
        $body.authentication_flow.apply_to(&mut $row.authentication_flow);
        $body.enrollment_flow.apply_to(&mut $row.enrollment_flow);
        if let Some(servers) = $body.allowed_servers {
            $row.allowed_servers = servers.into_iter().map(String::from).collect();
        }
        copy_optional!($row, $body: enabled user_property_mappings group_property_mappings policy_engine_mode
            user_matching_mode user_path_template group_matching_mode client_id allow_friends);
    };
    ($row:ident, $body:ident: $($field:ident)*) => {
        $(if let Some(value) = $body.$field {
            $row.$field = value.into();
        })*
    };
}

/// Returns a new source.
#[must_use]
pub fn new(body: PlexSourceRequest) -> PlexSource {
    let mut row = PlexSource {
        pk: Uuid::new_v4(),
        name: String::new(),
        slug: String::new(),
        enabled: true,
        authentication_flow: None,
        enrollment_flow: None,
        user_property_mappings: Vec::new(),
        group_property_mappings: Vec::new(),
        policy_engine_mode: PolicyEngineMode::Any,
        user_matching_mode: UserMatchingModeEnum::Identifier,
        managed: None,
        user_path_template: record::user_path_template(),
        icon_file: None,
        icon: IgnoredAny,
        group_matching_mode: GroupMatchingModeEnum::Identifier,
        client_id: rand::rng().sample_iter(Alphanumeric).take(CLIENT_ID_LENGTH).map(char::from).collect(),
        allowed_servers: Vec::new(),
        allow_friends: true,
        plex_token: String::new(),
    };
    replace(&mut row, body);
    row
}

/// Changes every field of a source that a body has; it has the required ones.
pub fn replace(row: &mut PlexSource, body: PlexSourceRequest) {
    row.name = body.name.into();
    row.slug = body.slug.into();
    row.plex_token = body.plex_token.into();
    copy_optional!(row, body);
}

/// Changes every field of a source that a body has.
pub fn patch(row: &mut PlexSource, body: PatchedPlexSourceRequest) {
    copy_optional!(row, body: name slug plex_token);
    copy_optional!(row, body);
}
