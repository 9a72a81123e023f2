//! The operations with types of their own, those of the canonical document. Their methods answer from the store unless they
//! are written here.

use std::collections::HashSet;
use std::sync::LazyLock;

use authentik_sources_api::{
    OPERATIONS, SourcesGroupConnectionsOauth, SourcesPlex, SourcesPlexRedeemTokenAuthenticatedCreateError,
    SourcesPlexRedeemTokenAuthenticatedCreateQuery, SourcesPlexRedeemTokenCreateError,
    SourcesPlexRedeemTokenCreateQuery,
};
use authentik_sources_types::{PlexTokenRedeemRequest, RedirectChallenge};

use super::actions::would_go_outside;
use super::{Api, Context};

static TYPED: LazyLock<HashSet<&str>> =
    LazyLock::new(|| OPERATIONS.iter().map(|operation| operation.id).collect());

/// Returns `true` for an operation that has a method.
pub(super) fn has(operation: &str) -> bool {
    TYPED.contains(operation)
}

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
