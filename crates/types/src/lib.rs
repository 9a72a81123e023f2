#![forbid(unsafe_code)]
//! Wire types of authentik's Plex sources and OAuth group-source connections.
