#![forbid(unsafe_code)]
//! The `authentik-stub` program.
fn main() {}
