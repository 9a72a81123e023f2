//! `cargo xtask import`: operations of an authentik release written into the document of this workspace.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use clap::{ArgGroup, Args};
use openapi_compat::Change;
use openapi_compat::import::{Import, Options, import};
use openapi_document::Document;
use openapi_document::slice::{Selection, slice};
use openapi_workbench::commands::progress::Progress;
use openapi_workbench::{Outcome, Report, disk, shell, text};
use serde_json::json;

use crate::project::{self, DOCUMENT};
use crate::{style, upstream};

/// The end of the help text.
pub const EXAMPLES: &str = "\
Examples:
  cargo xtask import 2024.8 --operations 'sources_user_connections_plex_*'
          The connections between users and Plex sources, as 2024.8 has them
  cargo xtask import 2026.8 --operations sources_plex_used_by_list --take-theirs UsedByActionEnum
          What the newest release changes in an operation that is here, and its meaning of a component that both have";

/// The operations to import, and the release they are from.
#[derive(Args, Clone, Debug)]
// What comes after the lists would be taken for one of their values.
#[command(
    override_usage = "cargo xtask import <VERSION> <--operations <GLOB>...|--tags <TAG>...> [--take-theirs <NAME>...]"
)]
#[command(group(ArgGroup::new("chosen").required(true).multiple(true).args(["operations", "tags"])))]
pub struct Arguments {
    /// The release, as for `cargo xtask upstream`
    #[arg(value_name = "VERSION")]
    pub version: String,
    /// The operations whose `operationId` fits one of these globs
    #[arg(long, value_name = "GLOB", num_args = 1..)]
    pub operations: Vec<String>,
    /// The operations with one of these tags; with `--operations`, those besides
    #[arg(long, value_name = "TAG", num_args = 1..)]
    pub tags: Vec<String>,
    /// Replace these components of ours by theirs; what ours says in `x-` keys stays where it has a place
    #[arg(long, value_name = "NAME", num_args = 1..)]
    pub take_theirs: Vec<String>,
}

/// Imports into the document below `root`.
#[must_use]
pub fn run(root: &Path, arguments: &Arguments, color: bool) -> Report {
    write(root, arguments, color).map_or_else(
        |message| Report {
            text: format!(
                "{message}\n\n{:>9} nothing was written; fix the error above and run the command again\n",
                "Failure"
            ),
            outcome: Outcome::Failure,
        },
        |import| Report { text: told(&import, &arguments.version), outcome: outcome(&import) },
    )
}

/// Returns findings if an operation or component was kept although theirs is another.
#[must_use]
pub fn outcome(import: &Import) -> Outcome {
    if is_ours_kept(import) { Outcome::Findings } else { Outcome::Clean }
}

fn is_ours_kept(import: &Import) -> bool {
    !import.kept.is_empty() || import.present.values().any(|changes| !changes.is_empty())
}

fn write(root: &Path, arguments: &Arguments, color: bool) -> Result<Import, String> {
    let progress = Progress::shown(3);
    progress.step("fetching the document of the release");
    let fetched = upstream::fetch(&arguments.version)?;
    progress.step("reading the document of the release");
    let theirs = upstream::parse(&fetched, color)?;
    let selection = Selection {
        operations: arguments.operations.clone(),
        tags: arguments.tags.clone(),
        ..Selection::default()
    };
    let theirs = slice(&theirs, &selection).map_err(|error| error.render(color))?;
    progress.step("importing");
    let ours = project::document(root, color)?;
    let import = merge(root, &ours, &theirs, &fetched.version, &arguments.take_theirs, color)?;
    if import.text != ours.text() {
        let path = root.join(DOCUMENT);
        // A mark of the encoding is no part of the text that was read, and stays where there is one.
        let marked = text::read(&path).is_ok_and(|text| text.starts_with(text::MARK));
        let mark = if marked { text::MARK } else { "" };
        disk::write(&path, format!("{mark}{}", import.text)).map_err(|error| error.to_string())?;
    }
    Ok(import)
}

