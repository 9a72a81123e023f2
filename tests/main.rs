#![forbid(unsafe_code)]
//! Proofs that cross crates; each module is one of them.

mod pages;
