//! Matches patterns of a document, which are regular expressions of ECMA 262, in bounded time.
//!
//! A pattern is written anew for the crate `fancy-regex`: what a finite automaton can decide takes linear time, and what needs
//! lookaround or back references is given up after a number of steps.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;
use std::sync::OnceLock;

use fancy_regex::{Regex, RegexBuilder};

/// The number of steps back after which an answer is no longer looked for.
const STEPS: usize = 100_000;

/// The greatest size of a compiled pattern in bytes.
const SIZE: usize = 1 << 20;

/// Any character that ends no line.
const IN_LINE: &str = r"[^\n\r\x{2028}\x{2029}]";

/// A pattern that texts are held to, compiled once.
#[derive(Debug)]
pub struct Pattern {
    text: Cow<'static, str>,
    compiled: OnceLock<Option<Regex>>,
}

impl Pattern {
    /// Takes a pattern that is compiled when it is first needed. One that is no regular expression, or that is too large,
    /// forbids nothing.
    #[must_use]
    pub const fn new(pattern: &'static str) -> Self {
        Self { text: Cow::Borrowed(pattern), compiled: OnceLock::new() }
    }

    /// Compiles a pattern. Returns `None` if it is no regular expression, or if it is too large.
    #[must_use]
    pub fn compile(pattern: &str) -> Option<Self> {
        let compiled = compile(pattern)?;
        Some(Self { text: Cow::Owned(pattern.to_owned()), compiled: Some(compiled).into() })
    }

    /// Returns `true` if the pattern is found in `text`, or `None` if that takes too many steps to tell.
    #[must_use]
    pub fn is_found_in(&self, text: &str) -> Option<bool> {
        let compiled = self.compiled.get_or_init(|| compile(&self.text));
        compiled.as_ref().map_or(Some(true), |compiled| compiled.is_match(text).ok())
    }

    /// Checks that the pattern is found in `text`.
    ///
    /// # Errors
    /// The rule that the text breaks, if it is not, or if that takes too many steps to tell.
    pub fn check(&self, text: &str) -> Result<(), String> {
        match self.is_found_in(text) {
            Some(true) => Ok(()),
            Some(false) => Err(format!("must match {}", self.text)),
            None => Err(format!("takes more than {STEPS} steps to be compared with {}", self.text)),
        }
    }
}

fn compile(pattern: &str) -> Option<Regex> {
    let mut builder = RegexBuilder::new(&Translation::of(pattern));
    builder.backtrack_limit(STEPS).delegate_size_limit(SIZE).delegate_dfa_size_limit(SIZE);
    builder.build().ok()
}

/// Rewrites a pattern from one syntax into the other.
struct Translation<'p> {
    rest: Peekable<Chars<'p>>,
    made: String,
}

impl<'p> Translation<'p> {
    fn of(pattern: &'p str) -> String {
        let mut translation =
            Self { rest: pattern.chars().peekable(), made: String::with_capacity(pattern.len()) };
        while let Some(next) = translation.rest.next() {
            match next {
                '\\' => translation.escape(false),
                '[' => translation.class(),
                '.' => translation.made.push_str(IN_LINE),
                '$' => translation.made.push_str(r"\z"),
                '{' if !translation.is_count() => translation.made.push_str(r"\{"),
                ']' => translation.made.push_str(r"\]"),
                other => translation.made.push(other),
            }
        }
        translation.made
    }

    /// Returns `true` if a count of repetitions, such as `2,3}`, follows.
    fn is_count(&self) -> bool {
        let text: String = self.rest.clone().take_while(|next| *next != '}').take(32).collect();
        let mut numbers = text.splitn(2, ',');
        let is_number = |number: &str| number.bytes().all(|byte| byte.is_ascii_digit());
        numbers.next().is_some_and(|least| !least.is_empty() && is_number(least)) && numbers.all(is_number)
    }

    /// Rewrites what stands between brackets. Some characters mean something there only to the other syntax.
    fn class(&mut self) {
        let is_negated = self.rest.next_if_eq(&'^').is_some();
        if self.rest.next_if_eq(&']').is_some() {
            self.made.push_str(if is_negated { r"[\s\S]" } else { r"[^\s\S]" });
            return;
        }
        self.made.push_str(if is_negated { "[^" } else { "[" });
        while let Some(next) = self.rest.next() {
            match next {
                ']' => {
                    self.made.push(']');
                    return;
                }
                '\\' => self.escape(true),
                '[' | '&' | '~' => self.made.extend(['\\', next]),
                other => self.made.push(other),
            }
        }
    }

