//! Paths with wildcards: `*` stands for any text without a slash, `**` for any text.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A path below the base path, perhaps with wildcards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Pattern(String);

/// A part of a pattern or of a path template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// This character.
    One(char),
    /// Any character but a slash.
    Any,
    /// Any text without a slash.
    Segment,
    /// Any text.
    Text,
}

impl Token {
    fn is_text(self) -> bool {
        matches!(self, Self::Segment | Self::Text)
    }

    /// Returns `true` if both can stand for the same character.
    fn shares(self, other: Self) -> bool {
        match (self, other) {
            (Self::One(one), Self::One(other)) => one == other,
            (Self::One('/'), token) | (token, Self::One('/')) => token == Self::Text,
            _ => true,
        }
    }
}

impl Pattern {
    pub(crate) fn new(pattern: impl Into<String>) -> Self {
        Self(pattern.into())
    }

    /// Returns `true` if requests can have such a path.
    pub(crate) fn is_path(&self) -> bool {
        self.0.starts_with(['/', '*']) && !self.0.contains(['?', '#'])
    }

    /// Returns the only path there is, if it has no wildcards.
    pub(crate) fn as_literal(&self) -> Option<&str> {
        (!self.0.contains('*')).then_some(self.0.as_str())
    }

    /// Returns `true` if a path fits.
    pub(crate) fn fits(&self, path: &str) -> bool {
        match self.as_literal() {
            Some(literal) => literal == path,
            None => meet(&self.tokens(), &path.chars().map(Token::One).collect::<Vec<_>>()),
        }
    }

    /// Returns `true` if a path of this template can fit.
    pub(crate) fn meets(&self, template: &str) -> bool {
        let (mut tokens, mut rest) = (Vec::new(), template);
        while let Some((before, after)) = rest.split_once('{') {
            tokens.extend(before.chars().map(Token::One));
            // A variable has at least one character.
            tokens.extend([Token::Any, Token::Segment]);
            rest = after.split_once('}').map_or("", |(_, rest)| rest);
        }
        tokens.extend(rest.chars().map(Token::One));
        meet(&self.tokens(), &tokens)
    }

    fn tokens(&self) -> Vec<Token> {
        let mut tokens = Vec::<Token>::new();
        for letter in self.0.chars() {
            match (letter, tokens.last_mut()) {
                ('*', Some(last)) if last.is_text() => *last = Token::Text,
                ('*', _) => tokens.push(Token::Segment),
                (letter, _) => tokens.push(Token::One(letter)),
            }
        }
        tokens
    }
}

/// Returns `true` if there is a text that both stand for.
fn meet(left: &[Token], right: &[Token]) -> bool {
    // One row says for each end of `right` whether it meets the end of `left` that is looked at.
    let mut below: Vec<bool> = Vec::new();
    for start in (0..=left.len()).rev() {
        let mut row = vec![false; right.len() + 1];
        for other in (0..=right.len()).rev() {
            let skips = |token: Option<&Token>| token.copied().is_some_and(Token::is_text);
            let (one, another) = (left.get(start), right.get(other));
            let beside = || row.get(other + 1).copied().unwrap_or(false);
            let under = |at: usize| below.get(at).copied().unwrap_or(false);
            row[other] = match (one, another) {
                (None, None) => true,
                // Text may be empty, or take one character of the other and go on.
                _ if skips(one) && under(other) => true,
                _ if skips(another) && beside() => true,
                (Some(one), Some(another)) if one.shares(*another) => {
                    match (one.is_text(), another.is_text()) {
                        (false, false) => under(other + 1),
                        (true, false) => beside(),
                        (false, true) => under(other),
                        (true, true) => false,
                    }
                }
                _ => false,
            };
        }
        below = row;
    }
    below.first().copied().unwrap_or(false)
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_text_within_a_segment_and_two_for_any() {
        for (pattern, path, fits) in [
            ("/pets/", "/pets/", true),
            ("/pets/", "/pets/rex/", false),
            ("/pets/*/", "/pets/rex/", true),
            ("/pets/*/", "/pets//", true),
            ("/pets/*/", "/pets/rex/toys/", false),
            ("/pets/**", "/pets/rex/toys/", true),
            ("/*/r*x/", "/pets/rex/", true),
            ("/*/r*x/", "/pets/max/", false),
            ("**", "/", true),
            ("/a**z", "/az", true),
            ("/a*b*c", "/aXbYbc", true),
        ] {
            assert_eq!(Pattern::new(pattern).fits(path), fits, "{pattern} {path}");
        }
    }

    #[test]
    fn a_template_is_met_if_one_of_its_paths_fits() {
        for (pattern, template, meets) in [
            ("/pets/*/", "/pets/{name}/", true),
            ("/pets/*/", "/pets/", false),
            ("/*/", "/pets/", true),
            ("/*/x*/", "/pets/{name}/", true),
            ("/*/x*/", "/pets/{name}/toys/", false),
            ("/**/toys/", "/pets/{name}/toys/", true),
            ("/p*/*.json", "/pets/{name}.json", true),
            ("/p*/*.json", "/pets/{name}.xml", false),
            ("/pets/*", "/pets/{name}/", false),
        ] {
            assert_eq!(Pattern::new(pattern).meets(template), meets, "{pattern} {template}");
        }
    }
}
