#![forbid(unsafe_code)]
//! The workspace's own commands, as a library: the binary names them, the proofs call them.
//!
//! Commands for any document are in `openapi-workbench`; this crate has the paths of the workspace and the commands of
//! authentik.

pub mod check;
pub mod facts;
pub mod generate;
pub mod import;
pub mod project;
pub mod source;
pub mod style;
pub mod upstream;
pub mod why;
