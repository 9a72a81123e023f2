//! Explains something in a document or generated from it: where it stands, what became of it, and what uses it.
//!
//! An explanation is a list of [`Section`]s. A workspace that knows more about its document adds sections of its own.

use anstyle::{AnsiColor, Style};
use clap::Args;
use openapi_bindings::GeneratedFile;
use openapi_bindings::why::{self, Item};
use openapi_document::Document;
use openapi_document::model::Model;
use openapi_document::pointer;
use serde_json::Value;

use super::Read;
use crate::generator::{self, Config};
use crate::name::Name;
use crate::{Report, shell};

/// The document and what to explain in it.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The document
    #[arg(value_name = "FILE")]
    pub document: String,
    /// A pointer into the document, a name in it, a path of the API, or a generated Rust item
    #[arg(value_name = "POINTER|RUST_PATH")]
    pub question: String,
}

/// A document, with what is generated from it.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The document.
    pub document: &'a Document,
    /// The Rust items that are generated from it.
    pub items: Vec<Item>,
    /// The command that explains something else, without the question.
    pub command: String,
    /// Keys that are left out because a section of the caller's own explains them.
    pub explained_elsewhere: &'static [&'static str],
}

/// The subject of a question.
#[derive(Debug)]
pub enum Answer {
    /// A place in the document, as a JSON pointer.
    Place(String),
    /// Several places that have the same name.
    Ambiguous(Section),
}

/// A heading with lines below it.
#[derive(Clone, Debug)]
pub struct Section {
    heading: String,
    lines: Vec<String>,
}

impl Section {
    /// Returns a section of these lines.
    pub fn new(heading: impl Into<String>, lines: Vec<String>) -> Self {
        Section { heading: heading.into(), lines }
    }
}

/// Explains what the question is about.
#[must_use]
pub fn run(arguments: &Arguments, read: Read<'_>, program: &str, color: bool) -> Report {
    match explain(arguments, read, program, color) {
        Ok(sections) => Report::clean(render(&sections, color)),
        Err(message) => Report::failure(&message),
    }
}

fn explain(
    arguments: &Arguments,
    read: Read<'_>,
    program: &str,
    color: bool,
) -> Result<Vec<Section>, String> {
    let document = read(&arguments.document)?;
    let name = Name::of(&document);
    let model = Model::of(&document);
    let config = Config::for_document(&model, &name);
    let files = generator::generate(&model, &config, &|_| {}).map_err(|error| error.render(color))?;
    let command = format!("{program} why {}", shell::quoted(&arguments.document));
    let subject = Subject::new(&model, &files, command);
    Ok(match subject.resolve(&arguments.question)? {
        Answer::Ambiguous(places) => vec![places],
        Answer::Place(at) => {
            let mut sections = subject.place(&at);
            sections.extend([subject.generated(&at), subject.users(&at)]);
            sections
        }
    })
}

impl<'a> Subject<'a> {
    /// Returns the subject of explanations about the document of `model` and the `files` generated from it.
    #[must_use]
    pub fn new(model: &Model<'a>, files: &[GeneratedFile], command: String) -> Self {
        let items = why::items(model, files);
        Subject { document: model.document, items, command, explained_elsewhere: &[] }
    }

    /// Finds what the question is about.
    ///
    /// # Errors
    /// Fails if nothing has this name. The message has the nearest names.
    pub fn resolve(&self, question: &str) -> Result<Answer, String> {
        let unknown = match why::resolve(self.document, &self.items, question) {
            Ok(at) => return Ok(Answer::Place(at)),
            Err(unknown) => unknown,
        };
        match why::places(self.document, &self.items, question.trim()).as_slice() {
            [] => Err(self.unknown_name(question, &unknown)),
            [only] => Ok(Answer::Place(only.pointer.clone())),
            places => Ok(Answer::Ambiguous(self.ambiguous(question.trim(), places))),
        }
    }

    /// Returns the value at `at`, and the target of its reference.
    #[must_use]
    pub fn place(&self, at: &str) -> Vec<Section> {
        let mut sections = vec![Section::new(place(self.document, at), self.words(at))];
        if let Some(target) = referred(self.document, at) {
            let heading = format!("stands for {}", place(self.document, &target));
            sections.push(Section::new(heading, self.words(&target)));
        }
        sections
    }

    /// Returns the generated items made from `at`, or else from the nearest thing around it that has any.
    #[must_use]
    pub fn generated(&self, at: &str) -> Section {
        Section::new("became", became(self, at))
    }

    /// Returns the operations and components that use the value at `at`.
    #[must_use]
    pub fn users(&self, at: &str) -> Section {
        Section::new("used by", used_by(self.document, at))
    }

