//! One name of a document as a name of Rust, whatever else is named beside it.
//!
//! Rust's names are kept to ASCII, so that no lint has a word to say on scripts that look alike; what is written in
//! another script is transliterated.

use deunicode::deunicode_char;
use heck::{ToPascalCase, ToSnakeCase};

/// The case in which the words of a name are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Case {
    /// As for functions, fields and arguments.
    Snake,
    /// As for types and variants.
    Pascal,
}

/// The names of symbols, for names that letters and digits alone do not distinguish.
const SYMBOLS: [(char, &str); 33] = [
    (' ', "space"),
    ('\t', "tab"),
    ('!', "bang"),
    ('"', "quote"),
    ('#', "hash"),
    ('$', "dollar"),
    ('%', "percent"),
    ('&', "and"),
    ('\'', "apostrophe"),
    ('(', "open"),
    (')', "close"),
    ('*', "star"),
    ('+', "plus"),
    (',', "comma"),
    ('-', "dash"),
    ('.', "dot"),
    ('/', "slash"),
    (':', "colon"),
    (';', "semicolon"),
    ('<', "less_than"),
    ('=', "equals"),
    ('>', "greater_than"),
    ('?', "question"),
    ('@', "at"),
    ('[', "open_bracket"),
    ('\\', "backslash"),
    (']', "close_bracket"),
    ('^', "caret"),
    ('`', "backtick"),
    ('{', "open_brace"),
    ('|', "pipe"),
    ('}', "close_brace"),
    ('~', "tilde"),
];

/// Returns `name` without its symbols; with their names if nothing is left otherwise, or a number would lose its sign.
#[must_use]
pub fn plain(name: &str, case: Case) -> String {
    let signed = name.starts_with(['+', '-']) && name[1..].starts_with(|next: char| next.is_ascii_digit());
    let words = without_symbols(name);
    if signed || !words.contains(|letter: char| letter.is_ascii_alphanumeric()) {
        return spelled(name, case);
    }
    finished(&words, case)
}

/// Returns `name` with every symbol spelled out, which distinguishes more names.
pub fn spelled(name: &str, case: Case) -> String {
    if name.is_empty() {
        return finished("empty", case);
    }
    let mut words = String::new();
    for (at, letter) in name.char_indices() {
        match latin(letter) {
            _ if letter == '-' && at == 0 => words.push_str("_minus_"),
            _ if letter.is_ascii() => push_word(letter, &mut words),
            Some(latin) => latin.chars().for_each(|letter| push_word(letter, &mut words)),
            None => words.push_str(&coded(letter)),
        }
    }
    if !words.contains(|letter: char| letter.is_ascii_alphanumeric()) {
        words.push_str("underscore");
    }
    finished(&words, case)
}

/// Returns the `number`th name of those that would be `name`.
#[must_use]
pub fn numbered(name: &str, number: usize, case: Case) -> String {
    let name = name.trim_end_matches('_');
    match case {
        Case::Snake => format!("{name}_{number}"),
        Case::Pascal => format!("{name}{number}"),
    }
}

/// Returns the letters and digits of `name`, apart where a symbol stood between them.
fn without_symbols(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    let mut push = |letter: char| words.push(if letter.is_ascii_alphanumeric() { letter } else { '-' });
    for letter in name.chars().filter(|letter| *letter != '\'') {
        match latin(letter) {
            Some(latin) => latin.chars().for_each(&mut push),
            None => push(letter),
        }
    }
    words
}

/// Returns a letter of another script in ASCII, if it has a transcription.
fn latin(letter: char) -> Option<&'static str> {
    if letter.is_ascii() { None } else { deunicode_char(letter).filter(|latin| !latin.is_empty()) }
}

/// Adds a letter, or the name of a symbol, apart from what is around it.
fn push_word(letter: char, words: &mut String) {
    if letter.is_ascii_alphanumeric() || letter == '_' {
        return words.push(letter);
    }
    match SYMBOLS.iter().find(|(symbol, _)| *symbol == letter) {
        Some((_, word)) => words.extend(["_", word, "_"]),
        None => words.push_str(&coded(letter)),
    }
}

/// Returns the code of a character that has no name.
fn coded(letter: char) -> String {
    format!("_u{:x}_", u32::from(letter))
}

/// Returns the words as a name that Rust takes.
fn finished(words: &str, case: Case) -> String {
    let name = cased(words, case);
    let name = if name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("{}{name}", cased("x", case))
    } else {
        name
    };
    if is_keyword(&name) { format!("{name}_") } else { name }
}

/// The keywords of Rust, those reserved for later and `_`, in the order of their bytes.
const KEYWORDS: [&str; 53] = [
    "Self", "_", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self",
    "static", "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

fn is_keyword(name: &str) -> bool {
    KEYWORDS.binary_search(&name).is_ok()
}

pub fn cased(words: &str, case: Case) -> String {
    match case {
        Case::Snake => words.to_snake_case(),
        Case::Pascal => words.to_pascal_case(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_becomes_a_name_of_rust() {
        for (name, snake, pascal) in [
            ("pageSize", "page_size", "PageSize"),
            ("source__slug", "source_slug", "SourceSlug"),
            ("type", "type_", "Type"),
            ("self", "self_", "Self_"),
            ("gen", "gen_", "Gen"),
            ("2fa", "x2fa", "X2fa"),
            ("won't", "wont", "Wont"),
            ("@type", "type_", "Type"),
            ("+1", "plus_1", "Plus1"),
            ("-1", "minus_1", "Minus1"),
            ("-name", "name", "Name"),
            ("<=", "less_than_equals", "LessThanEquals"),
            ("", "empty", "Empty"),
            (" ", "space", "Space"),
            ("_", "underscore", "Underscore"),
            ("Größe", "grosse", "Grosse"),
            ("名前", "ming_qian", "MingQian"),
            ("\n", "ua", "Ua"),
            ("\u{7f}", "u7f", "U7f"),
            ("\u{10ffff}", "u10ffff", "U10ffff"),
        ] {
            assert_eq!(plain(name, Case::Snake), snake, "{name}");
            assert_eq!(plain(name, Case::Pascal), pascal, "{name}");
        }
    }

    #[test]
    fn symbols_are_spelled_out_where_they_matter() {
        assert_eq!(spelled("a-b", Case::Snake), "a_dash_b");
        assert_eq!(spelled("-name", Case::Pascal), "MinusName");
        assert_eq!(spelled("a_b", Case::Pascal), "AB");
        assert_eq!(numbered("type_", 2, Case::Snake), "type_2");
    }
}
