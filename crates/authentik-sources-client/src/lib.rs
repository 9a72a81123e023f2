#![forbid(unsafe_code)]
// The code in the README is part of a program, so it is tested as such and not as documentation.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]

mod answer;
mod base_url;
#[cfg(feature = "blocking")]
pub mod blocking;
mod call;
mod client;
mod drift;
mod error;
mod exchange;
mod field_errors;
#[cfg(feature = "multipart")]
mod form;
#[rustfmt::skip]
mod generated;
mod options;
mod paging;
mod path;
mod redirect;
mod refusal;
mod response_value;

pub use answer::{Answer, Body};
pub use authentik_sources_types as types;
pub use client::{Client, ClientBuilder};
pub use drift::{Drift, DriftKind, DriftReport};
pub use error::Error;
pub use exchange::Attempt;
pub use field_errors::{FieldError, FieldErrors};
pub use generated::builder;
pub use options::{CallOptions, Retries};
pub use reqwest::{StatusCode, header};
pub use response_value::ResponseValue;
