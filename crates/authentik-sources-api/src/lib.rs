#![forbid(unsafe_code)]
//! The server side of an API: a service trait, request parsing and dropshot registration.
//!
//! Implement [`Host`](host::Host), and of [`Api`] what you serve, and hand both to a [`Server`](server::Server).
//! Whatever is not implemented answers with the example of its schema:
//!
//! ```no_run
//! use authentik_sources_api::{Api, host::Host, server::Server, service::Service};
//!
//! struct Empty;
//!
//! impl Host for Empty {
//!     type User = ();
//! }
//!
//! impl Api for Empty {}
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let server = Server::start(Service::new(Empty), ([127, 0, 0, 1], 0).into())?;
//! println!("listening at {}", server.url());
//! # Ok(())
//! # }
//! ```

pub mod answer;
pub mod bearer;
pub mod body;
mod charset;
pub mod dispatch;
pub mod document;
pub mod emission;
pub mod failure;
pub mod fields;
pub mod filters;
mod form;
#[rustfmt::skip]
mod generated;
pub mod host;
pub mod json;
mod log;
pub mod media;
pub mod metadata;
pub mod negotiation;
pub mod operation;
pub mod python;
pub mod query_rules;
mod reference;
pub mod registration;
pub mod request;
pub mod route;
#[cfg(test)]
mod sample;
pub mod schema;
pub mod serve;
pub mod server;
pub mod service;
pub mod strict;
mod text;

#[allow(unused_imports, reason = "a document may have no operations")]
pub use generated::errors::*;
pub use generated::operations::{BASE_PATH, DOCUMENT, OPERATIONS};
#[allow(unused_imports, reason = "a document may have no query parameters")]
pub use generated::queries::*;
pub use generated::service::Api;
pub use generated::{operations, schemas};

/// What the README shows compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
