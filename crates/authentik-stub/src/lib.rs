#![forbid(unsafe_code)]
//! A stand-in for authentik's sources API: it answers as authentik 2024.8 does, from objects of your choice, so that a
//! client can be tested without an authentik.
//!
//! The `authentik-stub` program serves it to anyone. Within a test:
//!
//! ```
//! use authentik_stub::Stub;
//!
//! # tokio_test();
//! # #[tokio::main]
//! # async fn tokio_test() {
//! let stub = Stub::builder().start().await.expect("a free port");
//! println!("ask {} with {:?}", stub.url(), stub.token());
//! stub.reset().await.expect("nothing can go wrong in memory");
//! stub.close().await;
//! # }
//! ```
//!
//! [`Stub`] is the server, [`Fixture`] the objects it starts with, whose rows are in [`record`], and [`faults`] are what goes
//! wrong if a test asks for it. [`StubApi`] answers requests without a server.
// From the objects outwards: `fixture` and `record` say what is stored, and `models` lists it; `state` and `store` keep it,
// with `durable` behind them if it is to outlive the process. `column`, `filter`, `search`, `ordering` and `page` are a
// database's way with rows, `permission` authentik's. `viewset` puts them together for `plex_sources` and
// `group_oauth_connections`, which serve their operations. `host` answers the runtime by the `rules` of routes, `control` is
// what the stub adds to the control API of `openapi-control`, whose `faults` stand before it, and `server` runs it all.

pub mod api;
mod column;
mod control;
mod deviations;
mod durable;
pub mod faults;
mod filter;
pub mod fixture;
mod group_oauth_connections;
mod host;
mod icon;
mod journal;
mod models;
mod ordering;
mod page;
mod permission;
mod plex_sources;
pub mod record;
mod redeem;
mod reference_data;
mod row;
mod rules;
mod search;
pub mod server;
mod state;
mod store;
mod stub_api;
mod table;
mod viewset;

pub use control::ControlTokenError;
pub use deviations::{DEVIATIONS, Deviation};
pub use durable::OpenError;
pub use fixture::Fixture;
pub use group_oauth_connections::GroupOAuthConnection;
pub use journal::StoreError;
pub use openapi_control::{Entry, Mismatch, Requests};
pub use server::Stub;
pub use stub_api::{StubApi, dialect};

/// Checks that the examples of the README compile and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