    /// Returns the nearest place around `at`, itself included, that items were made from; and those items.
    #[must_use]
    pub fn made_from<'b>(&'b self, at: &'b str) -> Option<(&'b str, Vec<&'b Item>)> {
        around(at).find_map(|place| {
            let found: Vec<&Item> = why::items_of(self.document, &self.items, place).collect();
            (!found.is_empty()).then_some((place, found))
        })
    }

    /// Lists the places that a name may mean, each with the question that is about it alone.
    fn ambiguous(&self, name: &str, places: &[why::Place]) -> Section {
        let positions: Vec<String> =
            places.iter().map(|place| position(self.document, &place.pointer)).collect();
        let width = positions.iter().map(String::len).max().unwrap_or_default();
        let lines = places.iter().zip(positions).map(|(place, position)| {
            format!("{position:width$}  {} {}", self.command, shell::quoted(&place.question))
        });
        Section::new(format!("{} places are called `{name}`; ask for one", places.len()), lines.collect())
    }

    fn unknown_name(&self, question: &str, unknown: &why::Unknown) -> String {
        let document = self.document.name();
        let near: Vec<String> = unknown.nearest.iter().map(|name| format!("`{name}`")).collect();
        let help = match near.split_last() {
            None => format!(
                "ask for a pointer (`#/components/schemas/...`), an operation's id, a component (`Name.property`) or a \
                 Rust item (`Type::member`); {document} has them all"
            ),
            Some((only, [])) => format!("did you mean {only}?"),
            Some((last, others)) => format!("did you mean {} or {last}?", others.join(", ")),
        };
        format!("nothing in {document} or made from it is called `{question}`\n  help: {help}")
    }

    /// Returns what the document says at `at`: scalars and lists of scalars as they are, of everything else the keys.
    fn words(&self, at: &str) -> Vec<String> {
        match self.document.value().pointer(at) {
            Some(Value::Object(members)) => {
                let shown =
                    members.iter().filter(|(key, _)| !self.explained_elsewhere.contains(&key.as_str()));
                shown.map(|(key, member)| format!("{key}: {}", short(member))).collect()
            }
            Some(other) => vec![short(other)],
            None => Vec::new(),
        }
    }
}

/// Returns `file:line:column` and the pointer of `at`, or of the nearest thing around it that has a position.
fn place(document: &Document, at: &str) -> String {
    let pointer = if at.is_empty() { "the whole document".to_owned() } else { format!("#{at}") };
    format!("{} {pointer}", position(document, at))
}

/// Returns the pointer in the reference at `at`.
#[must_use]
pub fn referred(document: &Document, at: &str) -> Option<String> {
    pointer::of_reference(document.value().pointer(at)?.get("$ref")?.as_str()?)
}

fn position(document: &Document, at: &str) -> String {
    let location = document.locate_key(at).or_else(|| document.locate(at));
    location.map_or_else(
        || document.name().to_owned(),
        |location| format!("{}:{}:{}", document.name(), location.line, location.column),
    )
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

fn became(subject: &Subject<'_>, at: &str) -> Vec<String> {
    let Some((source, found)) = subject.made_from(at) else {
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

/// Returns `at` and everything that holds it, the nearest first.
pub fn around(at: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(at), |at| pointer::parent(at))
}

fn used_by(document: &Document, at: &str) -> Vec<String> {
    let users = openapi_document::users::users(document, at);
    let width = users.iter().map(|user| user.operation.len()).max().unwrap_or_default();
    let operations = users.iter().map(|user| {
        let ways: Vec<String> = user.ways.iter().map(ToString::to_string).collect();
        format!("{:width$}  {}", user.operation, ways.join(", "))
    });
    let references = openapi_document::users::references_to(document, at);
    let references = references
        .iter()
        // Operations are told already, with more to say.
        .filter(|reference| reference.starts_with("/components/"))
        .map(|reference| format!("{} #{reference}", position(document, reference)));
    let lines: Vec<String> = operations.chain(references).collect();
    match (lines.is_empty(), at.starts_with("/components/")) {
        (true, true) => vec!["nothing in the document".to_owned()],
        (true, false) => vec!["callers of the API".to_owned()],
        (false, _) => lines,
    }
}

/// Returns the sections as text for the terminal.
#[must_use]
pub fn render(sections: &[Section], color: bool) -> String {
    let style = AnsiColor::Green.on_default().bold();
    let paint =
        |style: Style, text: &str| if color { format!("{style}{text}{style:#}") } else { text.to_owned() };
    let sections = sections.iter().map(|section| {
        let lines = section.lines.iter().map(|line| format!("  {line}\n"));
        format!("{}\n{}", paint(style, &section.heading), lines.collect::<String>())
    });
    sections.collect::<Vec<_>>().join("\n")
}
