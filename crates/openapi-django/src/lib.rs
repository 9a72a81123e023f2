#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

#[cfg(feature = "client")]
pub mod client;
