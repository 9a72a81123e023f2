#![forbid(unsafe_code)]
//! A client for authentik's Plex sources and OAuth group-source connections.
