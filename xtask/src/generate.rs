//! `cargo xtask generate`: every generated file made anew, or only compared; here, or in a workspace of its own.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use openapi_bindings::GeneratedFile;
use openapi_bindings::slice::{Selection, slice};

use crate::Outcome;
use crate::artefacts::{self, COMMAND, DOCUMENT, Setting};
use crate::disk::{self, State, Stopped};
use crate::progress::Progress;
use crate::shell;
use crate::source::{self, Source};
use crate::workspace::{self, Workspace};

/// What the help ends with.
pub const EXAMPLES: &str = "\
Examples:
  cargo xtask generate
          After a change of spec/openapi.yaml
  cargo xtask generate --spec petstore.json --out ../pet-store --name pet-store
          A workspace with the crates pet-store-types, pet-store-client and pet-store-api
  cargo xtask generate --out ../plex --name plex --operations 'sources_plex_*'
          The same of a part of this workspace's document";

/// What a command has to say, and how it ended.
#[derive(Clone, Debug)]
pub struct Report {
    /// For the terminal, a line for each file.
    pub text: String,
    /// For the exit code.
    pub outcome: Outcome,
}

/// Of what to generate, and where to; without any of it, this workspace's own files of its own document.
#[derive(Args, Clone, Debug, Default)]
pub struct Arguments {
    /// Write nothing; name each file that is stale and how to mend it
    #[arg(long)]
    pub check: bool,
    /// Another document: a file, `git:REV` or `upstream:VERSION`
    #[arg(long, value_name = "SOURCE", requires = "out")]
    pub spec: Option<String>,
    /// The directory to make a workspace in: types, client and api, and all they need
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What its crates are called, such as `pet-store` for `pet-store-types`; by default what the title suggests
    #[arg(long, requires = "out")]
    pub name: Option<String>,
    /// Only the operations whose ids fit one of these globs, such as `core_*`, and what they need
    #[arg(long, value_name = "GLOB", num_args = 1.., requires = "out")]
    pub operations: Vec<String>,
    /// Only the operations with one of these tags, and what they need
    #[arg(long, value_name = "TAG", num_args = 1.., requires = "out")]
    pub tags: Vec<String>,
}

impl Arguments {
    /// The command that does the same again.
    fn command(&self) -> String {
        let out = self.out.as_ref().map(|out| out.display().to_string());
        let options = [
            ("--spec", self.spec.as_slice()),
            ("--out", out.as_slice()),
            ("--name", self.name.as_slice()),
            ("--operations", &self.operations),
            ("--tags", &self.tags),
        ];
        shell::command(COMMAND, &options)
    }
}

/// Generates for the workspace at `root`. With `--check` nothing is written.
#[must_use]
pub fn run(root: &Path, arguments: &Arguments, color: bool) -> Report {
    let command = arguments.command();
    let made = match &arguments.out {
        Some(out) => elsewhere(root, out, arguments, color),
        None => files(root, color).and_then(|files| here(root, &files, arguments.check)),
    };
    made.unwrap_or_else(|message| failure(&message, &command))
}

/// The files generated from the document below `root`, or what is wrong, as it is to be shown.
///
/// # Errors
/// If the document cannot be read or generated from.
pub fn files(root: &Path, color: bool) -> Result<Vec<GeneratedFile>, String> {
    let document = source::own(root, color)?;
    artefacts::generate(&document, &Setting::canonical(), &Progress::hidden())
        .map_err(|error| error.render(color))
}

/// Brings this workspace's own `files` up to date.
fn here(root: &Path, files: &[GeneratedFile], check: bool) -> Result<Report, String> {
    let states =
        disk::compare(root, files, &artefacts::directories(files)).map_err(|error| error.to_string())?;
    settle(root, files, &states, check, COMMAND)
}

