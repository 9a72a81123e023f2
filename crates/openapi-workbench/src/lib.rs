#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

pub mod apply;
pub mod build;
#[cfg(feature = "cli")]
pub mod commands;
pub mod disk;
pub mod generator;
pub mod name;
pub mod report;
pub mod shell;
pub mod source;
pub mod text;
#[cfg(feature = "cli")]
pub mod workspace;

pub use name::Name;
pub use report::{Outcome, Report};
