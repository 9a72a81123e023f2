#![forbid(unsafe_code)]
//! The server side of authentik's sources API: a service trait, request parsing and dropshot registration.

pub mod answer;
pub mod bearer;
pub mod body;
pub mod dispatch;
pub mod failure;
pub mod fields;
pub mod filters;
pub mod host;
pub mod json;
pub mod metadata;
pub mod negotiation;
pub mod operation;
pub mod python;
pub mod query_rules;
mod reference;
pub mod request;
pub mod route;
#[cfg(test)]
mod sample;
pub mod schema;
pub mod serve;
pub mod service;
pub mod strict;
mod text;
