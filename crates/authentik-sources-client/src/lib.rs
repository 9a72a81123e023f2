#![forbid(unsafe_code)]
// The code in the README is part of a program, so it is tested as such and not as documentation.
#![cfg_attr(not(doctest), doc = include_str!("../README.md"))]

mod dialect;
#[rustfmt::skip]
mod generated;

pub use generated::*;
