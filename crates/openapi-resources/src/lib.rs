#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

pub mod adopt;
pub mod answer;
pub mod definition;
#[cfg(feature = "durable")]
pub mod durable;
mod entries;
pub mod functions;
mod ids;
#[cfg(feature = "infer")]
pub mod infer;
pub mod journal;
mod key;
mod layout;
pub mod objects;
mod ordered;
mod path;
pub mod plan;
pub mod pointer;
mod query;
pub mod reader;
mod render;
pub mod row;
#[cfg(feature = "infer")]
pub mod seed;
#[cfg(feature = "server")]
pub mod server;
mod state;
pub mod store;
pub mod supply;
mod texts;
pub mod transaction;
pub mod violation;
mod waiting;
#[cfg(feature = "server")]
pub mod worlds;

#[cfg(test)]
mod tests;
