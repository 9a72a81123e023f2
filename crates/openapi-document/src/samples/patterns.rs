//! Texts that match a regular expression, for the plain ones: letters, classes, groups, alternatives and repetitions.
//!
//! A text may still not match, because of what is skipped here; whoever uses it checks.

use std::iter::Peekable;
use std::str::Chars;

/// Returns texts that probably match `pattern`: a short one and one with more repetitions, for each alternative.
pub(super) fn matching(pattern: &str) -> Vec<String> {
    let turns = [(0, 0), (1, 0), (2, 1), (5, 2), (0, 1), (0, 2)];
    let made = turns.map(|(more, turn)| {
        let mut reader = Reader { rest: pattern.chars().peekable(), more, turn };
        reader.alternatives(0)
    });
    made.into_iter().flatten().collect()
}

/// The longest text that is made.
const MAX_LENGTH: usize = 300;
/// Groups within groups.
const MAX_LEVELS: usize = 20;

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    /// The number of repetitions beyond the least that are required.
    more: usize,
    /// The number of the alternative that is taken.
    turn: usize,
}

impl Reader<'_> {
    /// Reads alternatives up to the end of their group, and makes a text of one of them.
    fn alternatives(&mut self, level: usize) -> Option<String> {
        let mut texts = vec![String::new()];
        loop {
            let atom = match self.rest.peek().copied() {
                None | Some(')') => break,
                Some('|') => {
                    self.rest.next();
                    texts.push(String::new());
                    continue;
                }
                Some(_) => self.atom(level)?,
            };
            let (least, most) = self.quantifier()?;
            let times = least.saturating_add(self.more).min(most);
            let text = texts.last_mut()?;
            for _ in 0..times {
                text.push_str(&atom);
            }
            if text.len() > MAX_LENGTH {
                return None;
            }
        }
        let turn = self.turn.checked_rem(texts.len())?;
        texts.into_iter().nth(turn)
    }

    fn atom(&mut self, level: usize) -> Option<String> {
        match self.rest.next()? {
            '^' | '$' => Some(String::new()),
            '.' => Some("a".to_owned()),
            '[' => self.class().map(String::from),
            '\\' => {
                let letter = self.rest.next()?;
                if letter == 'b' { Some(String::new()) } else { Self::escaped(letter).map(String::from) }
            }
            '(' => {
                if level >= MAX_LEVELS {
                    return None;
                }
                if self.rest.next_if_eq(&'?').is_some() && self.rest.next()? != ':' {
                    // What only looks ahead or behind is not solved.
                    return None;
                }
                let text = self.alternatives(level + 1)?;
                self.rest.next_if_eq(&')')?;
                Some(text)
            }
            letter => Some(letter.to_string()),
        }
    }

    fn escaped(letter: char) -> Option<char> {
        Some(match letter {
            'd' => '7',
            'w' | 'D' | 'S' => 'a',
            's' | 'W' => ' ',
            't' => '\t',
            'n' => '\n',
            'r' => '\r',
            'p' | 'P' | 'u' | 'x' | 'k' | '1'..='9' => return None,
            other => other,
        })
    }

    /// Reads a class, and takes one of its letters.
    fn class(&mut self) -> Option<char> {
        let negated = self.rest.next_if_eq(&'^').is_some();
        let mut ranges: Vec<(char, char)> = Vec::new();
        loop {
            let first = match self.rest.next()? {
                ']' => break,
                '\\' => {
                    let letter = self.rest.next()?;
                    match letter {
                        'd' => ranges.push(('0', '9')),
                        'w' => ranges.extend([('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')]),
                        's' => ranges.push((' ', ' ')),
                        _ => {}
                    }
                    if matches!(letter, 'd' | 'w' | 's') {
                        continue;
                    }
                    Self::escaped(letter)?
                }
                letter => letter,
            };
            let mut last = first;
            if self.rest.peek() == Some(&'-') {
                self.rest.next();
                match self.rest.peek().copied() {
                    Some(']') => ranges.push(('-', '-')),
                    _ => {
                        last = match self.rest.next()? {
                            '\\' => {
                                let letter = self.rest.next()?;
                                Self::escaped(letter)?
                            }
                            letter => letter,
                        };
                    }
                }
            }
            ranges.push((first, last));
        }
        if negated {
            let is_free =
                |letter: &char| !ranges.iter().any(|(first, last)| (first..=last).contains(&letter));
            return "a0-_ A.é".chars().find(is_free);
        }
        ranges.get(self.turn.checked_rem(ranges.len())?).map(|(first, _)| *first)
    }

    /// Reads how often what comes before is repeated, at least and at most.
    fn quantifier(&mut self) -> Option<(usize, usize)> {
        let bounds = match self.rest.peek().copied() {
            Some('*') => (0, usize::MAX),
            Some('+') => (1, usize::MAX),
            Some('?') => (0, 1),
            Some('{') => {
                self.rest.next();
                let mut text = String::new();
                while let Some(letter) = self.rest.next_if(|letter| *letter != '}') {
                    text.push(letter);
                }
                let (least, most) = text.split_once(',').unwrap_or((&text, &text));
                let most = if most.is_empty() { usize::MAX } else { most.parse().ok()? };
                (least.parse().ok()?, most)
            }
            _ => return Some((1, 1)),
        };
        self.rest.next();
        self.rest.next_if_eq(&'?');
        Some(bounds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_patterns_are_matched() {
        for pattern in [
            "^[a-z0-9_-]+$",
            r"^\d{3}-\w{2,5}$",
            "^(cat|dog)s?$",
            r"^#[0-9A-Fa-f]{6}$",
            r"^v\d+\.\d+(\.\d+)?$",
            "^(?:a|b){2}[^a-z]$",
            r"^https?://[^\s/$.?#].[^\s]*$",
        ] {
            let compiled = openapi_wire::Pattern::compile(pattern).unwrap();
            let texts = matching(pattern);
            assert!(
                texts.iter().any(|text| compiled.is_found_in(text) == Some(true)),
                "{pattern}: {texts:?}"
            );
        }
    }

    #[test]
    fn patterns_that_are_none_or_not_plain_are_given_up() {
        for pattern in ["(?=a)", "[", "(", r"\p{L}", "a{", r"(a)\1", "a{1000}"] {
            assert!(matching(pattern).iter().all(String::is_empty), "{pattern}: {:?}", matching(pattern));
        }
        assert_eq!(matching(&"(".repeat(100_000)), Vec::<String>::new());
    }
}
