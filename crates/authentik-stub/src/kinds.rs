//! The list of what there is: one line for each kind of objects. From its line follow the table in a snapshot of the
//! state, the list in fixtures, the rows in a state file and, if the API has a viewset of them, the rules of its routes,
//! its operations and its place among the figures of `/-/health`. What is particular to a kind is in its own module.
//!
//! A line reads `table: Record;`, or `table: Record => module::Viewset;` where the module serves the kind: it has the
//! viewset and a macro `operations` with the methods.

/// Hands the list to a macro.
macro_rules! for_each_kind {
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

pub(crate) use for_each_kind;