    /// Rewrites what follows a backslash.
    fn escape(&mut self, in_class: bool) {
        let Some(next) = self.rest.next() else {
            self.made.push('\\');
            return;
        };
        match next {
            'd' => self.made.push_str("[0-9]"),
            'D' => self.made.push_str("[^0-9]"),
            'w' => self.made.push_str("[0-9A-Za-z_]"),
            'W' => self.made.push_str("[^0-9A-Za-z_]"),
            'b' if in_class => self.made.push_str(r"\x08"),
            '0' => self.made.push_str(r"\x00"),
            'c' => match self.rest.next_if(char::is_ascii_alphabetic) {
                Some(letter) => self.code(u32::from(letter) % 32),
                None => self.made.push_str(r"\\c"),
            },
            'x' => self.hexadecimal(2, 'x'),
            'u' => match self.rest.next_if_eq(&'{') {
                Some(_) => self.made.push_str(r"\x{"),
                None => self.hexadecimal(4, 'u'),
            },
            'p' | 'P' => {
                self.made.extend(['\\', next]);
                self.made.extend(self.rest.next_if_eq(&'{'));
            }
            's' | 'S' | 'b' | 'B' | 'n' | 'r' | 't' | 'f' | 'v' | 'k' | '1'..='9' => {
                self.made.extend(['\\', next]);
            }
            // Any other character stands for itself.
            other if other.is_ascii_punctuation() && other != '<' && other != '>' => {
                self.made.extend(['\\', other]);
            }
            other => self.made.push(other),
        }
    }

    /// Rewrites a character that is given by its number in so many digits; without them, the letter stands for itself.
    fn hexadecimal(&mut self, digits: usize, letter: char) {
        let text: String = self.rest.clone().take(digits).collect();
        match u32::from_str_radix(&text, 16) {
            Ok(code) if text.len() == digits => {
                self.rest.by_ref().take(digits).for_each(drop);
                self.code(code);
            }
            _ => self.made.push(letter),
        }
    }

    fn code(&mut self, code: u32) {
        // Writing to a string cannot fail.
        let _ = write!(self.made, r"\x{{{code:x}}}");
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn patterns_mean_what_they_mean_in_ecma_script() {
        for (pattern, found, missed) in [
            ("^[-a-zA-Z0-9_]+$", "a-b_1", "a b"),
            (r"^\d+$", "12", "١"),
            (r"^\w+$", "a_1", "é"),
            (r"^[\w.-]+$", "a.b-c", "a b"),
            ("^a.b$", "a-b", "a\rb"),
            ("^a$", "a", "a\n"),
            (r"^\/a\/$", "/a/", "a"),
            (r"^\u00e9\x41\cA$", "\u{e9}A\u{1}", "e"),
            (r"^\u{1F600}$", "\u{1F600}", "x"),
            ("^a{2}$", "aa", "a"),
            ("^{a}$", "{a}", "a"),
            ("^[[&~]+$", "[&~", "a"),
            ("^[^]$", "x", ""),
            ("^(?!-)[a-z-]+$", "a-", "-a"),
            (r"^(?<one>a|b)\k<one>$", "aa", "ab"),
            (r"^\p{Lu}", "É", "é"),
            (r"[\b]", "\u{8}", "b"),
            (r"^a\-b\_c\@$", "a-b_c@", "ab"),
        ] {
            let compiled = Pattern::compile(pattern).unwrap_or_else(|| panic!("{pattern}"));
            assert_eq!(compiled.is_found_in(found), Some(true), "{pattern} {found:?}");
            assert_eq!(compiled.is_found_in(missed), Some(false), "{pattern} {missed:?}");
        }
        for broken in ["(", "[a", "a**", "(?<", "\\"] {
            assert!(Pattern::compile(broken).is_none(), "{broken}");
        }
    }

    #[test]
    fn patterns_that_could_take_forever_are_decided_or_given_up() {
        let long = "a".repeat(50_000) + "b";
        for (pattern, answer) in [
            ("^(a+)+$", Some(false)),
            ("^(a|a)*$", Some(false)),
            ("^(a+)+(?!c)$", Some(false)),
            (r"^(a*)*\1$", None),
        ] {
            let compiled = Pattern::compile(pattern).unwrap_or_else(|| panic!("{pattern}"));
            assert_eq!(compiled.is_found_in(&long), answer, "{pattern}");
        }
        assert!(Pattern::compile("((a{1000}){1000}){1000}").is_none());
    }

    #[test]
    fn a_text_is_refused_with_the_pattern_and_never_by_one_that_is_none() {
        assert_eq!(Pattern::new("^a$").check("a"), Ok(()));
        assert_eq!(Pattern::new("^a$").check("b"), Err("must match ^a$".to_owned()));
        assert_eq!(Pattern::new("(").check("b"), Ok(()));
        let refused = Pattern::new(r"^(a*)*\1$").check(&("a".repeat(50_000) + "b")).unwrap_err();
        assert_eq!(refused, r"takes more than 100000 steps to be compared with ^(a*)*\1$");
    }
}
