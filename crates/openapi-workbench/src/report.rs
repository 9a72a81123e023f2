//! The output of a command, and its exit code.

/// The text that a command prints, and how it ended.
#[derive(Clone, Debug)]
pub struct Report {
    /// The text for the terminal.
    pub text: String,
    /// The outcome that the exit code tells.
    pub outcome: Outcome,
}

impl Report {
    /// Returns the report of a command that succeeded and prints `text`.
    #[must_use]
    pub fn clean(text: String) -> Self {
        Report { text, outcome: Outcome::Clean }
    }

    /// Returns the report of a command that could not do its work; `message` says why. Diagnostics of documents say
    /// themselves that they are errors.
    #[must_use]
    pub fn failure(message: &str) -> Self {
        let prefix =
            if message.starts_with("error") || message.starts_with('\u{1b}') { "" } else { "error: " };
        Report { text: format!("{prefix}{message}\n"), outcome: Outcome::Failure }
    }
}

/// The outcome of a command. The exit code is 0, 1 or 2, in the order of the variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything is as it should be.
    Clean,
    /// The command found what it looks for: stale files, breaking changes, violations.
    Findings,
    /// The command could not do its work.
    Failure,
}

impl From<Outcome> for std::process::ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(match outcome {
            Outcome::Clean => 0,
            Outcome::Findings => 1,
            Outcome::Failure => 2,
        })
    }
}
