#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

pub mod api;
pub mod bindings;
pub mod client;
pub mod generated_file;
mod groups;
mod lower;
pub mod panics;
pub mod rust;
pub mod safe_text;
mod supported;
mod syntax;
pub mod types;
pub mod why;
mod words;

pub use bindings::Bindings;
pub use generated_file::GeneratedFile;
