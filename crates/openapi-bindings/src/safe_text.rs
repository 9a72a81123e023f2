//! Makes text of a document safe to stand in documentation.
//!
//! A document is written by anybody. Its text keeps its Markdown, but nothing in it runs as an example, is HTML, leads to
//! an item or a script, or changes how what follows is read. What a Markdown parser finds to be dangerous is rewritten, and
//! the result is parsed again; a text that stays dangerous loses all of its Markdown.

mod dangers;

use dangers::dangers;

/// The number of times that a text is mended before its Markdown is given up.
const MAX_ROUNDS: usize = 6;

/// The greatest length in bytes of a text that keeps its Markdown.
const MAX_MARKDOWN: usize = 64 * 1024;

/// Returns paragraphs of a document as Markdown that can do no harm, wherever a paragraph may stand.
#[must_use]
pub fn markdown(text: &str) -> String {
    let text = visible(text);
    let text = text.trim_matches('\n').trim_end();
    if text.len() > MAX_MARKDOWN {
        return plain_lines(text);
    }
    let mut mended = text.to_owned();
    for _ in 0..MAX_ROUNDS {
        let edits = dangers(&mended);
        if edits.is_empty() {
            let ends = dangers::ends_with_a_paragraph_of_its_own(&mended);
            return if ends { mended } else { plain_lines(text) };
        }
        mended = dangers::rewritten(&mended, edits);
    }
    plain_lines(text)
}

/// Returns text of a document as Markdown that can stand within a line of others, or begin one.
#[must_use]
pub fn line(text: &str) -> String {
    let text = one_line(text);
    // What begins a block elsewhere does not within a line.
    let within = markdown(&format!("{WITHIN}{text}"));
    let is_safe = |text: &&str| !text.contains('\n') && dangers(text).is_empty();
    let mended = within.strip_prefix(WITHIN).filter(is_safe).map(str::to_owned);
    mended.unwrap_or_else(|| plain(&text))
}

/// Stands before a line that is looked at as a part of one.
const WITHIN: &str = "x ";

/// The signs that mean something to Markdown within a line.
const MEANINGFUL: &str = "\\`*_{}[]<>()#|~&!:";

/// Returns text of a document on one line without any Markdown.
#[must_use]
pub fn plain(text: &str) -> String {
    let text = one_line(text);
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if MEANINGFUL.contains(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

/// Returns a value of a document as code within a line.
#[must_use]
pub fn code(text: &str) -> String {
    let text = one_line(text);
    let mut longest = 0;
    let mut run = 0;
    for letter in text.chars() {
        run = if letter == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    // Blanks keep an accent at either end apart from the fence; Markdown takes them away again.
    let blank = if text.is_empty() || text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{blank}{text}{blank}{fence}")
}

/// Returns text of a document on one line, without characters that are not seen.
#[must_use]
pub fn one_line(text: &str) -> String {
    let text: String = text.chars().map(|letter| if is_seen(letter) { letter } else { ' ' }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Replaces characters that are not seen, and ends every line in the same way.
fn visible(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let letters = text.chars().map(|letter| match letter {
        '\n' | '\t' => letter,
        letter if is_seen(letter) => letter,
        _ => char::REPLACEMENT_CHARACTER,
    });
    letters.collect()
}

/// Returns `true` unless a character is not seen itself, or changes the direction of what follows.
fn is_seen(letter: char) -> bool {
    !letter.is_control()
        && !matches!(
            letter,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}

/// Returns the lines of a text without any Markdown.
fn plain_lines(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(plain).collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests;
