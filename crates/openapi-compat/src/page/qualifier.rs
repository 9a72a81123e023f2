//! The lines in which a page says what narrows the values of a field or parameter. The page sets values in code, and
//! its text has a line break after each piece of code.

use serde_json::Value;

use super::line::Line;
use super::place::Place;
use super::unprintable::{Result, Unprintable};

/// Schema keywords that do not narrow values.
const OTHER_KEYS: &[&str] = &[
    "additionalProperties",
    "allOf",
    "description",
    "format",
    "items",
    "nullable",
    "properties",
    "readOnly",
    "required",
    "title",
    "type",
];

enum Piece {
    Prose(String),
    Code(String),
}

/// Returns the lines that narrow the values of `schema`, or of the items of a list.
pub(super) fn lines(schema: &Place<'_>) -> Result<Vec<Line>> {
    if let Some(items) = schema.get("items") {
        return lines(&items);
    }
    let rules: Vec<Vec<Piece>> = [length(schema), pattern(schema), values(schema)]
        .into_iter()
        .filter(|rule| !rule.is_empty())
        .collect();
    refuse_others(schema)?;
    if rules.is_empty() {
        return Ok(Vec::new());
    }
    let mut pieces = vec![Piece::Prose("Possible values: ".to_owned())];
    for (index, rule) in rules.into_iter().enumerate() {
        if index > 0 {
            pieces.push(Piece::Prose(", ".to_owned()));
        }
        pieces.extend(rule);
    }
    let lines = broken_after_code(pieces).into_iter();
    Ok(lines.map(|text| Line::at(&schema.pointer, text)).collect())
}

fn length(schema: &Place<'_>) -> Vec<Piece> {
    let shortest = schema.number("minLength").map(|length| match length {
        1 => "non-empty".to_owned(),
        _ => format!(">= {length} characters"),
    });
    let longest = schema.number("maxLength").map(|length| format!("<= {length} characters"));
    match (shortest, longest) {
        (Some(shortest), Some(longest)) => {
            vec![Piece::Code(shortest), Piece::Prose(" and ".to_owned()), Piece::Code(longest)]
        }
        (shortest, longest) => shortest.or(longest).map(Piece::Code).into_iter().collect(),
    }
}

fn pattern(schema: &Place<'_>) -> Vec<Piece> {
    let Some(pattern) = schema.text("pattern") else { return Vec::new() };
    vec![Piece::Prose("Value must match regular expression ".to_owned()), Piece::Code(pattern.to_owned())]
}

fn values(schema: &Place<'_>) -> Vec<Piece> {
    let Some(values) = schema.value.get("enum").and_then(Value::as_array) else { return Vec::new() };
    let mut pieces = Vec::new();
    for value in values.iter().filter_map(Value::as_str) {
        pieces.push(Piece::Prose(if pieces.is_empty() { "[" } else { ", " }.to_owned()));
        pieces.push(Piece::Code(value.to_owned()));
    }
    pieces.push(Piece::Prose("]".to_owned()));
    pieces
}

/// Fails if a schema has a keyword whose wording no page shows.
fn refuse_others(schema: &Place<'_>) -> Result<()> {
    const WORDED: [&str; 4] = ["minLength", "maxLength", "pattern", "enum"];
    let mut keys = schema.value.as_object().into_iter().flat_map(serde_json::Map::keys);
    let known = |key: &str| WORDED.contains(&key) || OTHER_KEYS.contains(&key) || key.starts_with("x-");
    keys.find(|key| !known(key)).map_or(Ok(()), |key| {
        Err(Unprintable { pointer: schema.pointer.clone(), what: format!("how `{key}` is printed") })
    })
}

fn broken_after_code(pieces: Vec<Piece>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in pieces {
        match piece {
            Piece::Prose(text) => line.push_str(&text),
            Piece::Code(text) => {
                line.push_str(&text);
                lines.push(std::mem::take(&mut line));
            }
        }
    }
    lines.push(line);
    lines.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}
