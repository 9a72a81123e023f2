//! The stub from outside: the program, and a server within the test's own process.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says that it failed by panicking")]

mod client;
mod concurrency;
mod control;
mod durability;
mod faults;
#[cfg(target_os = "linux")]
mod hostile;
mod journal;
mod options;
mod program;
#[cfg(target_os = "linux")]
mod refused_writes;
#[cfg(feature = "proxy")]
mod replay;
mod running;
#[cfg(target_os = "linux")]
mod soak;
mod time;
#[cfg(feature = "tls")]
mod tls;
