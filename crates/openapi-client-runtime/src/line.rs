//! Texts of others on one line: whatever a server sends, what is shown of it has no control characters and an end.

use std::fmt;

/// The most characters of a line.
const MAX_LINE: usize = 2000;

/// Writes what is written to it on one line, cut after [`MAX_LINE`] characters.
pub(crate) struct Line<'f, 'b> {
    out: &'f mut fmt::Formatter<'b>,
    left: usize,
}

impl<'f, 'b> Line<'f, 'b> {
    pub(crate) fn new(out: &'f mut fmt::Formatter<'b>) -> Self {
        Line { out, left: MAX_LINE }
    }
}

impl fmt::Write for Line<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            if self.left == 0 {
                return Ok(());
            }
            self.left -= 1;
            match character {
                _ if self.left == 0 => self.out.write_str("...")?,
                '\n' | '\r' | '\t' => self.out.write_char(' ')?,
                hidden if is_hidden(hidden) => write!(self.out, "{}", hidden.escape_unicode())?,
                plain => self.out.write_char(plain)?,
            }
        }
        Ok(())
    }
}

/// Returns `true` for a control character, and for one that has no form of its own and changes that of others, such as
/// those that turn the direction of writing.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{061C}'
                | '\u{200B}'
                | '\u{200E}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}'
                | '\u{E0000}'..='\u{E007F}'
        )
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    struct Shown<'t>(&'t str);

    impl fmt::Display for Shown<'_> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            Line::new(f).write_str(self.0)
        }
    }

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        let text = "a\r\nb\tc\u{1b}[31m\0\u{202e}d\u{2066}\u{2028}\u{85}é नमस्ते";
        let shown = Shown(text).to_string();
        assert_eq!(shown, r"a  b c\u{1b}[31m\u{0}\u{202e}d\u{2066}\u{2028}\u{85}é नमस्ते");
    }

    #[test]
    fn a_line_has_an_end() {
        assert_eq!(Shown(&"ü".repeat(MAX_LINE - 1)).to_string(), "ü".repeat(MAX_LINE - 1));
        let shown = Shown(&"ü".repeat(1_000_000)).to_string();
        assert_eq!(shown, "ü".repeat(MAX_LINE - 1) + "...");
    }
}
