//! The operations with types of their own, those of the canonical document. They are answered from the store
//! unless their methods are written here.

use authentik_sources_api::{
    SourcesGroupConnectionsOauth, SourcesPlex, SourcesPlexRedeemTokenAuthenticatedCreateError,
    SourcesPlexRedeemTokenAuthenticatedCreateQuery, SourcesPlexRedeemTokenCreateError,
    SourcesPlexRedeemTokenCreateQuery,
};
use authentik_sources_types::{PlexTokenRedeemRequest, RedirectChallenge};

use super::actions::would_go_outside;
use super::{Api, Context};

impl SourcesGroupConnectionsOauth for Api {}

impl SourcesPlex for Api {
    async fn sources_plex_redeem_token_create(
        &self,
        cx: &Context,
        _: SourcesPlexRedeemTokenCreateQuery,
        _: PlexTokenRedeemRequest,
    ) -> Result<RedirectChallenge, SourcesPlexRedeemTokenCreateError> {
        Err(would_go_outside(cx).into())
    }

    async fn sources_plex_redeem_token_authenticated_create(
        &self,
        cx: &Context,
        _: SourcesPlexRedeemTokenAuthenticatedCreateQuery,
        _: PlexTokenRedeemRequest,
    ) -> Result<(), SourcesPlexRedeemTokenAuthenticatedCreateError> {
        Err(would_go_outside(cx).into())
    }
}
