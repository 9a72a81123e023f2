//! Writes a single value: bare if it is unambiguous, else in quotes, folded or as lines.

use std::fmt::Write as _;

use serde_json::Value;

/// The column that lines stay short of where they can.
pub const WIDTH: usize = 110;

/// Texts that older readers of YAML take for another type.
const MISTAKEN: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

pub(super) fn key(text: &str) -> String {
    one_line(&Value::String(text.to_owned()))
}

/// Returns a word of a list on one line.
pub(super) fn word(text: &str) -> String {
    if text.contains([',', '[', ']', '{', '}']) { quoted(text) } else { key(text) }
}

pub(super) fn one_line(value: &Value) -> String {
    match value {
        Value::String(text) if is_plain(text) => text.clone(),
        Value::String(text) => quoted(text),
        other => other.to_string(),
    }
}

/// Returns a text that begins at the column `used`; should it need more lines, they are indented by `indent`.
pub(super) fn text(text: &str, used: usize, indent: usize) -> String {
    let margin = " ".repeat(indent);
    if text.contains('\n') && is_literal(text) {
        let chomping = if text.ends_with('\n') { "" } else { "-" };
        let lines: Vec<String> = text
            .trim_end_matches('\n')
            .split('\n')
            .map(|line| if line.is_empty() { String::new() } else { format!("{margin}{line}") })
            .collect();
        return format!("|{chomping}\n{}", lines.join("\n"));
    }
    let line = one_line(&Value::String(text.to_owned()));
    if used + line.chars().count() <= WIDTH || !is_foldable(text) {
        return line;
    }
    let mut folded = String::from(">-");
    let mut column = usize::MAX;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column.saturating_add(length + 1) > WIDTH {
            folded.extend(["\n", &margin, word]);
            column = indent + length;
        } else {
            folded.extend([" ", word]);
            column += length + 1;
        }
    }
    folded
}

/// Returns `true` if a text keeps its meaning without quotes.
fn is_plain(text: &str) -> bool {
    let begins_well =
        text.starts_with(|first: char| first.is_alphabetic() || matches!(first, '_' | '/' | '$' | '(' | '<'));
    // `<<` would merge.
    begins_well
        && text != "<<"
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.contains(|letter| !is_printable(letter))
        && !MISTAKEN.contains(&text.to_lowercase().as_str())
}

/// Returns `true` if the lines of a text can be written as they are.
fn is_literal(text: &str) -> bool {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let lines = || body.split('\n');
    !body.is_empty()
        && !body.ends_with('\n')
        && !body.starts_with([' ', '\n', '\t'])
        && lines().all(|line| !line.ends_with([' ', '\t']) && line.chars().all(is_printable))
}

/// Returns `true` if the words of a text can be spread over lines.
fn is_foldable(text: &str) -> bool {
    !text.starts_with(' ')
        && !text.ends_with(' ')
        && !text.contains("  ")
        && text.contains(' ')
        && text.chars().all(|letter| letter != '\t' && is_printable(letter))
}

/// Returns `true` if YAML allows a character unescaped within a line.
fn is_printable(letter: char) -> bool {
    !letter.is_control() && !matches!(letter, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            letter if is_printable(letter) => quoted.push(letter),
            letter => {
                // Writing to a string cannot fail.
                let _ = write!(quoted, "\\U{:08X}", u32::from(letter));
            }
        }
    }
    quoted.push('"');
    quoted
}
