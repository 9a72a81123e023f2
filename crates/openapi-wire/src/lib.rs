#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

pub mod alternatives;
pub mod date_time;
mod field;
pub mod form;
mod interface;
mod patch;
mod pattern;
mod refusal;
#[cfg(feature = "schemars")]
pub mod schema;
#[cfg(feature = "sources")]
pub mod sources;

pub use field::{IntoField, Items};
pub use interface::{INTERFACE, generated_for};
pub use patch::Patch;
pub use pattern::Pattern;
pub use refusal::{Refusal, Refused};
