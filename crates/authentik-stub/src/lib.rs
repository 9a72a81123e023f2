#![forbid(unsafe_code)]
//! A stand-in for authentik: it answers as authentik 2024.8 does, from objects of your choice, so that a client can be
//! tested without an authentik.
//!
//! The `authentik-stub` program serves it to anyone. Within a test:
//!
//! ```
//! use authentik_stub::{Fault, Stub};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let stub = Stub::start().await?;
//! println!("ask {} with {:?}", stub.url(), stub.token());
//!
//! // The list is throttled twice; then it is there again.
//! stub.faults().add([Fault::status(429).header("Retry-After", "1").on("sources_plex_list").times(2)])?;
//! // A source is created, but the client gets no response.
//! stub.faults().add([Fault::disconnect().carried_out().on("sources_plex_create")])?;
//!
//! // … the program under test …
//! stub.requests().of("sources_plex_destroy").never()?;
//! # Ok(())
//! # }
//! ```
//!
//! [`Stub`] is the server, [`BlockingStub`] one for tests without a runtime, [`World`] objects of its own for each test, and
//! [`Fixture`] the objects it starts with. [`api`] answers requests without a server.
// `fixture` says what is stored at first and `api` answers from it; `server` runs it, with the control API of
// `openapi-control`. An `instance` is what a test sees of a world, be it that of the `server` or another `world`.

pub mod api;
mod blocking;
mod deviations;
pub mod fixture;
mod instance;
#[cfg(feature = "proxy")]
pub mod proxy;
mod server;
mod start_error;
#[cfg(feature = "durable")]
mod state_file;
mod world;

pub use api::tokens::TokenError;
pub use blocking::BlockingStub;
pub use chrono::TimeDelta;
pub use deviations::{DEVIATIONS, Deviation};
pub use fixture::{
    Application, Fixture, FixtureBuilder, FixtureError, Flow, Group, OAuth2Provider, PlexSource, Token, User,
};
#[cfg(feature = "client")]
pub use instance::ClientError;
pub use instance::Instance;
pub use openapi_control::guard::ControlTokenError;
pub use openapi_control::record::{RecordError, Recorder};
pub use openapi_control::{
    Answer, AnswerError, Answers, Change, Coverage, Damage, Disconnect, Entry, Fault, FaultError, Faults,
    Given, InWorld, LogFormat, Mismatch, Planned, Requests, Throttle, When,
};
#[cfg(feature = "durable")]
pub use openapi_resources::durable::OpenError;
pub use openapi_resources::journal::JournalError;
pub use openapi_resources::supply::Adjustable;
pub use openapi_resources::worlds::WorldError;
pub use openapi_server_runtime::cors::Origin;
pub use openapi_server_runtime::server::Address;
pub use serde_json::{Value, json};
pub use server::{Carrier, Stub, StubBuilder};
#[cfg(feature = "tls")]
pub use server::{Tls, TlsError};
pub use start_error::StartError;
pub use world::World;

/// Checks that the examples of the README compile and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
