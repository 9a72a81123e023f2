//! Texts for terminals and logs, which are not to obey what a document or a request says.

use std::borrow::Cow;

/// Returns a text in which control characters, and those that change the direction of text, are escaped as in Rust.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().all(|letter| !is_control(letter)) {
        return Cow::Borrowed(text);
    }
    let escaped = |letter: char| {
        if is_control(letter) { letter.escape_unicode().to_string() } else { letter.to_string() }
    };
    Cow::Owned(text.chars().map(escaped).collect())
}

fn is_control(letter: char) -> bool {
    let changes_lines_or_direction = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}');
    letter.is_control() || changes_lines_or_direction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_escaped_and_nothing_else_is() {
        assert_eq!(printable("/pets/ä \"x\"\\"), "/pets/ä \"x\"\\");
        assert_eq!(printable("a\u{1b}[31m\n\u{9b}\u{202e}"), "a\\u{1b}[31m\\u{a}\\u{9b}\\u{202e}");
    }
}
