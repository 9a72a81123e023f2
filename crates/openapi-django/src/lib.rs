#![forbid(unsafe_code)]
// What the README shows needs the features.
#![cfg_attr(any(not(doctest), all(feature = "client", feature = "server")), doc = include_str!("../README.md"))]

#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "server")]
pub mod server;
