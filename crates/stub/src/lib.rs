#![forbid(unsafe_code)]
//! A stateful stub of authentik's sources API for contract tests.
