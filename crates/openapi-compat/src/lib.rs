#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

pub mod diff;
pub mod import;
pub mod judge;
pub mod lint;
pub mod page;
pub mod release;
