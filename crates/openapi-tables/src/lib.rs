#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod build;
pub mod emission;
mod kept;
pub mod media;
pub mod node;
pub mod operation;
pub mod plain;
mod rest;
mod rules;

pub use build::{build, of_operations};
