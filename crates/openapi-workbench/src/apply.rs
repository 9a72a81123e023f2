//! Brings generated files on disk up to date, or only reports which are stale.

use std::fmt::Write as _;
use std::path::Path;

use openapi_bindings::GeneratedFile;

use crate::disk::{self, State, Stopped};
use crate::{Outcome, Report};

/// Reports the `states` of `files` below `root`, a line for each, and makes all of them fresh unless only to `check`.
/// `command` is the command that makes them fresh.
///
/// # Errors
/// Fails if nothing could be written. If writing stops half-way, the report says what was done and what stopped it.
pub fn apply(
    root: &Path,
    files: &[GeneratedFile],
    states: &[(String, State)],
    check: bool,
    command: &str,
) -> Result<Report, String> {
    let stale = states.iter().filter(|(_, state)| *state != State::Fresh).count();
    if !check && let Err(stopped) = disk::update(root, files, states) {
        return partial_failure(&stopped, stale, command);
    }
    let mut text = render(states, check);
    let count = states.len();
    let _ = match (stale, check) {
        (0, _) => writeln!(text, "all {count} generated files are fresh"),
        (stale, true) => {
            writeln!(text, "{stale} of {count} generated files are stale; to regenerate them: {command}")
        }
        (stale, false) => writeln!(text, "{stale} of {count} generated files brought up to date"),
    };
    let outcome = if check && stale > 0 { Outcome::Findings } else { Outcome::Clean };
    Ok(Report { text, outcome })
}

/// Returns the report of a generation that changed nothing because of `message`.
#[must_use]
pub fn failure(message: &str, command: &str) -> Report {
    Report::failure(&format!(
        "{message}\n\n{:>9} nothing was written; fix the error above, then run: {command}",
        "Failure"
    ))
}

fn render(states: &[(String, State)], check: bool) -> String {
    let line = |(path, state): &(String, State)| {
        let (word, reason) = describe(state, check);
        format!("{word:>9} {path}{reason}\n")
    };
    states.iter().map(line).collect()
}

fn partial_failure(stopped: &Stopped, stale: usize, command: &str) -> Result<Report, String> {
    let (done, cause) = (stopped.done.len(), &stopped.cause);
    if done == 0 {
        return Err(cause.to_string());
    }
    let text = format!(
        "{}\nerror: {cause}\n\n{:>9} only the {done} files above of {stale} stale files are done, the others are as they \
         were; fix the error above, then run: {command}\n",
        render(&stopped.done, false),
        "Failure"
    );
    Ok(Report { text, outcome: Outcome::Failure })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partial_failure_reports_what_is_done_and_what_stopped_it() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("two.rs/mine")).unwrap();
        let file = |path: &str| GeneratedFile { path: path.to_owned(), text: String::new() };
        let files = ["one.rs", "two.rs", "zwei.rs"].map(file);
        let states: Vec<_> = files.iter().map(|file| (file.path.clone(), State::Missing)).collect();
        let report = apply(root.path(), &files, &states, false, "make").unwrap();
        assert_eq!(report.outcome, Outcome::Failure);
        let text = report.text.replace(root.path().to_str().unwrap(), "<root>");
        let (before, after) = text.split_once("(os error").unwrap();
        assert!(before.starts_with("  Created one.rs\n\nerror: cannot replace <root>/two.rs: "), "{text}");
        assert!(after.contains("  Failure only the 1 files above of 3 stale files are done"), "{text}");
        let none = apply(root.path(), &files[1..], &states[1..], false, "make");
        assert!(none.unwrap_err().starts_with(
            "cannot replace <root>/two.rs".replace("<root>", root.path().to_str().unwrap()).as_str()
        ));
    }
}
