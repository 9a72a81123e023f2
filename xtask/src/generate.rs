//! `cargo xtask generate`: every generated file made anew, or only compared; here, or in a workspace of its own.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;
use openapi_bindings::slice::{Selection, slice};
use openapi_bindings::{Document, GeneratedFile};

use crate::Outcome;
use crate::artefacts::{self, COMMAND, DOCUMENT, Setting};
use crate::disk::{self, State};
use crate::progress::Progress;
use crate::source::Source;
use crate::workspace::{self, Name, Workspace};

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
        let mut command = COMMAND.to_owned();
        for (option, values) in options.into_iter().filter(|(_, values)| !values.is_empty()) {
            let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
            // Writing to a string cannot fail.
            let _ = write!(command, " {option} {}", values.join(" "));
        }
        command
    }
}

/// `text` as a shell reads it as one word.
fn quoted(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:@%+=,".contains(letter);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
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
    let path = root.join(DOCUMENT);
    let text =
        std::fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Document::parse(DOCUMENT, &text)
        .and_then(|document| artefacts::generate(&document, &Setting::canonical(), &Progress::hidden()))
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
    let document = slice(&whole, &selection).map_err(|error| error.render(color))?;
    let name = arguments.name.as_deref().map_or_else(|| Name::of(&document), Name::parse)?;
    let command = arguments.command();
    // Of a part there is no text but that of the whole; JSON is YAML, too.
    let text =
        if selection.is_everything() { whole.text().to_owned() } else { format!("{:#}\n", document.value()) };
    let workspace = Workspace { root, document: &document, text, name, command };
    let mut files = workspace.files(&progress, color)?;
    if !out.join(workspace::LOCK).exists() {
        files.push(workspace.lock()?);
    }
    progress.step("comparing with what is there");
    let directories = disk::directories_of_workspace(out).map_err(|error| error.to_string())?;
    let directories = directories.iter().map(String::as_str).collect();
    let states = disk::compare(out, &files, &directories).map_err(|error| error.to_string())?;
    let unmarked = disk::unmarked(out, &states).map_err(|error| error.to_string())?;
    if !unmarked.is_empty() {
        let files = unmarked.join("\n  ");
        let out = out.display();
        return Err(format!(
            "in {out} there is what this command did not make:\n  {files}\n  help: give an empty directory, or move these files away"
        ));
    }
    settle(out, &files, &states, arguments.check, &workspace.command)
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
    if !check {
        disk::update(root, files, states).map_err(|error| error.to_string())?;
    }
    let mut text = String::new();
    for (path, state) in states {
        let (word, why) = describe(state, check);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{word:>9} {path}{why}");
    }
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
