#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod checks;
pub mod document;
pub mod error;
pub mod example;
pub mod grammar;
mod ids;
pub mod model;
pub mod names;
pub mod operations;
pub mod pointer;
pub mod property;
pub mod samples;
mod scalar;
pub mod service_traits;
pub mod slice;
pub mod source;
pub mod usage;
pub mod users;
pub mod walk;
mod yaml_reader;
pub mod yaml_writer;

pub use document::Document;
pub use error::{Error, Result};
