//! Judges what changed between two documents.

mod markdown;
mod summary;
mod text;

use clap::{Args, ValueEnum};
use openapi_compat::{Change, Severity, changes};
use openapi_document::Document;
use openapi_document::slice;

use super::github::{Level, annotation};
use super::progress::Progress;
use super::{Chosen, Read};
use crate::{Outcome, Report};
pub use summary::counts;

/// The documents to compare, the format of the report, and the limit for the exit code.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The document as it was
    #[arg(value_name = "OLD")]
    pub old: String,
    /// The document as it is
    #[arg(value_name = "NEW")]
    pub new: String,
    /// The format of the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Exit with 1 if there is a change of this class or a worse one
    #[arg(long, value_enum, value_name = "CLASS", default_value_t = FailOn::Breaking)]
    pub fail_on: FailOn,
    /// Leave out vendor extensions (`x-`), as when only one of the documents uses them
    #[arg(long)]
    pub no_extensions: bool,
    /// The part of both documents that is compared.
    #[command(flatten)]
    pub chosen: Chosen,
}

/// A format for changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people at a terminal, grouped by class
    Text,
    /// One list of objects with pointer, direction, class, rule, text, hits and rust
    Json,
    /// For a changelog or a review
    Markdown,
    /// Annotations for a workflow on GitHub, which shows them beside the lines of the new document
    Github,
}

/// The mildest class that is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Some exchange that worked fails
    Breaking,
    /// Programs may meet what they do not know
    Risky,
    /// Every exchange goes on working, yet there is a change
    Compatible,
    /// Only words have changed
    Documentation,
    /// No change is too much
    Never,
}

impl FailOn {
    /// Returns the severity, if there is a limit.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            FailOn::Breaking => Some(Severity::Breaking),
            FailOn::Risky => Some(Severity::Risky),
            FailOn::Compatible => Some(Severity::Compatible),
            FailOn::Documentation => Some(Severity::Documentation),
            FailOn::Never => None,
        }
    }
}

/// Compares the two documents that the arguments name.
#[must_use]
pub fn run(arguments: &Arguments, read: Read<'_>, color: bool) -> Report {
    let progress = Progress::shown(3);
    let read = |step, argument: &str| {
        progress.step(step);
        read(argument)
    };
    let old = read("reading the old document", &arguments.old);
    let pair = match (old, read("reading the new document", &arguments.new)) {
        (Ok(old), Ok(new)) => cut((old, new), &arguments.chosen, color),
        (old, new) => Err([old.err(), new.err()].into_iter().flatten().collect::<Vec<_>>().join("\n\n")),
    };
    let (old, new) = match pair {
        Ok(pair) => pair,
        Err(message) => return Report::failure(&message),
    };
    progress.step("judging the changes");
    let mut changes = changes(&old, &new);
    changes.retain(|change| !(arguments.no_extensions && is_extension(change)));
    let text = match arguments.format {
        Format::Text => text::render(&changes, (&arguments.old, &arguments.new), color),
        Format::Markdown => markdown::render(&changes),
        Format::Github => annotations(&changes, &new),
        Format::Json => match serde_json::to_string_pretty(&changes) {
            Ok(text) => text + "\n",
            Err(error) => return Report::failure(&format!("cannot write JSON: {error}")),
        },
    };
    Report { text, outcome: outcome(&changes, arguments.fail_on) }
}

/// Returns the changes as annotations of the new document, the most severe first, behind a line that counts them.
fn annotations(changes: &[Change], new: &Document) -> String {
    let mut sorted: Vec<&Change> = changes.iter().collect();
    sorted.sort_by_key(|change| std::cmp::Reverse(change.severity));
    let annotations = sorted.into_iter().map(|change| {
        let level = match change.severity {
            Severity::Breaking => Level::Error,
            Severity::Risky => Level::Warning,
            Severity::Compatible | Severity::Documentation => Level::Notice,
        };
        let title = format!("{}: {}", change.severity.name(), change.rule);
        annotation(level, new, &change.pointer, &title, &change.text)
    });
    std::iter::once(counts(changes) + "\n").chain(annotations).collect()
}

/// Cuts both documents to the chosen part. A name in only one of them is an operation that was added or removed.
fn cut(
    (old, new): (Document, Document),
    chosen: &Chosen,
    color: bool,
) -> Result<(Document, Document), String> {
    let selection = chosen.selection();
    for name in selection.each() {
        if slice::slice(&old, &name).is_err() {
            slice::slice(&new, &name).map_err(|error| error.render(color))?;
        }
    }
    Ok((slice::slice_if_known(&old, &selection), slice::slice_if_known(&new, &selection)))
}

/// Returns `true` if a change concerns a vendor extension.
fn is_extension(change: &Change) -> bool {
    matches!(change.rule, "extension-changed" | "hint-changed" | "integer-mark-changed")
}

/// Returns the outcome: findings if any change is at least as severe as `fail_on`.
#[must_use]
pub fn outcome(changes: &[Change], fail_on: FailOn) -> Outcome {
    let worst = changes.iter().map(|change| change.severity).max();
    match (worst, fail_on.severity()) {
        (Some(worst), Some(limit)) if worst >= limit => Outcome::Findings,
        _ => Outcome::Clean,
    }
}

#[cfg(test)]
mod tests;
