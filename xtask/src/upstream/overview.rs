//! Summarizes a document in a few lines: operations by tag, components by kind, size and path.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use openapi_document::Document;
use serde_json::Value;

use super::fetched::{CRATE, Fetched};

/// Summarizes a document; `is_part` if it was cut.
pub(super) fn of(document: &Document, fetched: &Fetched, is_part: bool) -> String {
    let value = document.value();
    let word = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ =
        writeln!(text, "{} {}, in {CRATE} {}", word("/info/title"), word("/info/version"), fetched.version);
    let tags = operations_by_tag(document);
    let operations = openapi_document::operations::operations(value).count();
    let paths = value.get("paths").and_then(Value::as_object).map_or(0, serde_json::Map::len);
    let what = if is_part { "chosen" } else { "operations" };
    text.push_str(&line(what, &format!("{operations}, at {paths} paths")));
    let width = tags.keys().map(String::len).max().unwrap_or_default();
    for (tag, count) in &tags {
        let _ = writeln!(text, "{:>12}  {tag:width$} {count:>4}", "");
    }
    let kinds = value.get("components").and_then(Value::as_object).into_iter().flatten();
    let kinds: Vec<String> = kinds
        .map(|(kind, of)| format!("{} {kind}", of.as_object().map_or(0, serde_json::Map::len)))
        .collect();
    let kinds = if kinds.is_empty() { "none".to_owned() } else { kinds.join(", ") };
    text.push_str(&line("components", &kinds));
    text.push_str(&line("document", &format!("{}, {}", fetched.path.display(), size(document.text().len()))));
    text
}

fn operations_by_tag(document: &Document) -> BTreeMap<String, usize> {
    let mut tags = BTreeMap::new();
    for (.., operation) in openapi_document::operations::operations(document.value()) {
        let of_operation: Vec<&str> = operation
            .get("tags")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let names = if of_operation.is_empty() { vec!["(no tag)"] } else { of_operation };
        for name in names {
            *tags.entry(name.to_owned()).or_insert(0) += 1;
        }
    }
    tags
}

/// Returns a line of an overview.
pub(super) fn line(what: &str, told: &str) -> String {
    format!("{what:>12}: {told}\n")
}

/// Returns a number of bytes in a readable unit.
pub(super) fn size(bytes: usize) -> String {
    match bytes {
        0..10_000 => format!("{bytes} bytes"),
        10_000..1_000_000 => format!("{} kB", bytes / 1000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}
