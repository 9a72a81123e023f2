#![forbid(unsafe_code)]
//! A stand-in for authentik's sources API: it answers as authentik 2024.8 does, from objects of your choice, so that a
//! client can be tested without an authentik.
//!
//! The `authentik-stub` program serves it to anyone. Within a test:
//!
//! ```
//! use authentik_stub::server::Stub;
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
//! `models.rs` lists the models. From the objects outwards: [`fixture`] and [`record`] say what is stored, [`state`] and
//! [`store`] keep it, with [`durable`] behind them if it is to outlive the process; [`mod@column`], [`filter`],
//! [`search`], [`ordering`] and [`page`] are a database's way with rows, [`permission`] authentik's; [`viewset`] puts them
//! together for [`plex_sources`] and [`group_oauth_connections`], which serve their operations; [`host`] answers the
//! runtime, [`faults`] stand before it if a test asks for some, [`control`] adds the stub's own routes, and [`server`]
//! runs it all.

pub mod column;
pub mod control;
pub mod deviations;
pub mod durable;
pub mod faults;
pub mod filter;
pub mod fixture;
pub mod group_oauth_connections;
pub mod host;
pub mod icon;
pub mod journal;
mod models;
pub mod ordering;
pub mod page;
pub mod permission;
pub mod plex_sources;
pub mod record;
pub mod redeem;
pub mod reference_data;
pub mod search;
pub mod server;
pub mod state;
pub mod store;
pub mod stub_api;
pub mod table;
pub mod viewset;

pub use deviations::{DEVIATIONS, Deviation};
pub use fixture::Fixture;
pub use server::Stub;

/// Checks that the examples of the README compile and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
