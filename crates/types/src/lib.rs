#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

pub mod date_time;
mod field;
pub mod form;
#[rustfmt::skip]
mod generated;
mod patch;
#[cfg(feature = "schemars")]
#[doc(hidden)]
pub mod schema;

pub use field::{IntoField, Items};
pub use generated::*;
pub use patch::Patch;
