#![forbid(unsafe_code)]
// What the README shows needs the feature.
#![cfg_attr(any(not(doctest), feature = "client"), doc = include_str!("../README.md"))]

#[cfg(feature = "client")]
pub mod client;
