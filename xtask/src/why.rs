//! `cargo xtask why`: where something stands in the document, what it came from, what became of it, and what uses it.

mod origin;
mod pages;
mod stub;

use std::path::Path;

use anstyle::{AnsiColor, Style};
use clap::Args;
use openapi_bindings::Document;
use openapi_bindings::document::pointer;
use openapi_bindings::why::{self, Item};
use serde_json::Value;

use crate::artefacts::{self, DOCUMENT, Setting};
use crate::generate::Report;
use crate::progress::Progress;
use crate::{Outcome, shell, source};

/// What the help ends with.
pub const EXAMPLES: &str = "\
Examples:
  cargo xtask why PlexSource.managed
          A property of a component; `PlexSource::managed`, its field in Rust, is the same question
  cargo xtask why sources_plex_list.page
          A parameter of an operation
  cargo xtask why slug
          Every property, parameter and enumeration value of this name, and how to ask for one
  cargo xtask why 'PATCH /sources/plex/{slug}/'
          An operation by what it answers to
  cargo xtask why '#/components/responses/Forbidden/description'
          Any place in the document";

/// What to explain.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// A pointer into the document, a name in it, a path of the API, or a generated Rust item
    #[arg(value_name = "POINTER|RUST_PATH")]
    pub question: String,
}

/// A heading and what is told under it.
struct Section {
    heading: String,
    lines: Vec<String>,
}

impl Section {
    fn new(heading: impl Into<String>, lines: Vec<String>) -> Self {
        Section { heading: heading.into(), lines }
    }
}

/// Explains what the question is about, for the workspace at `root`.
#[must_use]
pub fn run(root: &Path, arguments: &Arguments, color: bool) -> Report {
    match answer(root, &arguments.question, color) {
        Ok(sections) => Report { text: render(&sections, color), outcome: Outcome::Fresh },
        Err(text) => Report { text: format!("{text}\n"), outcome: Outcome::Failure },
    }
}

fn answer(root: &Path, question: &str, color: bool) -> Result<Vec<Section>, String> {
    let document = source::own(root, color)?;
    let files = artefacts::generate(&document, &Setting::canonical(), &Progress::hidden())
        .map_err(|error| error.render(color))?;
    let items = why::items(&document, &files);
    let at = match why::resolve(&document, &items, question) {
        Ok(at) => at,
        Err(unknown) => match why::places(&document, &items, question.trim()).as_slice() {
            [] => return Err(unknown_name(question, &unknown)),
            [only] => only.pointer.clone(),
            places => return Ok(vec![several(&document, question.trim(), places)]),
        },
    };
    let mut sections = vec![Section::new(place(&document, &at), words(&document, &at))];
    if let Some(target) = referred(&document, &at) {
        sections.push(Section::new(
            format!("stands for {}", place(&document, &target)),
            words(&document, &target),
        ));
    }
    sections.push(Section::new("comes from", origin::lines(root, &document, &at)));
    sections.push(Section::new("became", became(&document, &items, &at)));
    sections.push(Section::new("used by", used_by(&document, &at)));
    sections.extend(stub::section(root, &document, &items, &at));
    Ok(sections)
}

/// The places that a name may mean, each with the question that is about it alone.
fn several(document: &Document, name: &str, places: &[why::Place]) -> Section {
    let positions: Vec<String> = places.iter().map(|place| position(document, &place.pointer)).collect();
    let width = positions.iter().map(String::len).max().unwrap_or_default();
    let lines = places.iter().zip(positions).map(|(place, position)| {
        format!("{position:width$}  cargo xtask why {}", shell::quoted(&place.question))
    });
    Section::new(format!("{} places are called `{name}`; ask for one", places.len()), lines.collect())
}

fn unknown_name(question: &str, unknown: &why::Unknown) -> String {
    let near: Vec<String> = unknown.nearest.iter().map(|name| format!("`{name}`")).collect();
    let help = match near.split_last() {
        None => format!(
            "ask for a pointer (`#/components/schemas/...`), an operation's id, a component (`Name.property`) or a \
             Rust item (`Type::member`); {DOCUMENT} has them all"
        ),
        Some((only, [])) => format!("did you mean {only}?"),
        Some((last, others)) => format!("did you mean {} or {last}?", others.join(", ")),
    };
    format!("nothing in {DOCUMENT} or made from it is called `{question}`\n  help: {help}")
}

/// `file:line:column` and the pointer of `at`, or of the nearest thing around it that has a position.
fn place(document: &Document, at: &str) -> String {
    let pointer = if at.is_empty() { "the whole document".to_owned() } else { format!("#{at}") };
    format!("{} {pointer}", position(document, at))
}

