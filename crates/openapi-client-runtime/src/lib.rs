#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod answer;
mod api;
mod attempt;
mod base_url;
#[cfg(feature = "blocking")]
pub mod blocking;
mod call;
mod client;
pub mod codegen;
mod credentials;
mod dialect;
mod drift;
mod encode;
mod error;
mod field_errors;
mod from_response;
mod interface;
mod line;
mod media_body;
mod options;
mod other_request;
mod paging;
mod parameter;
mod redirect;
mod request;
mod response_value;
mod security;
mod server;
#[cfg(feature = "sources")]
pub mod sources;
mod transport;
#[cfg(feature = "blocking")]
mod waiting;

pub use answer::{Answer, Body};
pub use attempt::Attempt;
pub use client::{Client, ClientBuilder};
pub use dialect::{Dialect, ErrorReport, Meaning, Plain};
pub use drift::{Drift, DriftKind, DriftReport};
pub use error::Error;
pub use field_errors::{FieldError, FieldErrors};
pub use interface::{INTERFACE, generated_for};
pub use options::{CallOptions, Retries};
pub use other_request::OtherRequest;
pub use reqwest::{Method, StatusCode, header};
pub use response_value::ResponseValue;
pub use security::Requirement;
pub use server::{Server, Variable, VariableError};
