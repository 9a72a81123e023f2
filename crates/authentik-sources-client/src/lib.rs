#![forbid(unsafe_code)]
// The code in the README is part of a program, so it is tested as such and not as documentation.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]

mod dialect;
#[rustfmt::skip]
mod generated;

pub use authentik_sources_types as types;
pub use generated::{Client, ClientBuilder, builder};
#[cfg(feature = "blocking")]
pub use openapi_client_runtime::blocking;
pub use openapi_client_runtime::{
    Answer, Attempt, Body, CallOptions, Drift, DriftKind, DriftReport, Error, FieldError, FieldErrors,
    ResponseValue, Retries, StatusCode, header,
};
