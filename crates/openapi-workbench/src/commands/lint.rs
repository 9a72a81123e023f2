//! Lints a document: reports what is valid and yet likely to be a mistake or to be missed by its readers.

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use openapi_compat::lint::{self, Finding, RULES, Style};
use openapi_document::Document;

use super::Read;
use super::github::{Level, annotation};
use crate::{Outcome, Report};

/// The rules that suit any document.
const DEFAULT: [&str; 10] = [
    "misspelt",
    "required-declared",
    "beside-reference",
    "untyped",
    "fits",
    "used",
    "tag",
    "shared",
    "named",
    "described",
];

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
    /// The format of the report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// A format for findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people at a terminal, with the lines of the document
    Text,
    /// Annotations for a workflow on GitHub, which shows them beside the lines of the document
    Github,
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
    let warnings = document.warnings();
    let warned = warnings.diagnostics().len();
    // Mistakes come before what is only missing, in the order of the rules that are asked for.
    findings.sort_by_key(|finding| arguments.rules.iter().position(|id| id == finding.rule));
    let count = |rule: &str| findings.iter().filter(|finding| finding.rule == rule).count();
    let counts = arguments.rules.iter().map(|rule| (count(rule), rule)).filter(|(count, _)| *count > 0);
    let mut counts: Vec<String> = counts.map(|(count, rule)| format!("{count} {rule}")).collect();
    if warned > 0 {
        counts.push(format!("{warned} {WARNING}"));
    }
    let summary = if counts.is_empty() { "no findings".to_owned() } else { counts.join(", ") };
    let mut text = format!("{}: {summary}\n", document.name());
    for warning in warnings.diagnostics() {
        let error =
            document.error(&warning.pointer, format!("{} [{WARNING}]", warning.message), &warning.help);
        let told = match arguments.format {
            Format::Text => format!("\n{}\n", error.render(color)),
            Format::Github => {
                let message = format!("{}\nhelp: {}", warning.message, warning.help);
                annotation(Level::Warning, &document, &warning.pointer, WARNING, &message)
            }
        };
        text += &told;
    }
    for finding in &findings {
        let told = match arguments.format {
            Format::Text => format!("\n{}\n", render(&document, finding, color)),
            Format::Github => {
                let message = format!("{}\nhelp: {}; {}", finding.message, finding.remedy, finding.why);
                annotation(Level::Warning, &document, &finding.pointer, finding.rule, &message)
            }
        };
        text += &told;
    }
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
