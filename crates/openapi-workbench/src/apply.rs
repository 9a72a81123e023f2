//! Brings generated files on disk up to date, or only reports which are stale.

use std::fmt::Write as _;
use std::path::Path;

use crate::disk::{Comparison, FilePath, MANIFEST, Manifest, Obstacles, State, Stopped};
use crate::{Outcome, Report};

/// The treatment of stale files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Reports them.
    Check,
    /// Makes them fresh, unless a file that was not generated, or that was edited, is in the way.
    Write,
    /// Makes them fresh, whatever is in the way.
    Force,
}

impl Mode {
    /// Returns the mode for these options of a command.
    #[must_use]
    pub fn of(check: bool, force: bool) -> Self {
        match (check, force) {
            (true, _) => Mode::Check,
            (false, true) => Mode::Force,
            (false, false) => Mode::Write,
        }
    }
}

/// Reports the state of every generated file, a line for each, and makes all of them fresh unless only to check.
/// `command` is the command that makes them fresh.
///
/// # Errors
/// Fails if nothing could be written. If writing stops half-way, the report says what was done and what stopped it.
pub fn apply(root: &Path, compared: &Comparison<'_>, mode: Mode, command: &str) -> Result<Report, String> {
    let states = compared.states();
    let stale = states.iter().filter(|(_, state)| *state != State::Fresh).count();
    if mode == Mode::Write {
        refuse(root, &compared.obstacles())?;
    }
    if mode != Mode::Check
        && let Err(stopped) = compared.update()
    {
        return partial_failure(&stopped, stale, command);
    }
    let check = mode == Mode::Check;
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

/// Returns the report about files that need not be generated, because they are as the manifest says.
#[must_use]
pub fn nothing_to_do(manifest: &Manifest) -> Report {
    let paths = manifest.outputs.keys().map(FilePath::as_str).chain([MANIFEST]);
    let states: Vec<_> = paths.map(|path| (path.to_owned(), State::Fresh)).collect();
    Report::clean(format!("{}all {} generated files are fresh\n", render(&states, false), states.len()))
}

fn refuse(root: &Path, obstacles: &Obstacles<'_>) -> Result<(), String> {
    let root = root.display();
    let mut messages = Vec::new();
    if !obstacles.edited.is_empty() {
        messages.push(format!(
            "in {root} there are generated files that were edited:\n  {}\n  help: undo the edits, or lose them with `--force`; \
             it leaves files that are no longer generated",
            obstacles.edited.join("\n  ")
        ));
    }
    if !obstacles.foreign.is_empty() {
        messages.push(format!(
            "in {root} there are files that this command did not make:\n  {}\n  help: give an empty directory, move these \
             files away, or replace them with `--force`",
            obstacles.foreign.join("\n  ")
        ));
    }
    if messages.is_empty() { Ok(()) } else { Err(messages.join("\nerror: ")) }
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
        (State::Edited { line }, true) => ("Stale", format!(": edited; differs from line {line} on")),
        (State::Foreign { line }, true) => ("Stale", format!(": not generated; differs from line {line} on")),
        (State::Missing, true) => ("Stale", ": missing".to_owned()),
        (State::Leftover, true) => ("Stale", ": no longer generated".to_owned()),
        (State::EditedLeftover, true) => ("Stale", ": edited, and no longer generated".to_owned()),
        (State::Differs { .. }, false) => ("Updated", String::new()),
        (State::Edited { .. }, false) => ("Replaced", ": edited".to_owned()),
        (State::Foreign { .. }, false) => ("Replaced", ": not generated".to_owned()),
        (State::Missing, false) => ("Created", String::new()),
        (State::Leftover, false) => ("Removed", ": no longer generated".to_owned()),
        (State::EditedLeftover, false) => ("Kept", ": edited, and no longer generated".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use openapi_bindings::GeneratedFile;

    use super::*;
    use crate::disk::{Origin, compare};

    fn file(path: &str) -> GeneratedFile {
        GeneratedFile { path: path.to_owned(), text: "new\n".to_owned() }
    }

    #[test]
    fn a_partial_failure_reports_what_is_done_and_what_stopped_it() {
        let root = tempfile::tempdir().unwrap();
        let files = ["one.rs", "two.rs", "zwei.rs"].map(file);
        let compared = compare(root.path(), &files, Origin::default()).unwrap();
        fs::create_dir_all(root.path().join("two.rs/mine")).unwrap();
        let report = apply(root.path(), &compared, Mode::Write, "make").unwrap();
        assert_eq!(report.outcome, Outcome::Failure);
        let text = report.text.replace(root.path().to_str().unwrap(), "<root>");
        let (before, after) = text.split_once("(os error").unwrap();
        assert!(before.starts_with("  Created one.rs\n\nerror: cannot replace <root>/two.rs: "), "{text}");
        assert!(after.contains("  Failure only the 1 files above of 4 stale files are done"), "{text}");
    }

    #[test]
    fn files_in_the_way_are_named_and_replaced_only_if_that_is_asked_for() {
        let root = tempfile::tempdir().unwrap();
        let run = |files: &[GeneratedFile], mode| {
            let compared = compare(root.path(), files, Origin::default()).unwrap();
            apply(root.path(), &compared, mode, "make")
        };
        let files = ["edited.rs", "gone.rs"].map(file);
        run(&files, Mode::Write).unwrap();
        for path in ["edited.rs", "gone.rs", "mine.rs"] {
            fs::write(root.path().join(path), "mine").unwrap();
        }
        let files = ["edited.rs", "mine.rs"].map(file);
        let message = run(&files, Mode::Write).unwrap_err();
        for part in [
            "files that were edited:\n  edited.rs\n  gone.rs\n  help: ",
            "that this command did not make:\n  mine.rs\n  help: ",
        ] {
            assert!(message.contains(part), "{message}");
        }
        let checked = run(&files, Mode::Check).unwrap();
        assert_eq!(checked.outcome, Outcome::Findings);
        let lines = "    Stale edited.rs: edited; differs from line 1 on\n    Stale gone.rs: edited, and no longer \
                     generated\n    Stale mine.rs: not generated; differs from line 1 on\n";
        assert!(checked.text.starts_with(lines), "{}", checked.text);
        for path in ["edited.rs", "gone.rs", "mine.rs"] {
            assert_eq!(fs::read_to_string(root.path().join(path)).unwrap(), "mine");
        }
        let forced = run(&files, Mode::Force).unwrap();
        let lines = " Replaced edited.rs: edited\n     Kept gone.rs: edited, and no longer generated\n Replaced \
                     mine.rs: not generated\n";
        assert!(forced.text.starts_with(lines), "{}", forced.text);
        assert_eq!(fs::read_to_string(root.path().join("gone.rs")).unwrap(), "mine");
        assert_eq!(run(&files, Mode::Check).unwrap().outcome, Outcome::Clean);
    }
}