/// The pointer in the reference that stands at `at`.
fn referred(document: &Document, at: &str) -> Option<String> {
    pointer::of_reference(document.value().pointer(at)?.get("$ref")?.as_str()?)
}

fn position(document: &Document, at: &str) -> String {
    let location = document.locate_key(at).or_else(|| document.locate(at));
    location.map_or_else(
        || document.name().to_owned(),
        |location| format!("{}:{}:{}", document.name(), location.line, location.column),
    )
}

/// What the document says at `at`: scalars and lists of scalars as they are, of everything else how much there is.
fn words(document: &Document, at: &str) -> Vec<String> {
    match document.value().pointer(at) {
        Some(Value::Object(members)) => {
            // Where it comes from has a section of its own.
            let told = members.iter().filter(|(key, _)| *key != origin::KEY);
            told.map(|(key, member)| format!("{key}: {}", short(member))).collect()
        }
        Some(other) => vec![short(other)],
        None => Vec::new(),
    }
}

fn short(value: &Value) -> String {
    match value {
        Value::String(text) => text.trim_end().replace('\n', "\n    "),
        Value::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            items.iter().map(short).collect::<Vec<_>>().join(", ")
        }
        Value::Object(members) if members.len() == 1 && members.contains_key("$ref") => {
            members.values().map(short).collect()
        }
        Value::Array(items) if items.len() == 1 => items.iter().map(short).collect(),
        Value::Array(items) => format!("{} items", items.len()),
        Value::Object(members) => members.keys().map(String::as_str).collect::<Vec<_>>().join(", "),
        scalar => scalar.to_string(),
    }
}

/// The generated items made from `at`, or else from the nearest thing around it that has any.
fn became(document: &Document, items: &[Item], at: &str) -> Vec<String> {
    let Some((source, found)) = made_from(document, items, at) else {
        return vec!["nothing of its own".to_owned()];
    };
    let named = |file: &str| found.iter().any(|item| item.kind != "impl" && item.file == file);
    // Conversions and the like are of interest only where nothing else was made.
    let found: Vec<&Item> =
        found.iter().copied().filter(|item| item.kind != "impl" || !named(&item.file)).collect();
    let width = found.iter().map(|item| item.kind.len()).max().unwrap_or_default();
    let line = |item: &&Item| format!("{:width$} {}  {}:{}", item.kind, item.path, item.file, item.line);
    let around = (source != at).then(|| format!("nothing of its own; what it is part of, #{source}, became"));
    around.into_iter().chain(found.iter().map(line)).collect()
}

/// The nearest place around `at`, itself included, that items were made from; and those items.
fn made_from<'a>(document: &'a Document, items: &'a [Item], at: &'a str) -> Option<(&'a str, Vec<&'a Item>)> {
    around(at).find_map(|place| {
        let found: Vec<&Item> = why::items_of(document, items, place).collect();
        (!found.is_empty()).then_some((place, found))
    })
}

/// `at` and everything that holds it, the nearest first.
fn around(at: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(at), |at| pointer::parent(at))
}

fn used_by(document: &Document, at: &str) -> Vec<String> {
    let users = why::users(document, at);
    let width = users.iter().map(|user| user.operation.len()).max().unwrap_or_default();
    let operations = users.iter().map(|user| {
        let ways: Vec<String> = user.ways.iter().map(ToString::to_string).collect();
        format!("{:width$}  {}", user.operation, ways.join(", "))
    });
    let references = why::references_to(document, at);
    let references = references
        .iter()
        // Operations are told already, with more to say.
        .filter(|reference| reference.starts_with("/components/"))
        .map(|reference| format!("{} #{reference}", position(document, reference)));
    let lines: Vec<String> = operations.chain(references).collect();
    match (lines.is_empty(), at.starts_with("/components/")) {
        (true, true) => vec!["nothing in the document".to_owned()],
        (true, false) => vec!["whoever calls the API".to_owned()],
        (false, _) => lines,
    }
}

fn render(sections: &[Section], color: bool) -> String {
    let style = AnsiColor::Green.on_default().bold();
    let paint =
        |style: Style, text: &str| if color { format!("{style}{text}{style:#}") } else { text.to_owned() };
    let sections = sections.iter().map(|section| {
        let lines = section.lines.iter().map(|line| format!("  {line}\n"));
        format!("{}\n{}", paint(style, &section.heading), lines.collect::<String>())
    });
    sections.collect::<Vec<_>>().join("\n")
}
