//! `cargo xtask check`: the one command before a push. What it asks, it asks of other commands and of the lints; here
//! is only what is asked, and how the results are put together.

mod arguments;
mod change;
mod part;
mod snapshots;

use std::fmt::Write as _;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use openapi_compat::lint;
use openapi_document::Document;
use openapi_document::model::Model;
use openapi_workbench::commands::lint::render as render_finding;
use openapi_workbench::commands::progress::Progress;
use openapi_workbench::disk::State;
use openapi_workbench::{Outcome, Report, generator};

use crate::project::{self, COMMAND};
use crate::style;
pub use arguments::Arguments;
use part::Part;

/// The end of the help text.
pub const EXAMPLES: &str = "\
Examples:
  cargo xtask check
          Before a push, and in CI
  cargo xtask check --against git:origin/main --fail-on breaking
          The change that this branch makes, whatever was released; callers must be able to live with it";

/// Checks the workspace at `root`.
#[must_use]
pub fn run(root: &Path, arguments: &Arguments, color: bool) -> Report {
    let progress = Progress::shown(generator::STEPS + 4);
    progress.step("reading the document");
    let mut parts = Vec::new();
    match project::document(root, color) {
        Ok(document) => {
            let value = document.value();
            let count = |pointer: &str| {
                value.pointer(pointer).and_then(|map| map.as_object()).map_or(0, serde_json::Map::len)
            };
            let summary =
                format!("valid: {} paths, {} schemas", count("/paths"), count("/components/schemas"));
            parts.push(Part::fine("document", summary));
            progress.step("comparing with the style");
            parts.push(in_style(root, &document, color));
            parts.push(generated(root, &document, &progress, color));
            progress.step("looking for snapshots");
            parts.push(snapshots::check(root));
            progress.step("judging the changes");
            parts.push(change::check(root, &document, arguments, color));
        }
        Err(message) => {
            parts.push(Part::failed(
                "document",
                "not valid; nothing that follows from it was checked",
                vec![message],
            ));
            parts.push(snapshots::check(root));
        }
    }
    Report { text: render(&parts, color), outcome: worst(&parts) }
}

fn in_style(root: &Path, document: &Document, color: bool) -> Part {
    const NAME: &str = "style";
    let style = match style::of(root) {
        Ok(style) => style,
        Err(message) => return Part::failed(NAME, "the style cannot be read", vec![message]),
    };
    let findings = lint::check(document, &style);
    if findings.is_empty() {
        return Part::fine(NAME, format!("{} rules kept", lint::RULES.len()));
    }
    let details = findings.iter().map(|finding| render_finding(document, finding, color)).collect();
    Part::found(NAME, format!("{} findings", findings.len()), details)
}

fn generated(root: &Path, document: &Document, progress: &Progress, color: bool) -> Part {
    const NAME: &str = "generated files";
    let files = match project::files(&Model::of(document), &|step| progress.step(step), color) {
        Ok(files) => files,
        Err(message) => return Part::failed(NAME, "they cannot be generated", vec![message]),
    };
    let compared = match project::compare(root, document, &files) {
        Ok(compared) => compared,
        Err(message) => return Part::failed(NAME, "they cannot be compared", vec![message]),
    };
    let states = compared.states();
    let stale = states.iter().filter_map(|(path, state)| match state {
        State::Fresh => None,
        State::Differs { line } => Some(format!("{path}:{line}: stale from this line on")),
        State::Edited { line } => Some(format!("{path}:{line}: edited, and stale from this line on")),
        State::Foreign { line } => Some(format!("{path}:{line}: not generated, and stale from this line on")),
        State::Missing => Some(format!("{path}: missing")),
        State::Leftover => Some(format!("{path}: no longer generated")),
        State::EditedLeftover => Some(format!("{path}: edited, and no longer generated")),
    });
    let mut details: Vec<String> = stale.collect();
    if details.is_empty() {
        return Part::fine(NAME, format!("all {} fresh", states.len()));
    }
    let summary = format!("{} of {} stale", details.len(), states.len());
    details.push(format!("  help: {COMMAND}"));
    Part::found(NAME, summary, vec![details.join("\n")])
}

/// Returns the outcome of the whole: a part that could not be checked counts more than one with findings.
fn worst(parts: &[Part]) -> Outcome {
    let any = |outcome| parts.iter().any(|part| part.outcome == outcome);
    if any(Outcome::Failure) {
        Outcome::Failure
    } else if any(Outcome::Findings) {
        Outcome::Findings
    } else {
        Outcome::Clean
    }
}

fn render(parts: &[Part], color: bool) -> String {
    let mut text = String::new();
    for part in parts {
        let (word, of) = match part.outcome {
            Outcome::Clean => ("ok", AnsiColor::Green),
            Outcome::Findings => ("fix", AnsiColor::Yellow),
            Outcome::Failure => ("failed", AnsiColor::Red),
        };
        let style: Style = of.on_default().bold();
        let word = format!("{word:>6}");
        let word = if color { format!("{style}{word}{style:#}") } else { word };
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{word} {}: {}", part.name, part.summary);
        for detail in &part.details {
            let _ = writeln!(text, "\n{detail}");
        }
        if !part.details.is_empty() {
            text.push('\n');
        }
    }
    let open: Vec<&str> =
        parts.iter().filter(|part| part.outcome != Outcome::Clean).map(|part| part.name).collect();
    let _ = match open.as_slice() {
        [] => writeln!(text, "ready to push"),
        open => writeln!(text, "not ready to push: {}", open.join(", ")),
    };
    text
}
