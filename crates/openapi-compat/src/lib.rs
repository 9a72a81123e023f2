#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

pub mod changes;
pub mod import;
mod inclusion;
pub mod lint;
pub mod normal_form;
pub mod page;
pub mod release;

pub use changes::{Change, Severity, changes};
