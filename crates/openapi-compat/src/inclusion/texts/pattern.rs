//! Reads patterns into machines: regular expressions as ECMA-262 has them, without what looks back or to the side.

use openapi_wire::Pattern;
use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

use super::machine::{LAST, Letters, Machine, Place};

/// Places of one pattern.
const MAX_PLACES: usize = 10_000;

/// Groups within groups.
const MAX_LEVELS: u32 = 50;

/// Reads a pattern into the conditions that it is made of, or nothing if it is not understood: what it looks ahead for at
/// its beginning, and the rest.
pub(super) fn read(pattern: &str) -> Option<Vec<Machine>> {
    let mut found = Vec::new();
    let mut rest = pattern.to_owned();
    while let Some((is_found, ahead, behind)) = looked_ahead(&rest) {
        found.push(machine(&format!("^(?:{ahead})"), is_found)?);
        rest = format!("^{behind}");
    }
    found.push(machine(&rest, true)?);
    Some(found)
}

/// Reads the opposite of a pattern, or nothing if it is more than one condition or is not understood.
pub(super) fn read_opposite(pattern: &str) -> Option<Machine> {
    match <[Machine; 1]>::try_from(read(pattern)?).ok()? {
        [Machine::Pattern { places, first, is_found }] => {
            Some(Machine::Pattern { places, first, is_found: !is_found })
        }
        [Machine::Length(_)] => None,
    }
}

/// Splits what a pattern looks ahead for at its beginning from the rest.
fn looked_ahead(pattern: &str) -> Option<(bool, &str, &str)> {
    let rest = pattern.strip_prefix("^(?")?;
    let is_found = match rest.chars().next()? {
        '=' => true,
        '!' => false,
        _ => return None,
    };
    let rest = rest.get(1..)?;
    let (mut level, mut is_escaped, mut is_class) = (0, false, false);
    for (at, letter) in rest.char_indices() {
        match letter {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            ']' => is_class = false,
            _ if is_class => {}
            '[' => is_class = true,
            '(' => level += 1,
            ')' if level == 0 => {
                let behind = rest.get(at + 1..)?;
                // An alternative beside would not look ahead.
                let is_alone =
                    parsed(behind).is_some_and(|hir| !matches!(hir.kind(), HirKind::Alternation(_)));
                return is_alone.then_some((is_found, rest.get(..at)?, behind));
            }
            ')' => level -= 1,
            _ => {}
        }
    }
    None
}

fn parsed(pattern: &str) -> Option<Hir> {
    let mut parser = regex_syntax::ParserBuilder::new().nest_limit(MAX_LEVELS).build();
    parser.parse(&Pattern::rewritten(pattern)).ok()
}

fn machine(pattern: &str, is_found: bool) -> Option<Machine> {
    let mut places = vec![Place::Found];
    let begin = place(&parsed(pattern)?, 0, &mut places)?;
    // It is found wherever it begins.
    let first = places.len();
    places.push(Place::Ways(vec![begin, first + 1]));
    places.push(Place::Letter(vec![(0, LAST)], first));
    Some(Machine::Pattern { places, first, is_found })
}

/// Adds the places of an expression, behind which is `next`. Returns the first of them.
fn place(hir: &Hir, next: usize, places: &mut Vec<Place>) -> Option<usize> {
    match hir.kind() {
        HirKind::Empty => Some(next),
        HirKind::Literal(text) => {
            let letters = std::str::from_utf8(&text.0).ok()?.chars().map(u32::from);
            letters
                .rev()
                .try_fold(next, |next, letter| add(Place::Letter(vec![(letter, letter)], next), places))
        }
        HirKind::Class(class) => add(Place::Letter(letters(class)?, next), places),
        HirKind::Look(Look::Start) => add(Place::Start(next), places),
        HirKind::Look(Look::End) => add(Place::End(next), places),
        HirKind::Look(_) => None,
        HirKind::Capture(capture) => place(&capture.sub, next, places),
        HirKind::Concat(parts) => parts.iter().rev().try_fold(next, |next, part| place(part, next, places)),
        HirKind::Alternation(parts) => {
            let ways: Option<Vec<usize>> = parts.iter().map(|part| place(part, next, places)).collect();
            add(Place::Ways(ways?), places)
        }
        HirKind::Repetition(repetition) => repeated(repetition, next, places),
    }
}

fn add(place: Place, places: &mut Vec<Place>) -> Option<usize> {
    places.push(place);
    (places.len() <= MAX_PLACES).then(|| places.len() - 1)
}

fn repeated(repetition: &Repetition, next: usize, places: &mut Vec<Place>) -> Option<usize> {
    let part = &*repetition.sub;
    let mut end = next;
    if let Some(most) = repetition.max {
        for _ in repetition.min..most {
            let way = place(part, end, places)?;
            end = add(Place::Ways(vec![way, next]), places)?;
        }
    } else {
        let turn = add(Place::Ways(Vec::new()), places)?;
        let way = place(part, turn, places)?;
        *places.get_mut(turn)? = Place::Ways(vec![way, next]);
        end = turn;
    }
    (0..repetition.min).try_fold(end, |end, _| place(part, end, places))
}

/// Returns the letters of a class. Those that end a line are not told apart where all others are meant.
fn letters(class: &Class) -> Option<Letters> {
    const IN_LINE: [(u32, u32); 4] = [(0, 0x09), (0x0B, 0x0C), (0x0E, 0x2027), (0x202A, LAST)];
    let Class::Unicode(class) = class else { return None };
    let letters: Letters = class.ranges().iter().map(|row| (row.start().into(), row.end().into())).collect();
    Some(if letters == IN_LINE { vec![(0, LAST)] } else { letters })
}
