#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod api;
mod compare;
mod control;
mod entry;
mod events;
mod expectation;
mod fault;
mod faults;
pub mod guard;
mod journal;
mod json;
pub mod limits;
mod pattern;
mod requests;
mod routes;
mod secrets;
mod show;
mod verify;

pub use api::{Contradiction, UnknownOperation};
pub use control::Control;
pub use entry::{Entry, Violations};
pub use fault::{Fault, FaultError};
pub use faults::{Faults, Planned};
pub use requests::Requests;
pub use routes::{Controlled, answer, middleware, reset};
pub use verify::Mismatch;
