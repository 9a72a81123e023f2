//! Lints a document: reports what is valid and yet likely to be a mistake or to be missed by its readers.

use std::fmt::Write as _;

use clap::Args;
use clap::builder::PossibleValuesParser;
use openapi_compat::lint::{self, Finding, RULES, Style};
use openapi_document::Document;

use super::Read;
use crate::{Outcome, Report};

/// The rules that suit any document.
const DEFAULT: [&str; 6] = ["described", "tag", "shared", "named", "used", "fits"];

/// The rules besides that ask for nothing that only the authors of a document can have agreed on.
const ON_DEMAND: [&str; 4] = ["path-order", "component-order", "parameter-order", "required-order"];

/// The document, and the rules to check it against.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The document
    #[arg(value_name = "FILE")]
    pub document: String,
    /// Check only these rules
    #[arg(long, value_name = "RULE", num_args = 1.., value_parser = rules(), default_values = DEFAULT)]
    pub rules: Vec<String>,
}

fn rules() -> PossibleValuesParser {
    let known = RULES.iter().filter(|rule| DEFAULT.contains(&rule.id) || ON_DEMAND.contains(&rule.id));
    let values = known.map(|rule| clap::builder::PossibleValue::new(rule.id).help(rule.why));
    PossibleValuesParser::new(values.collect::<Vec<_>>())
}

/// The name of what reading the document warns of.
const WARNING: &str = "warning";

/// Lints the document that the arguments name.
#[must_use]
pub fn run(arguments: &Arguments, read: Read<'_>, color: bool) -> Report {
    let document = match read(&arguments.document) {
        Ok(document) => document,
        Err(message) => return Report::failure(&message),
    };
    let style = Style { descriptions: vec!["description", "summary"], ..Style::default() };
    let mut findings = lint::check(&document, &style);
    findings.retain(|finding| arguments.rules.iter().any(|id| id == finding.rule));
    let mut text = String::new();
    for finding in &findings {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}\n", render(&document, finding, color));
    }
    let warnings = document.warnings();
    for warning in warnings.diagnostics() {
        let error =
            document.error(&warning.pointer, format!("{} [{WARNING}]", warning.message), &warning.help);
        let _ = writeln!(text, "{}\n", error.render(color));
    }
    let warned = warnings.diagnostics().len();
    let count = |rule: &str| findings.iter().filter(|finding| finding.rule == rule).count();
    let counts = arguments.rules.iter().map(|rule| (count(rule), rule)).filter(|(count, _)| *count > 0);
    let mut counts: Vec<String> = counts.map(|(count, rule)| format!("{count} {rule}")).collect();
    if warned > 0 {
        counts.push(format!("{warned} {WARNING}"));
    }
    let summary = if counts.is_empty() { "no findings".to_owned() } else { counts.join(", ") };
    let _ = writeln!(text, "{}: {summary}", document.name());
    Report {
        text,
        outcome: if findings.is_empty() && warned == 0 { Outcome::Clean } else { Outcome::Findings },
    }
}

/// Returns a finding as text for the terminal: what it is, the lines of the document, what to do, and why.
#[must_use]
pub fn render(document: &Document, finding: &Finding, color: bool) -> String {
    let message = format!("{} [{}]", finding.message, finding.rule);
    let help = format!("{}; {}", finding.remedy, finding.why);
    document.error(&finding.pointer, message, help).render(color)
}
