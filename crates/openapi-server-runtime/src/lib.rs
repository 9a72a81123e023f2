#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

pub mod arguments;
mod authentication;
pub mod body;
mod checker;
pub mod cookies;
pub mod cors;
pub mod credentials;
pub mod dialect;
pub mod dispatch;
#[cfg(feature = "dropshot")]
pub mod document;
#[cfg(feature = "dropshot")]
pub mod emission;
pub mod exchange;
pub mod failure;
mod files;
pub mod filters;
pub mod form;
pub mod host;
mod interface;
mod leaked;
#[cfg(feature = "listener")]
pub mod listener;
#[cfg(feature = "dropshot")]
mod log;
pub mod media;
pub mod notes;
pub mod operation;
pub mod plain;
#[cfg(feature = "dropshot")]
pub mod registration;
pub mod request;
pub mod response;
pub mod response_headers;
pub mod route;
#[cfg(any(test, feature = "sample"))]
pub mod sample;
pub mod schema;
pub mod serve;
#[cfg(any(feature = "dropshot", feature = "listener"))]
pub mod server;
pub mod service;
#[cfg(feature = "sources")]
pub mod sources;
pub mod style;
pub mod tables;
mod to;
pub mod undeclared;
pub mod unwritten;
pub mod upgrade;
mod values;
mod watch;

/// The JSON values in the signatures of this crate.
pub use serde_json;

pub use checker::response_errors;
pub use interface::{INTERFACE, generated_for};
