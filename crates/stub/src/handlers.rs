//! The operations. Each says which viewset it is about and leaves the rest to [`crate::viewset`].

use authentik_sources_api::failure::Failure;
use authentik_sources_api::*;
use authentik_sources_types as wire;

use crate::authentik::Authentik;
use crate::group_oauth_connections::GroupOAuthConnections;
use crate::plex_sources::{self, PlexSources};
use crate::redeem;
use crate::viewset::{self, Context};

impl Api for Authentik {}
