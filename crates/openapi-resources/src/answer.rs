//! Answers to operations of collections, whatever carries them.

mod page;
mod request;
mod serve;
mod target;
mod window;

pub use request::{Answer, Refusal, Request};
