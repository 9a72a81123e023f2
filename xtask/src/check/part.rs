//! The parts of the report.

use openapi_workbench::Outcome;

/// One part of the report.
pub(super) struct Part {
    pub(super) name: &'static str,
    pub(super) outcome: Outcome,
    /// The findings in one line.
    pub(super) summary: String,
    /// The findings, each with its next step.
    pub(super) details: Vec<String>,
}

impl Part {
    pub(super) fn fine(name: &'static str, summary: impl Into<String>) -> Self {
        Part { name, outcome: Outcome::Clean, summary: summary.into(), details: Vec::new() }
    }

    pub(super) fn failed(name: &'static str, summary: impl Into<String>, details: Vec<String>) -> Self {
        Part { name, outcome: Outcome::Failure, summary: summary.into(), details }
    }

    pub(super) fn found(name: &'static str, summary: impl Into<String>, details: Vec<String>) -> Self {
        Part { name, outcome: Outcome::Findings, summary: summary.into(), details }
    }
}
