//! The operations. Each says which viewset it is about and leaves the rest to [`crate::viewset`].

use authentik_sources_api::failure::Failure;
use authentik_sources_api::{
    Api, SourcesGroupConnectionsOauthCreateError, SourcesGroupConnectionsOauthDestroyError,
    SourcesGroupConnectionsOauthListError, SourcesGroupConnectionsOauthListQuery,
    SourcesGroupConnectionsOauthPartialUpdateError, SourcesGroupConnectionsOauthRetrieveError,
    SourcesGroupConnectionsOauthUpdateError, SourcesGroupConnectionsOauthUsedByListError,
    SourcesPlexCreateError, SourcesPlexDestroyError, SourcesPlexListError, SourcesPlexListQuery,
    SourcesPlexPartialUpdateError, SourcesPlexRedeemTokenAuthenticatedCreateError,
    SourcesPlexRedeemTokenAuthenticatedCreateQuery, SourcesPlexRedeemTokenCreateError,
    SourcesPlexRedeemTokenCreateQuery, SourcesPlexRetrieveError, SourcesPlexUpdateError,
    SourcesPlexUsedByListError,
};
use authentik_sources_types as wire;

use crate::authentik::Authentik;
use crate::group_oauth_connections::GroupOAuthConnections;
use crate::plex_sources::{self, PlexSources};
use crate::redeem;
use crate::viewset::{self, Context};

impl Api for Authentik {
    async fn sources_group_connections_oauth_list(
        &self,
        cx: &Context,
        query: SourcesGroupConnectionsOauthListQuery,
    ) -> Result<wire::PaginatedGroupOAuthSourceConnectionList, SourcesGroupConnectionsOauthListError> {
        let (pagination, results) = viewset::list::<GroupOAuthConnections>(self, cx, &query)?;
        Ok(wire::PaginatedGroupOAuthSourceConnectionList { pagination, results })
    }

    async fn sources_group_connections_oauth_create(
        &self,
        _: &Context,
    ) -> Result<wire::GroupOAuthSourceConnection, SourcesGroupConnectionsOauthCreateError> {
        // No field can be written, so the database is asked to store a connection without a group, and refuses.
        Err(Failure::ServerError.into())
    }

    async fn sources_group_connections_oauth_retrieve(
        &self,
        _: &Context,
        id: i64,
    ) -> Result<wire::GroupOAuthSourceConnection, SourcesGroupConnectionsOauthRetrieveError> {
        Ok(viewset::retrieve::<GroupOAuthConnections>(self, &id.to_string())?)
    }

    async fn sources_group_connections_oauth_update(
        &self,
        _: &Context,
        id: i64,
    ) -> Result<wire::GroupOAuthSourceConnection, SourcesGroupConnectionsOauthUpdateError> {
        Ok(viewset::retrieve::<GroupOAuthConnections>(self, &id.to_string())?)
    }

    async fn sources_group_connections_oauth_partial_update(
        &self,
        _: &Context,
        id: i64,
    ) -> Result<wire::GroupOAuthSourceConnection, SourcesGroupConnectionsOauthPartialUpdateError> {
        Ok(viewset::retrieve::<GroupOAuthConnections>(self, &id.to_string())?)
    }

    async fn sources_group_connections_oauth_destroy(
        &self,
        _: &Context,
        id: i64,
    ) -> Result<(), SourcesGroupConnectionsOauthDestroyError> {
        Ok(viewset::destroy::<GroupOAuthConnections>(self.store(), id.to_string()).await?)
    }

    async fn sources_group_connections_oauth_used_by_list(
        &self,
        cx: &Context,
        id: i64,
    ) -> Result<Vec<wire::UsedBy>, SourcesGroupConnectionsOauthUsedByListError> {
        Ok(viewset::used_by::<GroupOAuthConnections>(self, cx, &id.to_string())?)
    }

    async fn sources_plex_list(
        &self,
        cx: &Context,
        query: SourcesPlexListQuery,
    ) -> Result<wire::PaginatedPlexSourceList, SourcesPlexListError> {
        let (pagination, results) = viewset::list::<PlexSources>(self, cx, &query)?;
        Ok(wire::PaginatedPlexSourceList { pagination, results })
    }

    async fn sources_plex_create(
        &self,
        _: &Context,
        body: wire::PlexSourceRequest,
    ) -> Result<wire::PlexSource, SourcesPlexCreateError> {
        Ok(viewset::create::<PlexSources>(self.store(), plex_sources::new(body)).await?)
    }

    async fn sources_plex_retrieve(
        &self,
        _: &Context,
        slug: String,
    ) -> Result<wire::PlexSource, SourcesPlexRetrieveError> {
        Ok(viewset::retrieve::<PlexSources>(self, &slug)?)
    }

    async fn sources_plex_update(
        &self,
        _: &Context,
        slug: String,
        body: wire::PlexSourceRequest,
    ) -> Result<wire::PlexSource, SourcesPlexUpdateError> {
        Ok(viewset::update::<PlexSources>(self.store(), slug, |row| plex_sources::replace(row, body)).await?)
    }

    async fn sources_plex_partial_update(
        &self,
        _: &Context,
        slug: String,
        body: wire::PatchedPlexSourceRequest,
    ) -> Result<wire::PlexSource, SourcesPlexPartialUpdateError> {
        Ok(viewset::update::<PlexSources>(self.store(), slug, |row| plex_sources::patch(row, body)).await?)
    }

    async fn sources_plex_destroy(&self, _: &Context, slug: String) -> Result<(), SourcesPlexDestroyError> {
        Ok(viewset::destroy::<PlexSources>(self.store(), slug).await?)
    }

    async fn sources_plex_used_by_list(
        &self,
        cx: &Context,
        slug: String,
    ) -> Result<Vec<wire::UsedBy>, SourcesPlexUsedByListError> {
        Ok(viewset::used_by::<PlexSources>(self, cx, &slug)?)
    }

    async fn sources_plex_redeem_token_create(
        &self,
        _: &Context,
        _: SourcesPlexRedeemTokenCreateQuery,
        _: wire::PlexTokenRedeemRequest,
    ) -> Result<wire::RedirectChallenge, SourcesPlexRedeemTokenCreateError> {
        Err(redeem::out_of_reach().into())
    }

    async fn sources_plex_redeem_token_authenticated_create(
        &self,
        _: &Context,
        _: SourcesPlexRedeemTokenAuthenticatedCreateQuery,
        _: wire::PlexTokenRedeemRequest,
    ) -> Result<(), SourcesPlexRedeemTokenAuthenticatedCreateError> {
        Err(redeem::out_of_reach().into())
    }
}
