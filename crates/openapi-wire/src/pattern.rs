//! Matches patterns of a document, which are regular expressions of ECMA 262, in bounded time.
//!
//! A pattern is written anew for the crate `fancy-regex`: what a finite automaton can decide takes linear time, and what needs
//! lookaround or back references is given up after a number of steps, and for long texts.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::iter::Peekable;
use std::str::Chars;
use std::sync::OnceLock;

use fancy_regex::{Regex, RegexBuilder};

/// The number of steps back after which an answer is no longer looked for.
const STEPS: usize = 100_000;

/// The greatest length in bytes of a text that is held to a pattern that needs lookaround or back references. What it looks
/// around for may be as far as the end of the text, from each place in it.
const LONGEST: usize = 16 << 10;

/// The greatest size of a compiled pattern in bytes.
const SIZE: usize = 1 << 20;

/// Any character that ends no line.
const IN_LINE: &str = r"[^\n\r\x{2028}\x{2029}]";

/// A pattern that texts are held to, compiled once.
#[derive(Debug)]
pub struct Pattern {
    text: Cow<'static, str>,
    compiled: OnceLock<Option<Compiled>>,
}

#[derive(Debug)]
struct Compiled {
    regex: Regex,
    /// `true` if no finite automaton decides it.
    looks_around: bool,
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

    /// Returns a pattern in the syntax of the crate `regex`. What looks around or back stays as it is, which that crate does not
    /// understand.
    #[must_use]
    pub fn rewritten(pattern: &str) -> String {
        Translation::of(pattern).made
    }

    /// Returns `true` if the pattern is found in `text`, or `None` if that takes too many steps to tell.
    #[must_use]
    pub fn is_found_in(&self, text: &str) -> Option<bool> {
        let Some(compiled) = self.compiled.get_or_init(|| compile(&self.text)) else { return Some(true) };
        let is_short = !compiled.looks_around || text.len() <= LONGEST;
        is_short.then(|| compiled.regex.is_match(text).ok()).flatten()
    }

    /// Checks that the pattern is found in `text`.
    ///
    /// # Errors
    /// The rule that the text breaks, if it is not, or if that takes too many steps to tell.
    pub fn check(&self, text: &str) -> Result<(), String> {
        match self.is_found_in(text) {
            Some(true) => Ok(()),
            Some(false) => Err(format!("must match {}", self.text)),
            None => Err(format!("takes too many steps to be compared with {}", self.text)),
        }
    }
}

fn compile(pattern: &str) -> Option<Compiled> {
    let Translation { made, looks_around, .. } = Translation::of(pattern);
    let mut builder = RegexBuilder::new(&made);
    builder.backtrack_limit(STEPS).delegate_size_limit(SIZE).delegate_dfa_size_limit(SIZE);
    Some(Compiled { regex: builder.build().ok()?, looks_around })
}

/// The blanks of ECMA 262, within brackets.
const BLANKS: &str =
    r"\t\n\x0B\x0C\r \x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}";

/// Rewrites a pattern from one syntax into the other.
struct Translation<'p> {
    rest: Peekable<Chars<'p>>,
    made: String,
    /// `true` if there is lookaround, or a back reference.
    looks_around: bool,
}

impl<'p> Translation<'p> {
    fn of(pattern: &'p str) -> Self {
        let made = String::with_capacity(pattern.len());
        let mut translation = Self { rest: pattern.chars().peekable(), made, looks_around: false };
        while let Some(next) = translation.rest.next() {
            match next {
                '\\' => translation.escape(false),
                '[' => translation.class(),
                '(' => translation.group(),
                '.' => translation.made.push_str(IN_LINE),
                '$' => translation.made.push_str(r"\z"),
                '{' if !translation.is_count() => translation.made.push_str(r"\{"),
                ']' => translation.made.push_str(r"\]"),
                other => translation.made.push(other),
            }
        }
        translation
    }

    /// Rewrites the beginning of a group, and sees if it looks around.
    fn group(&mut self) {
        let ahead: String = self.rest.clone().take(3).collect();
        self.looks_around |= ["?=", "?!", "?<=", "?<!"].iter().any(|look| ahead.starts_with(look));
        self.made.push('(');
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
        // The last character, if a range may begin with it.
        let (mut begins_range, mut is_end) = (false, false);
        while let Some(next) = self.rest.next() {
            let is_single = next != '\\' || !self.is_set();
            match next {
                ']' => {
                    self.made.push(']');
                    return;
                }
                '-' if begins_range && self.is_single() => {
                    self.made.push('-');
                    (begins_range, is_end) = (false, true);
                    continue;
                }
                '\\' => self.escape(true),
                '[' | '&' | '~' | '-' => self.made.extend(['\\', next]),
                other => self.made.push(other),
            }
            begins_range = is_single && !is_end;
            is_end = false;
        }
    }

    /// Returns `true` if a letter follows that stands for a set of characters after a backslash.
    fn is_set(&mut self) -> bool {
        self.rest.peek().is_some_and(|letter| "dDwWsSpP".contains(*letter))
    }

    /// Returns `true` if a single character follows that a range can end with.
    fn is_single(&self) -> bool {
        let mut ahead = self.rest.clone();
        match ahead.next() {
            None | Some(']') => false,
            Some('\\') => ahead.next().is_some_and(|letter| !"dDwWsSpP".contains(letter)),
            Some(_) => true,
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
            's' if in_class => self.made.push_str(BLANKS),
            's' => self.made.extend(["[", BLANKS, "]"]),
            'S' => self.made.extend(["[^", BLANKS, "]"]),
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
            'k' | '1'..='9' => {
                self.looks_around = true;
                self.made.extend(['\\', next]);
            }
            'b' | 'B' | 'n' | 'r' | 't' | 'f' | 'v' => self.made.extend(['\\', next]),
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
                let code = self.pair(code).unwrap_or(code);
                self.code(code);
            }
            _ => self.made.push(letter),
        }
    }

    /// Takes the second half of a character that is given as two numbers of UTF-16, and returns the character's.
    fn pair(&mut self, high: u32) -> Option<u32> {
        let text: String = self.rest.clone().take(6).collect();
        let low = u32::from_str_radix(text.strip_prefix("\\u").filter(|low| low.len() == 4)?, 16).ok()?;
        let is_pair = (0xD800..0xDC00).contains(&high) && (0xDC00..0xE000).contains(&low);
        is_pair.then(|| {
            self.rest.by_ref().take(6).for_each(drop);
            0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)
        })
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
            (r"^[+--]+$", "+,-", "."),
            (r"^[.-\d]+$", "1.5-", "/"),
            (r"^[\w-]+$", "a-b", "a.b"),
            (r"^[--a]+$", "-Aa", ","),
            (r"^[a\-z]+$", "a-z", "b"),
            (r"^[\s-x]+$", "x -", "y"),
            (r"^\uD83D\uDE00$", "\u{1F600}", "x"),
            (r"^\s$", "\u{feff}", "\u{85}"),
            (r"^[^\s]$", "\u{85}", "\u{feff}"),
            (r"^\S$", "\u{85}", " "),
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
            ("^(a+)+(?!c)$", None),
            (r"^(a*)*\1$", None),
            (r"(?=.*[A-Z])(?=.*\d).{8,}", None),
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
        assert_eq!(refused, r"takes too many steps to be compared with ^(a*)*\1$");
        assert_eq!(Pattern::new(r"^(a*)*\1$").is_found_in(&("a".repeat(10_000) + "b")), None);
        assert_eq!(Pattern::new(r"^(?=.*\d).{8,}$").check("abcdefg1"), Ok(()));
    }
}
