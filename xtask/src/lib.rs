#![forbid(unsafe_code)]
//! The workspace's own commands, as a library: the binary names them, the proofs call them.

pub mod artefacts;
pub mod check;
pub mod diff;
pub mod disk;
pub mod generate;
pub mod import;
pub mod progress;
pub mod shell;
pub mod source;
pub mod stamp;
pub mod style;
pub mod text;
pub mod upstream;
pub mod why;
pub mod workspace;

use std::path::PathBuf;

/// How a command ended, as the exit code says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything is as it should be.
    Fresh,
    /// Something is out of date or has changed too much, and the command was only to say so.
    Stale,
    /// The command could not do its work.
    Failure,
}

impl From<Outcome> for std::process::ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Fresh => 0,
            Outcome::Stale => 1,
            Outcome::Failure => 2,
        })
    }
}

/// The root of the workspace this was built from.
#[must_use]
pub fn workspace_root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.parent().map(PathBuf::from).unwrap_or(here)
}
