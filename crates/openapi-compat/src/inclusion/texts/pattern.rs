//! Reads patterns into machines: regular expressions as ECMA-262 has them, without what looks back or to the side.

use std::iter::Peekable;
use std::str::Chars;

use super::machine::{LAST, Letters, Machine, Place};

/// Places of one pattern.
const MAX_PLACES: usize = 10_000;

/// Groups within groups.
const MAX_LEVELS: usize = 50;

/// A part of a pattern.
#[derive(Clone, Debug)]
enum Part {
    Start,
    End,
    Letter(Letters),
    Row(Vec<Part>),
    OneOf(Vec<Part>),
    Repeated(Box<Part>, u32, Option<u32>),
}

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
                let is_alone = Reader::of(behind).all(0).is_some_and(|part| !matches!(part, Part::OneOf(_)));
                return is_alone.then_some((is_found, rest.get(..at)?, behind));
            }
            ')' => level -= 1,
            _ => {}
        }
    }
    None
}

fn machine(pattern: &str, is_found: bool) -> Option<Machine> {
    let mut reader = Reader::of(pattern);
    let part = reader.all(0)?;
    if reader.rest.next().is_some() {
        return None;
    }
    let mut places = vec![Place::Found];
    let begin = place(&part, 0, &mut places)?;
    // It is found wherever it begins.
    let first = places.len();
    places.push(Place::Ways(vec![begin, first + 1]));
    places.push(Place::Letter(vec![(0, LAST)], first));
    Some(Machine::Pattern { places, first, is_found })
}

/// Adds the places of a part, behind which is `next`. Returns the first of them.
fn place(part: &Part, next: usize, places: &mut Vec<Place>) -> Option<usize> {
    let add = |place: Place, places: &mut Vec<Place>| {
        places.push(place);
        (places.len() <= MAX_PLACES).then(|| places.len() - 1)
    };
    match part {
        Part::Start => add(Place::Start(next), places),
        Part::End => add(Place::End(next), places),
        Part::Letter(letters) => add(Place::Letter(letters.clone(), next), places),
        Part::Row(parts) => parts.iter().rev().try_fold(next, |next, part| place(part, next, places)),
        Part::OneOf(parts) => {
            let ways: Option<Vec<usize>> = parts.iter().map(|part| place(part, next, places)).collect();
            add(Place::Ways(ways?), places)
        }
        Part::Repeated(part, least, most) => {
            let mut end = next;
            if let Some(most) = most {
                for _ in *least..*most {
                    let way = place(part, end, places)?;
                    end = add(Place::Ways(vec![way, next]), places)?;
                }
            } else {
                let turn = add(Place::Ways(Vec::new()), places)?;
                let way = place(part, turn, places)?;
                *places.get_mut(turn)? = Place::Ways(vec![way, next]);
                end = turn;
            }
            for _ in 0..*least {
                end = place(part, end, places)?;
            }
            Some(end)
        }
    }
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
}

impl<'a> Reader<'a> {
    fn of(pattern: &'a str) -> Self {
        Reader { rest: pattern.chars().peekable() }
    }

    /// Reads alternatives up to the end of their group.
    fn all(&mut self, level: usize) -> Option<Part> {
        let mut all = vec![Vec::new()];
        while let Some(letter) = self.rest.peek().copied() {
            match letter {
                ')' => break,
                '|' => {
                    self.rest.next();
                    all.push(Vec::new());
                }
                _ => {
                    let part = self.part(level)?;
                    let part = self.repeated(part)?;
                    all.last_mut()?.push(part);
                }
            }
        }
        let mut rows: Vec<Part> = all.into_iter().map(Part::Row).collect();
        if rows.len() == 1 { rows.pop() } else { Some(Part::OneOf(rows)) }
    }

    fn part(&mut self, level: usize) -> Option<Part> {
        Some(match self.rest.next()? {
            '^' => Part::Start,
            '$' => Part::End,
            // Line breaks, of which it is none, are not told apart from other letters.
            '.' => Part::Letter(vec![(0, LAST)]),
            '[' => Part::Letter(self.class()?),
            '(' if level < MAX_LEVELS => self.group(level)?,
            '\\' => Part::Letter(self.escaped()?),
            '(' | '*' | '+' | '?' => return None,
            letter => Part::Letter(vec![(letter.into(), letter.into())]),
        })
    }

    fn group(&mut self, level: usize) -> Option<Part> {
        if self.rest.next_if_eq(&'?').is_some() {
            match self.rest.next()? {
                ':' => {}
                '<' if self.rest.peek().is_some_and(|letter| letter.is_alphabetic() || *letter == '_') => {
                    self.rest.by_ref().find(|letter| *letter == '>')?;
                }
                _ => return None,
            }
        }
        let part = self.all(level + 1)?;
        self.rest.next_if_eq(&')')?;
        Some(part)
    }

