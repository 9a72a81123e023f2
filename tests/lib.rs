#![forbid(unsafe_code)]
//! Proofs that cross crates live in `main.rs` and its modules; there is nothing to depend on here.
