#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

pub mod answer;
pub mod arguments;
pub mod bearer;
pub mod body;
mod charset;
pub mod dispatch;
#[cfg(feature = "dropshot")]
pub mod document;
#[cfg(feature = "dropshot")]
pub mod emission;
pub mod failure;
pub mod fields;
pub mod filters;
mod form;
pub mod host;
mod interface;
pub mod json;
#[cfg(feature = "listener")]
pub mod listener;
#[cfg(feature = "dropshot")]
mod log;
pub mod media;
pub mod metadata;
pub mod negotiation;
pub mod operation;
pub mod python;
pub mod query_rules;
mod reference;
#[cfg(feature = "dropshot")]
pub mod registration;
pub mod request;
pub mod response;
pub mod response_headers;
pub mod route;
#[cfg(test)]
mod sample;
pub mod schema;
pub mod serve;
#[cfg(any(feature = "dropshot", feature = "listener"))]
pub mod server;
pub mod service;
#[cfg(feature = "sources")]
pub mod sources;
pub mod strict;
mod text;
pub mod unwritten;

/// The JSON values in the signatures of this crate.
pub use serde_json;

pub use interface::{INTERFACE, generated_for};
