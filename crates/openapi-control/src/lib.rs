#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod access_log;
mod answer;
mod answers;
mod api;
mod canned;
mod compare;
mod control;
mod coverage;
mod effects;
mod entry;
mod events;
mod expectation;
mod fault;
mod fault_error;
mod faults;
pub mod guard;
mod journal;
mod json;
pub mod limits;
mod marks;
mod matching;
mod metrics;
mod observed;
mod page;
mod pattern;
mod plain_text;
#[cfg(feature = "program")]
pub mod program;
mod reply;
mod requests;
mod routes;
mod secrets;
mod show;
mod tally;
mod times;
mod usage;
mod verify;

pub use access_log::{AccessLog, LogFormat};
pub use answer::{Answer, AnswerError};
pub use answers::{Answers, Given, STARTED, Scenario};
pub use api::{Contradiction, UnknownOperation};
pub use canned::CannedError;
pub use control::Control;
pub use coverage::{Coverage, Share};
pub use effects::{Change, Damage, Disconnect};
pub use entry::{Entry, Violations};
pub use fault::{Fault, Throttle};
pub use fault_error::FaultError;
pub use faults::{Faults, Planned};
pub use matching::{MatchError, When};
pub use requests::Requests;
pub use routes::{Controlled, answer, middleware, reset};
pub use verify::Mismatch;
