//! Bounds of texts, lists, objects and numbers, as a table: each is an upper or a lower one.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use super::change_log::ChangeLog;
use super::node::{Both, Node};
use super::rule::Rule;
use super::rules::{
    MAX_ITEMS_LOWERED, MAX_ITEMS_RAISED, MAX_LENGTH_LOWERED, MAX_LENGTH_RAISED, MAX_PROPERTIES_LOWERED,
    MAX_PROPERTIES_RAISED, MAXIMUM_EXCLUDED, MAXIMUM_INCLUDED, MAXIMUM_LOWERED, MAXIMUM_RAISED,
    MIN_ITEMS_LOWERED, MIN_ITEMS_RAISED, MIN_LENGTH_LOWERED, MIN_LENGTH_RAISED, MIN_PROPERTIES_LOWERED,
    MIN_PROPERTIES_RAISED, MINIMUM_EXCLUDED, MINIMUM_INCLUDED, MINIMUM_LOWERED, MINIMUM_RAISED,
};
use super::subject::Subject;
use super::value_constraints::declaring;

struct Bound {
    keyword: &'static str,
    side: Side,
    /// The unit that the number counts, as in "50 characters".
    unit: &'static str,
    tightened: &'static Rule,
    relaxed: &'static Rule,
    exclusion: Option<Exclusion>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Upper,
    Lower,
}

/// The same bound where it is itself excluded.
struct Exclusion {
    keyword: &'static str,
    excluded: &'static Rule,
    included: &'static Rule,
}

const fn upper(keyword: &'static str, unit: &'static str, rules: (&'static Rule, &'static Rule)) -> Bound {
    Bound { keyword, side: Side::Upper, unit, tightened: rules.0, relaxed: rules.1, exclusion: None }
}

const fn lower(keyword: &'static str, unit: &'static str, rules: (&'static Rule, &'static Rule)) -> Bound {
    Bound { side: Side::Lower, ..upper(keyword, unit, rules) }
}

static BOUNDS: [Bound; 8] = [
    upper("maxLength", " characters", (&MAX_LENGTH_LOWERED, &MAX_LENGTH_RAISED)),
    lower("minLength", " characters", (&MIN_LENGTH_RAISED, &MIN_LENGTH_LOWERED)),
    upper("maxItems", " items", (&MAX_ITEMS_LOWERED, &MAX_ITEMS_RAISED)),
    lower("minItems", " items", (&MIN_ITEMS_RAISED, &MIN_ITEMS_LOWERED)),
    upper("maxProperties", " properties", (&MAX_PROPERTIES_LOWERED, &MAX_PROPERTIES_RAISED)),
    lower("minProperties", " properties", (&MIN_PROPERTIES_RAISED, &MIN_PROPERTIES_LOWERED)),
    Bound {
        exclusion: Some(Exclusion {
            keyword: "exclusiveMaximum",
            excluded: &MAXIMUM_EXCLUDED,
            included: &MAXIMUM_INCLUDED,
        }),
        ..upper("maximum", "", (&MAXIMUM_LOWERED, &MAXIMUM_RAISED))
    },
    Bound {
        exclusion: Some(Exclusion {
            keyword: "exclusiveMinimum",
            excluded: &MINIMUM_EXCLUDED,
            included: &MINIMUM_INCLUDED,
        }),
        ..lower("minimum", "", (&MINIMUM_RAISED, &MINIMUM_LOWERED))
    },
];

pub(super) fn compare(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    for bound in &BOUNDS {
        let (old, new) = (bound.limit(&pair.old), bound.limit(&pair.new));
        let member = pair.get(bound.keyword_of(new.or(old)));
        let Some(tighter) = bound.is_tighter(old, new) else {
            if let (Some(old), Some(new), Some(exclusion)) = (old, new, &bound.exclusion) {
                excluded(log, pair, subject, (bound, exclusion), (old, new));
            }
            continue;
        };
        let rule = if tighter { bound.tightened } else { bound.relaxed };
        log.record(rule, declaring(&member), subject, bound.text(old, new));
    }
}

