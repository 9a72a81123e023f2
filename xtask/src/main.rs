#![forbid(unsafe_code)]
//! The workspace's own commands.
fn main() {}
