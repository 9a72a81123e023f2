//! Machines that read texts letter by letter: one that finds a pattern, and one that counts.

use std::collections::BTreeSet;

use crate::inclusion::numbers::Count;

/// Letters, by the first and the last of each row.
pub(super) type Letters = Vec<(u32, u32)>;

/// The last letter that there is.
pub(super) const LAST: u32 = 0x10_FFFF;

/// A place in a pattern, and what leads on from it.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// One of some letters.
    Letter(Letters, usize),
    /// Several ways.
    Ways(Vec<usize>),
    /// The beginning of the text.
    Start(usize),
    /// The end of the text.
    End(usize),
    /// The pattern is found.
    Found,
}

/// One condition on texts.
#[derive(Clone, Debug)]
pub(super) enum Machine {
    /// The pattern is found in the text, or is not.
    Pattern { places: Vec<Place>, first: usize, is_found: bool },
    /// The text has so many letters.
    Length(Count),
}

/// The knowledge that a machine has of the text that it has read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum State {
    /// The places that are reached, and whether nothing was read yet.
    Places(BTreeSet<usize>, bool),
    Length(u64),
}

impl State {
    pub(super) fn size(&self) -> usize {
        match self {
            State::Places(places, _) => places.len() + 1,
            State::Length(_) => 1,
        }
    }
}

impl Machine {
    /// Returns a machine that counts, unless it would have to count beyond `most`.
    pub(super) fn length(count: Count, most: u64) -> Option<Self> {
        (count.least.max(count.most.unwrap_or(0)) <= most).then_some(Machine::Length(count))
    }

    pub(super) fn start(&self) -> State {
        match self {
            Machine::Pattern { places, first, .. } => {
                State::Places(reached(places, vec![*first], (true, false)), true)
            }
            Machine::Length(_) => State::Length(0),
        }
    }

    pub(super) fn step(&self, state: &State, letter: u32) -> State {
        match (self, state) {
            (Machine::Pattern { places, .. }, State::Places(known, _)) => {
                if is_found(places, known) {
                    return State::Places(known.clone(), false);
                }
                let next = known.iter().filter_map(|place| match places.get(*place)? {
                    Place::Letter(letters, next) => {
                        let is_one = letters.iter().any(|(from, to)| (*from..=*to).contains(&letter));
                        is_one.then_some(*next)
                    }
                    _ => None,
                });
                let next = reached(places, next.collect(), (false, false));
                // Once it is found, nothing else matters.
                let found = next.iter().find(|place| matches!(places.get(**place), Some(Place::Found)));
                match found {
                    Some(found) => State::Places([*found].into(), false),
                    None => State::Places(next, false),
                }
            }
            (Machine::Length(count), State::Length(length)) => {
                // Beyond what is asked for, all lengths are alike.
                State::Length((length + 1).min(count.least.max(count.most.map_or(0, |most| most + 1))))
            }
            (_, state) => state.clone(),
        }
    }

    /// Tells whether a text that ends here keeps to the condition.
    pub(super) fn accepts(&self, state: &State) -> bool {
        match (self, state) {
            (Machine::Pattern { places, is_found: wanted, .. }, State::Places(known, is_first)) => {
                let at_end = reached(places, known.iter().copied().collect(), (*is_first, true));
                is_found(places, &at_end) == *wanted
            }
            (Machine::Length(count), State::Length(length)) => {
                *length >= count.least && count.most.is_none_or(|most| *length <= most)
            }
            _ => false,
        }
    }

    /// Tells whether no text that begins like this keeps to the condition.
    pub(super) fn is_lost(&self, state: &State) -> bool {
        match (self, state) {
            (Machine::Pattern { places, is_found: wanted, .. }, State::Places(known, _)) => {
                if *wanted {
                    known.is_empty()
                } else {
                    is_found(places, known)
                }
            }
            (Machine::Length(count), State::Length(length)) => count.most.is_some_and(|most| *length > most),
            _ => false,
        }
    }
}

fn is_found(places: &[Place], known: &BTreeSet<usize>) -> bool {
    known.iter().any(|place| matches!(places.get(*place), Some(Place::Found)))
}

/// Returns the places that are reached without reading: those that read, and ends that are not reached yet.
fn reached(places: &[Place], from: Vec<usize>, (at_start, at_end): (bool, bool)) -> BTreeSet<usize> {
    let (mut found, mut seen, mut open) = (BTreeSet::new(), BTreeSet::new(), from);
    while let Some(place) = open.pop() {
        if !seen.insert(place) {
            continue;
        }
        match places.get(place) {
            Some(Place::Ways(ways)) => open.extend(ways),
            Some(Place::Start(next)) if at_start => open.push(*next),
            Some(Place::End(next)) if at_end => open.push(*next),
            Some(Place::Start(_)) | None => {}
            Some(Place::Letter(..) | Place::End(_) | Place::Found) => {
                found.insert(place);
            }
        }
    }
    found
}

/// Returns one letter for all that no machine tells apart.
pub(super) fn letters(machines: &[&Machine]) -> Vec<u32> {
    let mut first = BTreeSet::from([u32::from('a')]);
    for machine in machines {
        let Machine::Pattern { places, .. } = machine else { continue };
        for place in places {
            if let Place::Letter(letters, _) = place {
                first.extend(letters.iter().flat_map(|(from, to)| [*from, to + 1]));
            }
        }
    }
    first.into_iter().filter(|letter| *letter <= LAST).collect()
}
