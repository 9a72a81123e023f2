#![forbid(unsafe_code)]
//! The workspace's own commands, as a library: the binary names them, the proofs call them.
//!
//! What works for any document is in `openapi-workbench`; here are this workspace's paths and authentik's own commands.

pub mod check;
pub mod generate;
pub mod import;
pub mod project;
pub mod source;
pub mod style;
pub mod upstream;
pub mod why;