    /// Reads how often a part is repeated.
    fn repeated(&mut self, part: Part) -> Option<Part> {
        let (least, most) = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => {
                let ahead: String = self.rest.clone().skip(1).take_while(|letter| *letter != '}').collect();
                let Some(bounds) = bounds(&ahead) else { return Some(part) };
                self.rest.nth(ahead.len());
                bounds
            }
            _ => return Some(part),
        };
        self.rest.next();
        // The shortest repetition is found where the longest is.
        self.rest.next_if_eq(&'?');
        let is_repeatable = !matches!(part, Part::Start | Part::End);
        (is_repeatable && most.is_none_or(|most| least <= most))
            .then(|| Part::Repeated(Box::new(part), least, most))
    }

    fn class(&mut self) -> Option<Letters> {
        let is_inverted = self.rest.next_if_eq(&'^').is_some();
        let mut letters = Letters::new();
        loop {
            let first = match self.rest.next()? {
                ']' => break,
                '\\' => self.escaped_in_class()?,
                letter => vec![(letter.into(), letter.into())],
            };
            let single = |letters: &Letters| match letters.as_slice() {
                [(from, to)] if from == to => Some(*from),
                _ => None,
            };
            let mut ahead = self.rest.clone();
            let is_row = ahead.next() == Some('-') && ahead.next().is_some_and(|letter| letter != ']');
            match single(&first).filter(|_| is_row) {
                Some(from) => {
                    self.rest.next();
                    let last = match self.rest.next()? {
                        '\\' => self.escaped_in_class()?,
                        letter => vec![(letter.into(), letter.into())],
                    };
                    match single(&last) {
                        Some(to) if from <= to => letters.push((from, to)),
                        Some(_) => return None,
                        None => {
                            letters.extend(first);
                            letters.push(('-'.into(), '-'.into()));
                            letters.extend(last);
                        }
                    }
                }
                None => letters.extend(first),
            }
        }
        Some(if is_inverted { others(&letters) } else { letters })
    }

    fn escaped_in_class(&mut self) -> Option<Letters> {
        if self.rest.next_if_eq(&'b').is_some() {
            return Some(vec![(8, 8)]);
        }
        self.escaped()
    }

    fn escaped(&mut self) -> Option<Letters> {
        let letter = self.rest.next()?;
        let one = |letter: u32| Some(vec![(letter, letter)]);
        match letter {
            'd' => Some(digits()),
            'D' => Some(others(&digits())),
            'w' => Some(words()),
            'W' => Some(others(&words())),
            's' => Some(spaces()),
            'S' => Some(others(&spaces())),
            'n' => one(0x0A),
            'r' => one(0x0D),
            't' => one(0x09),
            'f' => one(0x0C),
            'v' => one(0x0B),
            'x' => one(self.code(2)?),
            'u' if self.rest.next_if_eq(&'{').is_some() => {
                let code: String = self.rest.by_ref().take_while(|letter| *letter != '}').collect();
                one(u32::from_str_radix(&code, 16).ok().filter(|code| *code <= LAST)?)
            }
            'u' => one(self.code(4)?),
            letter if letter.is_ascii_alphanumeric() => None,
            letter => one(letter.into()),
        }
    }

    /// Reads a letter by its number.
    fn code(&mut self, digits: usize) -> Option<u32> {
        let code: String = self.rest.by_ref().take(digits).collect();
        (code.len() == digits).then(|| u32::from_str_radix(&code, 16).ok())?
    }
}

/// Reads the bounds of a repetition: `2`, `2,` or `2,3`.
fn bounds(written: &str) -> Option<(u32, Option<u32>)> {
    match written.split_once(',') {
        None => written.parse().ok().map(|times| (times, Some(times))),
        Some((least, "")) => Some((least.parse().ok()?, None)),
        Some((least, most)) => Some((least.parse().ok()?, Some(most.parse().ok()?))),
    }
}

fn digits() -> Letters {
    vec![('0'.into(), '9'.into())]
}

fn words() -> Letters {
    [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')].map(|(from, to)| (from.into(), to.into())).into()
}

fn spaces() -> Letters {
    let rows = [(0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A)];
    let others = [(0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF)];
    rows.into_iter().chain(others).collect()
}

/// Returns the letters that are none of these.
fn others(letters: &Letters) -> Letters {
    let mut sorted = letters.clone();
    sorted.sort_unstable();
    let (mut found, mut next) = (Letters::new(), 0);
    for (from, to) in sorted {
        if from > next {
            found.push((next, from - 1));
        }
        next = next.max(to + 1);
    }
    if next <= LAST {
        found.push((next, LAST));
    }
    found
}
