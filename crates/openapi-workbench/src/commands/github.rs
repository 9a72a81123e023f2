//! Findings as annotations of GitHub: lines that a workflow prints, and that GitHub shows beside the lines of a file.

use openapi_document::Document;
use openapi_document::document::Location;
use openapi_document::pointer;
use serde_json::Value;

/// The weight of an annotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Error,
    Warning,
    Notice,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Notice => "notice",
        }
    }
}

/// Returns an annotation of the place that `at` points to in `document`, or of the nearest one around it.
pub(super) fn annotation(level: Level, document: &Document, at: &str, title: &str, message: &str) -> String {
    let place = nearest(document, at);
    format!(
        "::{} file={},line={},col={},title={}::{}\n",
        level.name(),
        property(&file(document, place)),
        place.line,
        place.column,
        property(title),
        data(message),
    )
}

/// Returns the path of the file that a position is in, whatever the revision of the document.
fn file(document: &Document, place: Location) -> String {
    let (name, file) = (document.name(), document.file_of(place));
    let at_revision = name.strip_prefix("git:").and_then(|rest| rest.split_once(':'));
    let path = at_revision.map_or(name, |(_, path)| path);
    match path.rsplit_once('/') {
        _ if file == name => path.to_owned(),
        Some((directory, _)) => format!("{directory}/{file}"),
        None => file.to_owned(),
    }
}

/// Escapes a message.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property, which a colon or a comma would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// Returns the position of the place, or of the nearest one around it that the document has. An item of an unordered
/// list may be named by the value that identifies it.
fn nearest(document: &Document, at: &str) -> Location {
    let (mut value, mut found) = (document.value(), String::new());
    for step in pointer::steps(at) {
        let next = match value {
            Value::Array(items) => {
                let is_named = |item: &Value| identities(item).contains(&step);
                let index = step.parse().ok().filter(|index| *index < items.len());
                index.or_else(|| items.iter().position(is_named)).map(|index| index.to_string())
            }
            _ => Some(step),
        };
        let Some(next) = next else { break };
        let member = match value {
            Value::Array(items) => next.parse::<usize>().ok().and_then(|index| items.get(index)),
            value => value.get(&next),
        };
        let Some(member) = member else { break };
        pointer::push(&mut found, &next);
        value = member;
    }
    document.nearest(&found)
}

/// Returns the names by which an item of an unordered list is known.
fn identities(item: &Value) -> Vec<String> {
    let text = |key: &str| item.get(key).and_then(Value::as_str);
    let mut names: Vec<String> = item.as_str().map(str::to_owned).into_iter().collect();
    if let (Some(place), Some(name)) = (text("in"), text("name")) {
        names.push(format!("{place}:{name}"));
    }
    names.extend(["url", "name", "title"].into_iter().filter_map(text).map(str::to_owned));
    let reference = text("$ref").and_then(|reference| reference.rsplit('/').next());
    names.extend(reference.map(pointer::unescape));
    names
}
