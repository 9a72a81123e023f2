//! `cargo xtask import`: operations of an authentik release written into the document of this workspace.

use std::fmt::Write as _;
use std::path::Path;

use clap::Args;
use openapi_bindings::Document;
use openapi_bindings::import::{Import, Options, import};
use openapi_bindings::slice::{Selection, slice};
use serde_json::json;

use crate::artefacts::DOCUMENT;
use crate::generate::Report;
use crate::{Outcome, disk, style, upstream};

/// What the help ends with.
pub const EXAMPLES: &str = "\
Examples:
  cargo xtask import 2024.8 --operations 'sources_user_connections_plex_*'
          The connections between users and Plex sources, as 2024.8 has them
  cargo xtask import 2026.8 --operations sources_plex_list --take-theirs UsedByActionEnum
          With the newest meaning of a component that both have";

/// What to import, and from where.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The release, as for `cargo xtask upstream`
    #[arg(value_name = "VERSION")]
    pub version: String,
    /// The operations whose `operationId` fits one of these globs
    #[arg(long, value_name = "GLOB", num_args = 1.., required_unless_present = "tags")]
    pub operations: Vec<String>,
    /// The operations with one of these tags, besides
    #[arg(long, value_name = "TAG", num_args = 1..)]
    pub tags: Vec<String>,
    /// Replace these components of ours where theirs mean something else
    #[arg(long, value_name = "NAME", num_args = 1..)]
    pub take_theirs: Vec<String>,
}

/// Imports into the document below `root`.
#[must_use]
pub fn run(root: &Path, arguments: &Arguments, color: bool) -> Report {
    write(root, arguments, color).map_or_else(
        |message| Report {
            text: format!("{message}\n\n{:>9} nothing was changed\n", "Failure"),
            outcome: Outcome::Failure,
        },
        |text| Report { text, outcome: Outcome::Fresh },
    )
}

fn write(root: &Path, arguments: &Arguments, color: bool) -> Result<String, String> {
    let fetched = upstream::fetch(&arguments.version)?;
    let theirs = upstream::parse(&fetched, color)?;
    let selection = Selection { operations: arguments.operations.clone(), tags: arguments.tags.clone() };
    let theirs = slice(&theirs, &selection).map_err(|error| error.render(color))?;
    let path = root.join(DOCUMENT);
    let text =
        std::fs::read_to_string(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let ours = Document::parse(DOCUMENT, &text).map_err(|error| error.render(color))?;
    let import = merge(root, &ours, &theirs, &fetched.version, &arguments.take_theirs)?;
    if import.text != text {
        disk::write(&path, &import.text).map_err(|error| error.to_string())?;
    }
    Ok(told(&import))
}

/// `ours`, the document below `root`, with all of `theirs`, which comes from that version of the upstream crate.
///
/// # Errors
/// If the result would not be valid; the message is for the terminal.
pub fn merge(
    root: &Path,
    ours: &Document,
    theirs: &Document,
    version: &str,
    take_theirs: &[String],
) -> Result<Import, String> {
    let style = style::of(root)?;
    let options = Options {
        style: &style,
        provenance: ("x-provenance", json!({"upstream": version})),
        take_theirs: take_theirs.iter().cloned().collect(),
    };
    import(ours, theirs, &options).map_err(|error| error.render(false))
}

/// What an import did, and what is left to do.
#[must_use]
pub fn told(import: &Import) -> String {
    let mut text = String::new();
    let mut line = |word: &str, what: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{word:>9} {what}");
    };
    for id in &import.operations {
        line("Added", id);
    }
    for id in &import.present {
        line("Present", &format!("{id}, which stays as it is"));
    }
    for (word, components) in
        [("Added", &import.added), ("Reused", &import.reused), ("Replaced", &import.replaced)]
    {
        for name in components.iter().filter(|name| !import.kept.contains_key(*name)) {
            line(word, &format!("components/{name}"));
        }
    }
    for (name, changes) in &import.kept {
        line("Kept", &format!("components/{name}, although theirs means something else:"));
        for change in changes {
            line("", &format!("  {}: {}", change.class.name(), change.text));
        }
    }
    if let Some((first, _)) = import.kept.first_key_value() {
        let name = first.rsplit('/').next().unwrap_or(first);
        let _ = writeln!(text, "\nto have theirs, give the same command `--take-theirs {name}`");
    }
    let next = if import.operations.is_empty() && import.replaced.is_empty() {
        "everything was there already"
    } else {
        "next: `cargo xtask check` names what lacks words; `cargo xtask generate` makes the rest, and \
         crates/stub/src/handlers.rs is where the operations become real"
    };
    let _ = writeln!(text, "\n{next}");
    text
}
