//! Decides whether every text that keeps to some conditions keeps to others: to patterns, and to a length.
//!
//! Each condition is a machine that reads a text letter by letter. All of them read the same texts, and one that keeps to
//! the first conditions and not to the others is searched for, shorter ones first.

mod machine;
mod pattern;

use std::cell::Cell;
use std::collections::{HashSet, VecDeque};

use super::numbers::Count;
use machine::{Machine, State};

/// Texts that match every pattern and have a length.
#[derive(Clone, Debug)]
pub(crate) struct Texts<'a> {
    pub(crate) patterns: Vec<&'a str>,
    /// Patterns that they do not match.
    pub(super) unlike: Vec<&'a str>,
    pub(super) length: Count,
}

/// Sets of states of all machines that are looked at.
const MAX_STATES: usize = 20_000;

/// Places in patterns that are looked at for one question, all states together.
const MAX_WORK: usize = 3_000_000;

/// The number of places in patterns that were looked at.
pub(crate) type Work = Cell<usize>;

/// Returns `true` if no more places are looked at for this question.
pub(super) fn is_spent(work: &Work) -> bool {
    work.get() > MAX_WORK
}

/// The longest length that is counted letter by letter.
const MAX_COUNTED: u64 = 2_000;

impl<'a> Texts<'a> {
    /// Returns the texts in which a pattern is found.
    pub(crate) fn matching(pattern: &'a str) -> Self {
        Texts { patterns: vec![pattern], unlike: Vec::new(), length: Count::default() }
    }

    /// Returns no texts at all.
    pub(super) fn none() -> Self {
        let length = Count { least: 1, most: Some(0) };
        Texts { patterns: Vec::new(), unlike: Vec::new(), length }
    }

    /// Tells whether each of these texts is one of the others, or nothing if that cannot be told.
    pub(crate) fn are_within(&self, others: &Self, work: &Work) -> Option<bool> {
        let is_new = |all: &[&str], pattern: &&&str| !all.contains(pattern);
        let patterns: Vec<&&str> = others.patterns.iter().filter(|one| is_new(&self.patterns, one)).collect();
        let unlike: Vec<&&str> = others.unlike.iter().filter(|one| is_new(&self.unlike, one)).collect();
        let is_counted = !self.length.is_within(others.length);
        if patterns.is_empty() && unlike.is_empty() && !is_counted {
            return Some(true);
        }
        if is_spent(work) {
            return None;
        }
        let mut wanted = Vec::new();
        for pattern in patterns {
            wanted.extend(pattern::read(pattern)?);
        }
        for pattern in unlike {
            wanted.push(pattern::read_opposite(pattern)?);
        }
        if is_counted {
            wanted.push(Machine::length(others.length, MAX_COUNTED)?);
        }
        let unlike = self.unlike.iter().map(|pattern| Some(vec![pattern::read_opposite(pattern)?]));
        let known: Vec<Option<Vec<Machine>>> =
            self.patterns.iter().map(|pattern| pattern::read(pattern)).chain(unlike).collect();
        // Without a pattern that is not understood there are more texts, which may all the same be among the others.
        let is_exact = known.iter().all(Option::is_some);
        let mut known: Vec<Machine> = known.into_iter().flatten().flatten().collect();
        let is_long_enough = |length: u64| Count { least: length, most: Some(length) }.is_within(self.length);
        match witness(&known, &wanted, work)? {
            None => return Some(true),
            Some(length) if is_long_enough(length) => return is_exact.then_some(false),
            Some(_) => {}
        }
        known.push(Machine::length(self.length, MAX_COUNTED)?);
        match witness(&known, &wanted, work)? {
            None => Some(true),
            Some(_) => is_exact.then_some(false),
        }
    }
}

