//! Commands as they are printed: quoted, so that a shell reads the right words.

use std::fmt::Write as _;

/// Returns `command` with the options that have values.
#[must_use]
pub fn command(command: &str, options: &[(&str, &[String])]) -> String {
    let mut text = command.to_owned();
    for (option, values) in options.iter().filter(|(_, values)| !values.is_empty()) {
        let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        // Writing to a string cannot fail.
        let _ = write!(text, " {option} {}", values.join(" "));
    }
    text
}

/// Returns `text` as one word of a shell.
#[must_use]
pub fn quoted(text: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:@%+=,".contains(letter);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}
