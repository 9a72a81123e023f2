//! The lines that make one document of another: inserted where the order has a place for them, all others untouched.

use std::ops::Range;

use serde_json::{Map, Value};

use crate::lint::{Style, path_order};
use openapi_document::document::Document;
use openapi_document::error::Result;
use openapi_document::yaml_writer;
use openapi_document::{operations, pointer};

/// Lines to be put in place of others.
struct Edit {
    range: Range<usize>,
    text: String,
}

/// Returns the text of `ours` with the additions of `wanted`, and with its version of the components `replaced`.
pub(super) fn text<'n>(
    ours: &Document,
    wanted: &Value,
    replaced: impl Iterator<Item = &'n String>,
    style: &Style,
) -> Result<String> {
    let mut edits = Edits { ours, wanted, list: Vec::new() };
    edits.paths(style);
    edits.components(replaced, style);
    edits.tags();
    let merged = edits.applied();
    let name = ours.name();
    let read = Document::parse(name, &merged)?;
    if read.value() == wanted {
        return Ok(merged);
    }
    let help = "write `paths`, `components` and `tags` as blocks, one key on a line, without anchors";
    Err(ours.error("", "the layout of this document leaves no room for new lines", help))
}

struct Edits<'a> {
    ours: &'a Document,
    wanted: &'a Value,
    list: Vec<Edit>,
}

impl Edits<'_> {
    fn paths(&mut self, style: &Style) {
        let place =
            |method: &str| style.methods.iter().position(|known| *known == method).unwrap_or(usize::MAX);
        self.members("/paths", path_order);
        for path in keys(self.ours.value(), "/paths") {
            self.members(&pointer::child("/paths", &path), |key| (operations::is_method(key), place(key)));
        }
    }

    fn components<'n>(&mut self, replaced: impl Iterator<Item = &'n String>, style: &Style) {
        let place =
            |kind: &str| style.components.iter().position(|known| *known == kind).unwrap_or(usize::MAX);
        self.members("/components", place);
        for kind in keys(self.ours.value(), "/components") {
            self.members(&pointer::child("/components", &kind), str::to_owned);
        }
        for name in replaced {
            let at = format!("/components/{name}");
            self.replace(&at);
        }
    }

    fn tags(&mut self) {
        let count = |root: &Value| root.get("tags").and_then(Value::as_array).map_or(0, Vec::len);
        let there = count(self.ours.value());
        let Some(last) = there.checked_sub(1).map(|last| format!("/tags/{last}")) else { return };
        let (Some(lines), Some(indent)) = (self.ours.lines_of(&last), self.ours.indentation_of(&last)) else {
            return;
        };
        let new = self
            .wanted
            .get("tags")
            .and_then(Value::as_array)
            .map_or(&[][..], |tags| tags.get(there..).unwrap_or_default());
        if !new.is_empty() {
            let text = yaml_writer::block(&Value::Array(new.to_vec()), indent);
            self.list.push(Edit { range: lines.end..lines.end, text });
        }
    }

    /// Inserts the members that the mapping at `at` is to have besides its own, each behind the last that precedes it.
    fn members<K: Ord>(&mut self, at: &str, order: impl Fn(&str) -> K) {
        let present = keys(self.ours.value(), at);
        let mut new = keys(self.wanted, at);
        new.retain(|key| !present.contains(key));
        new.sort_by_cached_key(|key| order(key));
        for key in new {
            let before = present.iter().rev().find(|present| order(present) <= order(&key));
            let beside = before.or(present.first());
            let indent = beside.and_then(|beside| self.ours.indentation_of(&pointer::child(at, beside)));
            let indent = indent.or_else(|| Some(self.ours.indentation_of(at)? + 2));
            let place = match before {
                Some(before) => self.ours.lines_of(&pointer::child(at, before)).map(|lines| lines.end),
                None => self.line_after_key(at),
            };
            let (Some(indent), Some(place)) = (indent, place) else { continue };
            let Some(text) = self.written(&pointer::child(at, &key), indent) else { continue };
            let text = if before.is_some() { format!("\n{text}") } else { format!("{text}\n") };
            self.list.push(Edit { range: place..place, text });
        }
    }

    /// Returns the position at which the first member of the mapping at `at` would begin.
    fn line_after_key(&self, at: &str) -> Option<usize> {
        let start = self.ours.lines_of(at)?.start;
        let text = self.ours.text().get(start..)?;
        Some(text.find('\n').map_or(self.ours.text().len(), |end| start + end + 1))
    }

    fn replace(&mut self, at: &str) {
        let (Some(lines), Some(indent)) = (self.ours.lines_of(at), self.ours.indentation_of(at)) else {
            return;
        };
        if let Some(text) = self.written(at, indent) {
            self.list.push(Edit { range: lines, text });
        }
    }

    /// Returns the new text of `at`, with its key.
    fn written(&self, at: &str, indent: usize) -> Option<String> {
        let key = pointer::steps(at).last()?;
        Some(yaml_writer::member(at, &key, self.wanted.pointer(at)?, indent))
    }

    fn applied(mut self) -> String {
        // Those at one place stay in the order in which they were found.
        self.list.sort_by_key(|edit| edit.range.start);
        let text = self.ours.text();
        let end = line_end(text);
        let mut merged = String::with_capacity(text.len());
        let mut done = 0;
        for edit in self.list {
            merged.push_str(text.get(done..edit.range.start).unwrap_or_default());
            if !merged.is_empty() && !merged.ends_with('\n') {
                merged.push_str(end);
            }
            merged.push_str(&edit.text.replace('\n', end));
            done = edit.range.end;
        }
        merged.push_str(text.get(done..).unwrap_or_default());
        merged
    }
}

/// Returns the line ending of the first line of a text.
fn line_end(text: &str) -> &'static str {
    match text.split_once('\n') {
        Some((first, _)) if first.ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

fn keys(root: &Value, at: &str) -> Vec<String> {
    let map = root.pointer(at).and_then(Value::as_object);
    map.into_iter().flat_map(Map::keys).cloned().collect()
}