/// Returns the length of a text that `known` accept and `wanted` do not all accept, if there is one. Nothing at all means
/// that there are too many states.
#[allow(clippy::option_option, reason = "both say something else, and neither leaves this module")]
fn witness(known: &[Machine], wanted: &[Machine], work: &Work) -> Option<Option<u64>> {
    let all: Vec<&Machine> = known.iter().chain(wanted).collect();
    let letters = machine::letters(&all);
    let start: Vec<State> = all.iter().map(|machine| machine.start()).collect();
    let mut seen = HashSet::from([start.clone()]);
    let mut open = VecDeque::from([(start, 0)]);
    while let Some((states, length)) = open.pop_front() {
        let mut each = all.iter().zip(&states);
        let is_known = each.by_ref().take(known.len()).all(|(machine, state)| machine.accepts(state));
        if is_known && !each.all(|(machine, state)| machine.accepts(state)) {
            return Some(Some(length));
        }
        for letter in &letters {
            let next: Vec<State> =
                all.iter().zip(&states).map(|(machine, state)| machine.step(state, *letter)).collect();
            work.set(work.get() + next.iter().map(State::size).sum::<usize>());
            if seen.len() > MAX_STATES || is_spent(work) {
                return None;
            }
            let is_lost = known.iter().zip(&next).any(|(machine, state)| machine.is_lost(state));
            if !is_lost && !seen.contains(&next) {
                seen.insert(next.clone());
                open.push_back((next, length + 1));
            }
        }
    }
    Some(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(one: &str, other: &str) -> Option<bool> {
        Texts::matching(one).are_within(&Texts::matching(other), &Work::default())
    }

    #[test]
    fn patterns_of_the_same_texts_are_the_same() {
        for (one, other) in [
            ("^[0-9]+$", r"^\d+$"),
            ("^(ab)c$", "^abc$"),
            ("^(?:a|b)$", "^[ba]$"),
            ("^[a-z-]$", r"^[\-a-z]$"),
            ("^a", "^a.*$"),
            ("abc", "^.*abc.*$"),
            ("^a{2,3}$", "^aaa?$"),
            ("^(a|ab)(c|bcd)?$", "^(a(c|bcd)?|ab(c|bcd)?)$"),
            (r"^\u0061$", r"^\x61$"),
            ("^(?!b)[a-c]$", "^[ac]$"),
            ("^(?=.{2}$)a*$", "^aa$"),
            ("^(a*)*$", "^a*$"),
        ] {
            assert_eq!((within(one, other), within(other, one)), (Some(true), Some(true)), "{one} {other}");
        }
    }

    #[test]
    fn a_pattern_lies_within_a_wider_one() {
        for (narrow, wide) in [
            ("^[a-z0-8]+$", "^[a-z0-9]+$"),
            ("^[A-Za-z0-9]+$", r"^\w+$"),
            ("^[a-z]{1,63}$", "^[a-z]{1,64}$"),
            ("^abc$", "abc"),
            ("^[^/?]+$", "^[^/]+$"),
            ("^(?!admin)[a-z]+$", "^[a-z]+$"),
            (r"^\S+$", "^.+$"),
            ("^https://", "^https?://"),
            ("^a", ""),
        ] {
            assert_eq!(
                (within(narrow, wide), within(wide, narrow)),
                (Some(true), Some(false)),
                "{narrow} {wide}"
            );
        }
    }

    #[test]
    fn the_length_of_texts_counts() {
        let texts = |pattern: &'static str, least, most| Texts {
            length: Count { least, most },
            ..Texts::matching(pattern)
        };
        let (long, short) = (texts("^[a-z]+$", 0, Some(5)), texts("^[a-z]{1,5}$", 0, None));
        assert_eq!(
            (long.are_within(&short, &Work::default()), short.are_within(&long, &Work::default())),
            (Some(true), Some(true))
        );
        assert_eq!(
            texts("^a*$", 0, Some(9)).are_within(&texts("^a{0,8}$", 0, None), &Work::default()),
            Some(false)
        );
        assert_eq!(texts("^a{3}$", 0, None).are_within(&texts("", 3, Some(3)), &Work::default()), Some(true));
    }

    #[test]
    fn what_is_not_understood_is_not_told() {
        for pattern in [r"^(a)\1$", r"\bword", "(?<=a)b", "a(?=b)", "[z-a]", "(", "a{99999}"] {
            assert_eq!(within("^a$", pattern), None, "{pattern}");
        }
        // There are too many states of this one.
        assert_eq!(within("(a|b)*a(a|b){40}", "(a|b)*a(a|b){41}b"), None);
    }
}
