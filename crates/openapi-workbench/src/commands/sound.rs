//! The part of a document that can be generated from, and what is told of the rest.

use std::fmt::Write as _;

use openapi_document::draft::{Omission, Valid};
use openapi_document::operations::operations;
use openapi_document::{Document, Draft, Error};

use crate::shell;

/// Warnings that are told.
const MAX_WARNINGS: usize = 20;
/// Things left out that are told.
const MAX_OMISSIONS: usize = 200;
/// Operations that are better named than skipped as what is invalid.
const MAX_NAMED: usize = 3;

/// A document, without what was left out of it.
#[derive(Clone, Debug)]
pub(super) struct Sound {
    pub(super) document: Document,
    pub(super) left_out: Vec<Omission>,
    /// The number of operations that were wanted.
    wanted: usize,
}

impl Sound {
    /// Checks a document, and leaves out what is invalid if that is to be skipped.
    pub(super) fn of(draft: Draft, skip_invalid: bool, color: bool) -> Result<Self, String> {
        let wanted = draft.operations();
        if !skip_invalid {
            return match draft.clone().check() {
                Ok(document) => Ok(Sound { document, left_out: Vec::new(), wanted }),
                Err(error) => {
                    let valid = draft.check_leaving_out().ok();
                    Err(error.render(color) + &advice(valid, wanted))
                }
            };
        }
        let valid = draft.check_leaving_out().map_err(|error| error.render(color))?;
        Sound { document: valid.document, left_out: valid.left_out, wanted }.not_empty()
    }

    /// Leaves out what cannot be generated because of `error`.
    pub(super) fn without(mut self, error: &Error, color: bool) -> Result<Self, String> {
        let valid = self.document.without(error).map_err(|error| error.render(color))?;
        if valid.left_out.is_empty() {
            return Err(error.render(color));
        }
        self.document = valid.document;
        self.left_out.extend(valid.left_out);
        self.not_empty()
    }

    /// Returns the message about what cannot be generated, with the option that leaves it out.
    pub(super) fn refused(&self, error: &Error, color: bool) -> String {
        error.render(color) + &advice(self.document.without(error).ok(), self.wanted)
    }

    fn not_empty(self) -> Result<Self, String> {
        if self.remaining() == 0 && self.wanted > 0 {
            let told = self.told();
            return Err(format!("no operation is left of {}\n{told}", self.wanted));
        }
        Ok(self)
    }

    fn remaining(&self) -> usize {
        operations(self.document.value()).count()
    }

    /// Returns the warnings, what was left out, and how much remains; empty if there is nothing to tell.
    pub(super) fn told(&self) -> String {
        let mut text = String::new();
        let warnings = self.document.warnings();
        if !warnings.diagnostics().is_empty() {
            let _ = writeln!(text, "{}", prefixed("warning: ", &warnings.told(MAX_WARNINGS)));
        }
        for Omission { what, reason, others, .. } in self.left_out.iter().take(MAX_OMISSIONS) {
            let (at, name) = (reason.location, self.document.file_of(reason.location));
            let more = match others {
                0 => String::new(),
                1 => "; it has 1 more problem".to_owned(),
                others => format!("; it has {others} more problems"),
            };
            let _ = writeln!(
                text,
                "left out: {name}:{}:{}: {what}: {} (at #{}){more}",
                at.line, at.column, reason.message, reason.pointer
            );
        }
        if let Some(rest) = self.left_out.len().checked_sub(MAX_OMISSIONS).filter(|rest| *rest > 0) {
            let _ = writeln!(text, "left out: {}: {rest} more", self.document.name());
        }
        if !self.left_out.is_empty() {
            let _ = writeln!(text, "{} of {} operations remain", self.remaining(), self.wanted);
        }
        text
    }
}

/// Puts `prefix` before each line that is not indented.
fn prefixed(prefix: &str, lines: &str) -> String {
    let lines = lines
        .lines()
        .map(|line| if line.starts_with(' ') { line.to_owned() } else { format!("{prefix}{line}") });
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the advice to leave out what is not in `valid`.
fn advice(valid: Option<Valid>, wanted: usize) -> String {
    let Some(valid) = valid else { return String::new() };
    let remaining = operations(valid.document.value()).count();
    if remaining == 0 {
        return String::new();
    }
    let mut text = format!(
        "\n\nhelp: add `--skip-invalid` to leave out what is named above: {remaining} of {wanted} operations remain"
    );
    let named: Vec<&str> =
        valid.left_out.iter().filter_map(|omission| omission.operation.as_deref()).collect();
    if !named.is_empty() && named.len() == valid.left_out.len() && named.len() <= MAX_NAMED {
        let quoted: Vec<String> = named.into_iter().map(shell::quoted).collect();
        let _ =
            write!(text, "\nhelp: or leave out the operation by its name: `--except {}`", quoted.join(" "));
    }
    text
}
