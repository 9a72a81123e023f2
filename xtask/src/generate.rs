//! `cargo xtask generate`: every generated file made anew, or only compared.

use std::fmt::Write as _;
use std::path::Path;

use openapi_bindings::{Document, GeneratedFile};

use crate::Outcome;
use crate::artefacts::{self, COMMAND, DOCUMENT};
use crate::disk::{self, State};

/// What a command has to say, and how it ended.
#[derive(Clone, Debug)]
pub struct Report {
    /// For the terminal, a line for each file.
    pub text: String,
    /// For the exit code.
    pub outcome: Outcome,
}

/// Generates from the document below `root`. With `check` nothing is written.
#[must_use]
pub fn run(root: &Path, check: bool, color: bool) -> Report {
    match files(root, color) {
        Ok(files) => settle(root, &files, check).unwrap_or_else(|error| failure(&error.to_string())),
        Err(message) => failure(&message),
    }
}

/// The files generated from the document below `root`, or what is wrong, as it is to be shown.
///
/// # Errors
/// If the document cannot be read or generated from.
pub fn files(root: &Path, color: bool) -> Result<Vec<GeneratedFile>, String> {
    let path = root.join(DOCUMENT);
    let text =
        std::fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Document::parse(DOCUMENT, &text)
        .and_then(|document| artefacts::generate(&document))
        .map_err(|error| error.render(color))
}

/// Compares `files` with those on disk and, unless only to `check`, brings those up to date.
fn settle(root: &Path, files: &[GeneratedFile], check: bool) -> std::io::Result<Report> {
    let states = disk::compare(root, files, &artefacts::directories(files))?;
    let stale = states.iter().filter(|(_, state)| *state != State::Fresh).count();
    if !check {
        disk::update(root, files, &states)?;
    }
    let mut text = String::new();
    for (path, state) in &states {
        let (word, why) = describe(state, check);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{word:>9} {path}{why}");
    }
    let count = states.len();
    let _ = match (stale, check) {
        (0, _) => writeln!(text, "all {count} generated files are fresh"),
        (stale, true) => {
            writeln!(text, "{stale} of {count} generated files are stale; to mend them: {COMMAND}")
        }
        (stale, false) => writeln!(text, "{stale} of {count} generated files brought up to date"),
    };
    let outcome = if check && stale > 0 { Outcome::Stale } else { Outcome::Fresh };
    Ok(Report { text, outcome })
}

fn describe(state: &State, check: bool) -> (&'static str, String) {
    match (state, check) {
        (State::Fresh, _) => ("Fresh", String::new()),
        (State::Differs { line }, true) => ("Stale", format!(": differs from line {line} on")),
        (State::Missing, true) => ("Stale", ": missing".to_owned()),
        (State::Leftover, true) => ("Stale", ": no longer generated".to_owned()),
        (State::Differs { .. }, false) => ("Updated", String::new()),
        (State::Missing, false) => ("Created", String::new()),
        (State::Leftover, false) => ("Removed", ": no longer generated".to_owned()),
    }
}

fn failure(message: &str) -> Report {
    let text = format!(
        "{message}\n\n{:>9} nothing was changed; mend what is named above, then: {COMMAND}\n",
        "Failure"
    );
    Report { text, outcome: Outcome::Failure }
}
