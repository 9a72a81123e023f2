#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod alias;
pub mod api;
pub mod bindings;
pub mod client;
mod emission;
pub mod generated_file;
mod groups;
pub mod panics;
pub mod passes;
pub mod rust;
mod supported;
pub mod syntax;
pub mod types;
pub mod why;
mod words;

pub use bindings::Bindings;
pub use generated_file::GeneratedFile;
