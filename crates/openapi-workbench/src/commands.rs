//! The commands, for the program and for the commands of a workspace that builds on them.

mod chosen;
pub mod diff;
pub mod fixture;
pub mod generate;
mod github;
pub mod lint;
mod overlaid;
pub mod progress;
pub mod replay;
pub mod serve;
pub mod slice;
mod sound;
pub mod why;

use std::io::Write as _;
use std::process::ExitCode;

use openapi_bindings::panics;
use openapi_document::{Document, Draft};

use crate::{Outcome, Report};
pub use chosen::Chosen;
pub use overlaid::Overlaid;

/// Reads the document that an argument of a command names, or returns a message with advice.
pub type Read<'a> = &'a dyn Fn(&str) -> Result<Document, String>;

/// Reads the document that an argument of a command names like [`Read`], but does not check it yet.
pub type Open<'a> = &'a dyn Fn(&str) -> Result<Draft, String>;

/// The stream to which a command prints its report. A failure always goes to standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// For the answer to the user's request.
    Stdout,
    /// For an account of what was done.
    Stderr,
}

/// Prints a report, without colour where it is not wanted, and returns the exit code.
#[must_use]
pub fn print(report: &Report, stream: Stream) -> ExitCode {
    let text = report.text.as_bytes();
    // A reader who has seen enough, such as `head`, is no failure.
    let _ = if stream == Stream::Stdout && report.outcome != Outcome::Failure {
        anstream::stdout().write_all(text)
    } else {
        anstream::stderr().write_all(text)
    };
    report.outcome.into()
}

/// Keeps panics that become errors of a document from being printed besides.
pub fn hide_caught_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !panics::are_caught() {
            usual(panic);
        }
    }));
}
