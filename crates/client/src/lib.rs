#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod answer;
mod base_url;
mod call;
mod client;
mod drift;
mod error;
mod field_errors;
#[rustfmt::skip]
mod generated;
mod paging;
mod path;
mod refusal;
mod response_value;

pub use answer::{Answer, Body};
pub use authentik_sources_types as types;
pub use client::{Client, ClientBuilder};
pub use drift::{Drift, DriftKind};
pub use error::Error;
pub use field_errors::{FieldError, FieldErrors};
pub use generated::builder;
pub use response_value::ResponseValue;
