//! The list of models, one line for each. The line alone makes the table in a snapshot of the state, the list in fixtures
//! and the rows in a state file; if the API has a viewset of the model, also the rules of its routes and its count in
//! `/-/health`. Everything else about a model is in its own module.
//!
//! A line reads `table: Record;`, or `table: Record => module::Viewset;` if the module has a viewset of the model.

/// Passes the list to a macro.
macro_rules! for_each_model {
    ($use:ident) => {
        $use! {
            /// Plex sources.
            plex_sources: crate::record::PlexSource => plex_sources::PlexSources;
            /// OAuth sources; only their connections are part of the API.
            oauth_sources: crate::record::OAuthSource;
            /// Connections of groups with OAuth sources.
            group_oauth_connections: crate::group_oauth_connections::GroupOAuthConnection
                => group_oauth_connections::GroupOAuthConnections;
        }
    };
}

pub(crate) use for_each_model;