/// Merges all of `theirs`, which comes from that version of the upstream crate, into `ours`, the document below `root`.
///
/// # Errors
/// If the result would not be valid; the message is for the terminal.
pub fn merge(
    root: &Path,
    ours: &Document,
    theirs: &Document,
    version: &str,
    take_theirs: &[String],
    color: bool,
) -> Result<Import, String> {
    let style = style::of(root)?;
    let options = Options {
        style: &style,
        provenance: ("x-provenance", json!({"upstream": version})),
        take_theirs: take_theirs.iter().cloned().collect(),
    };
    import(ours, theirs, &options).map_err(|error| error.render(color))
}

/// Renders the results of an import from `version`, and the tasks that are left.
#[must_use]
pub fn told(import: &Import, version: &str) -> String {
    let mut told = Told(String::new());
    for id in &import.operations {
        told.line("Added", id);
    }
    for (id, changes) in &import.present {
        let how = if changes.is_empty() { ", which stays as it is" } else { ", although theirs differs:" };
        told.line("Present", &format!("{id}{how}"));
        told.changes(changes);
    }
    for (word, components) in [("Added", &import.added), ("Reused", &import.reused)] {
        let settled =
            |name: &&String| !import.kept.contains_key(*name) && !import.replaced.contains_key(*name);
        for name in components.iter().filter(settled) {
            told.line(word, &format!("components/{name}"));
        }
    }
    for (name, gone) in &import.replaced {
        told.line("Replaced", &format!("components/{name}"));
        for pointer in gone {
            told.line("", &format!("  gone: #{pointer}"));
        }
    }
    for (name, changes) in &import.kept {
        told.line("Kept", &format!("components/{name}, although theirs means something else:"));
        told.changes(changes);
    }
    told.next(import, version);
    told.0
}

/// The lines of a report.
struct Told(String);

impl Told {
    fn line(&mut self, word: &str, what: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.0, "{word:>9} {what}");
    }

    fn changes(&mut self, changes: &[Change]) {
        for change in changes {
            self.line("", &format!("  {}: {}", change.severity.name(), change.text));
        }
    }

    fn paragraph(&mut self, text: &str) {
        let _ = writeln!(self.0, "\n{text}");
    }

    /// Adds the tasks that are left.
    fn next(&mut self, import: &Import, version: &str) {
        let others = import.present.iter().filter(|(_, changes)| !changes.is_empty());
        let others: Vec<String> = others.map(|(id, _)| id.clone()).collect();
        if !others.is_empty() {
            let options = [("--operations", others.as_slice())];
            let diff = format!("cargo xtask diff {DOCUMENT} upstream:{version} --no-extensions");
            let diff = shell::command(&diff, &options);
            self.paragraph(&format!("to see what theirs changes, and for whom: {diff}"));
        }
        let kept: Vec<String> = import.kept.keys().map(|name| named(name, &import.kept)).collect();
        if !kept.is_empty() {
            self.paragraph(&format!(
                "to have theirs, give the same command `--take-theirs {}`",
                kept.join(" ")
            ));
        }
        let nothing_new = import.operations.is_empty() && import.replaced.is_empty();
        self.paragraph(if nothing_new && is_ours_kept(import) {
            "nothing was changed: ours was kept wherever theirs is another"
        } else if nothing_new {
            "everything was there already"
        } else {
            "next: `cargo xtask check` names what lacks words; `cargo xtask generate` makes the rest, and \
             spec/README.md says how the operations become real, which takes one file in the stub"
        });
    }
}

/// Returns the name of the component `kind/name` for `--take-theirs`: its own, unless another of `all` has it as well.
fn named<T>(component: &str, all: &BTreeMap<String, T>) -> String {
    let name = |component: &str| component.rsplit('/').next().unwrap_or_default().to_owned();
    let alone = all.keys().filter(|other| name(other) == name(component)).count() == 1;
    if alone { name(component) } else { component.to_owned() }
}
