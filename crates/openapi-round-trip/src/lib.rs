#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod arguments;
mod calls;
mod compare;
mod exchange;
mod operation;
mod report;
mod run;

pub use arguments::Arguments;
pub use calls::Sent;
pub use exchange::{Exchange, Received};
pub use operation::Operation;
pub use report::Report;
pub use run::{Outcome, run};
