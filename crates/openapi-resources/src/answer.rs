//! Answers to operations of collections, whatever carries them.

mod page;
mod request;
mod serve;
mod target;
mod window;

pub use crate::reader::Only;
#[cfg(feature = "server")]
pub(crate) use request::SEGMENT;
pub use request::{Answer, Change, Refusal, Request, Versions};