fn excluded(
    log: &mut ChangeLog,
    pair: &Both<'_>,
    subject: &Subject,
    (bound, exclusion): (&Bound, &Exclusion),
    (old, new): (Limit<'_>, Limit<'_>),
) {
    let (member, limit) = (pair.get(bound.keyword_of(Some(new))), new.number);
    match (old.excluded, new.excluded) {
        (false, true) => {
            log.record(
                exclusion.excluded,
                declaring(&member),
                subject,
                format!("may no longer be {limit} itself"),
            );
        }
        (true, false) => {
            log.record(exclusion.included, declaring(&member), subject, format!("may be {limit} itself"));
        }
        _ => {}
    }
}

/// A bound as it is written, and whether it is itself excluded.
#[derive(Clone, Copy)]
struct Limit<'a> {
    number: &'a Number,
    excluded: bool,
}

impl Bound {
    /// Returns the bound, unless it is implied: a length cannot be below 0.
    fn limit<'a>(&self, node: &Node<'a>) -> Option<Limit<'a>> {
        let number =
            |keyword: &str| node.value.and_then(|value| value.get(keyword)).and_then(Value::as_number);
        let beyond = self.exclusion.as_ref().and_then(|exclusion| number(exclusion.keyword));
        let (number, excluded) = match beyond {
            Some(number) => (number, true),
            None => (number(self.keyword)?, false),
        };
        let counted = !self.unit.is_empty();
        let says_something = self.side == Side::Upper || !counted || number.as_f64() > Some(0.0);
        says_something.then_some(Limit { number, excluded })
    }

    /// Returns the keyword that states `limit`.
    fn keyword_of(&self, limit: Option<Limit<'_>>) -> &'static str {
        let exclusion = self.exclusion.as_ref().filter(|_| limit.is_some_and(|limit| limit.excluded));
        exclusion.map_or(self.keyword, |exclusion| exclusion.keyword)
    }

    /// Returns `true` if the new bound is the tighter one, and `None` if both are the same.
    fn is_tighter(&self, old: Option<Limit<'_>>, new: Option<Limit<'_>>) -> Option<bool> {
        match (old, new) {
            (None, Some(_)) => Some(true),
            (Some(_), None) => Some(false),
            (Some(old), Some(new)) => match compared(old.number, new.number)? {
                Ordering::Less => Some(self.side == Side::Lower),
                Ordering::Greater => Some(self.side == Side::Upper),
                Ordering::Equal => None,
            },
            (None, None) => None,
        }
    }

    fn text(&self, old: Option<Limit<'_>>, new: Option<Limit<'_>>) -> String {
        let unit = self.unit;
        let words = |limit: Limit<'_>| {
            let most = match (self.side, limit.excluded) {
                (Side::Upper, false) => "at most",
                (Side::Lower, false) => "at least",
                (Side::Upper, true) => "less than",
                (Side::Lower, true) => "more than",
            };
            format!("{most} {}{unit}", limit.number)
        };
        let verb = match (self.side, unit.is_empty()) {
            (Side::Upper, true) => "may be",
            (Side::Upper, false) => "may have",
            (Side::Lower, true) => "must be",
            (Side::Lower, false) => "must have",
        };
        match (old, new) {
            (Some(old), Some(new)) if old.excluded == new.excluded => {
                format!("{verb} {}, no longer {}", words(new), old.number)
            }
            (Some(old), Some(new)) => format!("{verb} {}, no longer {}", words(new), words(old)),
            (None, Some(new)) => format!("{verb} {}", words(new)),
            (Some(old), None) => format!("is no longer bound to {}", words(old)),
            (None, None) => String::new(),
        }
    }
}

/// Compares two numbers. Integers are compared exactly, since floating point would lose digits.
fn compared(old: &Number, new: &Number) -> Option<Ordering> {
    match (old.as_i128(), new.as_i128()) {
        (Some(old), Some(new)) => Some(old.cmp(&new)),
        _ => old.as_f64()?.partial_cmp(&new.as_f64()?),
    }
}
