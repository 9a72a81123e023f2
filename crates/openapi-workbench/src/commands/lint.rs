//! Lints a document: reports what is valid and yet likely to be a mistake or to be missed by its readers.

use clap::Args;
use clap::builder::PossibleValuesParser;
use openapi_bindings::Document;
use openapi_bindings::lint::{self, RULES, Style};

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

/// Lints the document that the arguments name.
#[must_use]
pub fn run(arguments: &Arguments, read: Read<'_>, color: bool) -> Report {
    let document = match read(&arguments.document) {
        Ok(document) => document,
        Err(message) => return Report::failure(&message),
    };
    let style = Style { words: vec!["description", "summary"], ..Style::default() };
    let findings = findings(&document, &style, color, |rule| arguments.rules.iter().any(|id| id == rule));
    let count = findings.len();
    let mut text: String = findings.iter().map(|finding| format!("{finding}\n\n")).collect();
    text.push_str(&match count {
        0 => format!("{}: {} rules checked, no findings\n", document.name(), arguments.rules.len()),
        1 => format!("{}: 1 finding\n", document.name()),
        _ => format!("{}: {count} findings\n", document.name()),
    });
    Report { text, outcome: if count == 0 { Outcome::Clean } else { Outcome::Findings } }
}

/// Returns what in `document` is not in `style`, each finding as text for the terminal.
pub fn findings(
    document: &Document,
    style: &Style,
    color: bool,
    wanted: impl Fn(&str) -> bool,
) -> Vec<String> {
    let findings = lint::check(document, style).into_iter().filter(|finding| wanted(finding.rule));
    let rendered = findings.map(|finding| {
        let message = format!("{} [{}]", finding.message, finding.rule);
        let help = format!("{}; {}", finding.remedy, finding.why);
        document.error(&finding.pointer, message, help).render(color)
    });
    rendered.collect()
}
