#![forbid(unsafe_code)]
//! A stateful stub of authentik's sources API for contract tests.

pub mod column;
pub mod directory;
pub mod durable;
pub mod filter;
pub mod fixture;
pub mod journal;
pub mod ordering;
pub mod page;
pub mod permission;
pub mod record;
pub mod search;
pub mod state;
pub mod store;
pub mod table;
