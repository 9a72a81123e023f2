#![forbid(unsafe_code)]
//! The server side of authentik's sources API: a service trait, request parsing and dropshot registration.

pub mod bearer;
pub mod failure;
pub mod filters;
pub mod host;
pub mod operation;
pub mod python;
pub mod query_rules;
pub mod request;
pub mod schema;
