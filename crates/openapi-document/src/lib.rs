#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod bundle;
pub mod canonical;
mod checks;
pub mod declared;
pub mod document;
pub mod draft;
pub mod error;
pub mod example;
mod form;
pub mod grammar;
mod ids;
pub mod loader;
pub mod model;
pub mod names;
pub mod operations;
pub mod overlay;
pub mod pointer;
mod problems;
mod reader;
pub mod samples;
pub mod service_traits;
pub mod slice;
pub mod source;
mod tree;
pub mod usage;
pub mod users;
pub mod version;
pub mod walk;
pub mod yaml_writer;

pub use document::Document;
pub use draft::Draft;
pub use error::{Error, Result};
