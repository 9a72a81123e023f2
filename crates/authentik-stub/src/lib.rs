#![forbid(unsafe_code)]
//! A stand-in for authentik: it answers as authentik 2024.8 does, from objects of your choice, so that a client can be
//! tested without an authentik.
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
//! stub.reset().expect("nothing can go wrong in memory");
//! stub.close().await;
//! # }
//! ```
//!
//! [`Stub`] is the server, [`Fixture`] the objects it starts with, and [`faults`] are what goes wrong if a test asks for
//! it. [`api`] answers requests without a server.
// `fixture` says what is stored at first and `api` answers from it; `server` runs it, with the control API of
// `openapi-control`, whose `faults` stand before it.

pub mod api;
mod deviations;
pub mod faults;
pub mod fixture;
pub mod server;

pub use deviations::{DEVIATIONS, Deviation};
pub use fixture::Fixture;
pub use openapi_control::guard::ControlTokenError;
pub use openapi_control::{Answer, Answers, Coverage, Entry, LogFormat, Mismatch, Requests, When};
pub use openapi_resources::durable::OpenError;
pub use openapi_resources::journal::JournalError;
pub use openapi_resources::supply::Adjustable;
pub use openapi_server_runtime::server::Address;
pub use server::Stub;

/// Checks that the examples of the README compile and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