/// Brings the workspace at `out` up to date with another document.
fn elsewhere(root: &Path, out: &Path, arguments: &Arguments, color: bool) -> Result<Report, String> {
    if out.is_file() {
        return Err(format!("{} is a file\n  help: give a directory with `--out`", out.display()));
    }
    if disk::is_source(root, out).map_err(|error| error.to_string())? {
        return Err(format!(
            "{} lies among the sources of this workspace\n  help: give a directory elsewhere, or one below target/",
            out.display()
        ));
    }
    let source = arguments.spec.as_deref().map_or_else(|| Source::File(root.join(DOCUMENT)), Source::of);
    let progress = Progress::shown(artefacts::STEPS + 2);
    progress.step("reading the document");
    let whole = source.read(root, color)?;
    let selection = Selection { operations: arguments.operations.clone(), tags: arguments.tags.clone() };
    let part = slice(&whole, &selection).map_err(|error| error.render(color))?;
    let part = Some(part).filter(|_| !selection.is_everything());
    let workspace = Workspace::of(root, &whole, part, arguments.name.as_deref())?;
    let mut files = workspace.files(&progress, color)?;
    if !out.join(workspace::LOCK).exists() {
        files.push(workspace.lock()?);
    }
    progress.step("comparing with what is there");
    let directories = disk::directories_of_workspace(out).map_err(|error| error.to_string())?;
    let directories = directories.iter().map(String::as_str).collect();
    let states = disk::compare(out, &files, &directories).map_err(|error| error.to_string())?;
    let unstamped = disk::unstamped(out, &states).map_err(|error| error.to_string())?;
    if !unstamped.is_empty() {
        let files = unstamped.join("\n  ");
        let out = out.display();
        return Err(format!(
            "in {out} there is what this command did not make:\n  {files}\n  help: give an empty directory, or move these files away"
        ));
    }
    settle(out, &files, &states, arguments.check, &arguments.command())
}

/// Tells the states of `files` and, unless only to `check`, makes all of them fresh.
fn settle(
    root: &Path,
    files: &[GeneratedFile],
    states: &[(String, State)],
    check: bool,
    command: &str,
) -> Result<Report, String> {
    let stale = states.iter().filter(|(_, state)| *state != State::Fresh).count();
    if !check && let Err(stopped) = disk::update(root, files, states) {
        return half_way(&stopped, stale, command);
    }
    let mut text = told(states, check);
    let count = states.len();
    let _ = match (stale, check) {
        (0, _) => writeln!(text, "all {count} generated files are fresh"),
        (stale, true) => {
            writeln!(text, "{stale} of {count} generated files are stale; to mend them: {command}")
        }
        (stale, false) => writeln!(text, "{stale} of {count} generated files brought up to date"),
    };
    let outcome = if check && stale > 0 { Outcome::Stale } else { Outcome::Fresh };
    Ok(Report { text, outcome })
}

/// A line for each path.
fn told(states: &[(String, State)], check: bool) -> String {
    let line = |(path, state): &(String, State)| {
        let (word, why) = describe(state, check);
        format!("{word:>9} {path}{why}\n")
    };
    states.iter().map(line).collect()
}

/// What is to be said when not all of `stale` files could be made fresh.
fn half_way(stopped: &Stopped, stale: usize, command: &str) -> Result<Report, String> {
    let (done, cause) = (stopped.done.len(), &stopped.cause);
    if done == 0 {
        return Err(cause.to_string());
    }
    let text = format!(
        "{}\n{cause}\n\n{:>9} only {done} of {stale} stale files are done, those above; the others are as they were; \
         clear the way, then: {command}\n",
        told(&stopped.done, false),
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

fn failure(message: &str, command: &str) -> Report {
    let text = format!(
        "{message}\n\n{:>9} nothing was changed; mend what is named above, then: {command}\n",
        "Failure"
    );
    Report { text, outcome: Outcome::Failure }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stopped_half_way_tells_what_is_done_and_what_stopped_it() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(root.path().join("two.rs/mine")).unwrap();
        let file = |path: &str| GeneratedFile { path: path.to_owned(), text: String::new() };
        let files = ["one.rs", "two.rs", "zwei.rs"].map(file);
        let states: Vec<_> = files.iter().map(|file| (file.path.clone(), State::Missing)).collect();
        let report = settle(root.path(), &files, &states, false, "cargo xtask generate").unwrap();
        assert_eq!(report.outcome, Outcome::Failure);
        let text = report.text.replace(root.path().to_str().unwrap(), "<root>");
        let (before, after) = text.split_once("(os error").unwrap();
        assert!(before.starts_with("  Created one.rs\n\ncannot replace <root>/two.rs: "), "{text}");
        assert!(after.contains("  Failure only 1 of 3 stale files are done, those above"), "{text}");
        let none = settle(root.path(), &files[1..], &states[1..], false, "cargo xtask generate");
        assert!(none.unwrap_err().starts_with(
            "cannot replace <root>/two.rs".replace("<root>", root.path().to_str().unwrap()).as_str()
        ));
    }
}
