#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

mod check;
pub mod compare;
mod fixture;
mod generated;
mod host;
mod learned;
mod options;
pub mod replay;
mod resend;
mod target;
mod upstream;

pub use fixture::FixtureOf;
pub use host::{Passing, Proxy};
pub use options::ProxyOptions;
pub use replay::Replay;
pub use target::{Reach, Target};
