#![forbid(unsafe_code)]
//! A stateful stub of authentik's sources API for contract tests.

pub mod authentik;
pub mod column;
pub mod directory;
pub mod durable;
pub mod filter;
pub mod fixture;
pub mod group_oauth_connections;
pub mod host;
pub mod icon;
pub mod journal;
pub mod ordering;
pub mod page;
pub mod permission;
pub mod plex_sources;
pub mod record;
pub mod redeem;
pub mod search;
pub mod state;
pub mod store;
pub mod table;
pub mod viewset;
