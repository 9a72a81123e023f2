//! Compares the keywords that decide which values a schema allows: type, format, null, enum, pattern, default.

use std::collections::HashSet;

use serde_json::{Number, Value};

use super::change_log::ChangeLog;
use super::node::{Both, Node};
use super::rule::{Direction, Rule};
use super::rules::{
    BECAME_NOT_NULLABLE, BECAME_NULLABLE, DEFAULT_ADDED, DEFAULT_CHANGED, DEFAULT_REMOVED, ENUM_ADDED,
    ENUM_REMOVED, ENUM_VALUE_ADDED, ENUM_VALUE_REMOVED, FORMAT_CHANGED, FORMAT_HINT_CHANGED, FORMAT_NARROWED,
    FORMAT_WIDENED, MULTIPLE_OF_CHANGED, MULTIPLE_OF_NARROWED, MULTIPLE_OF_WIDENED, PATTERN_ADDED,
    PATTERN_CHANGED, PATTERN_EXCLUDES, PATTERN_REMOVED, TYPE_CHANGED, TYPE_NARROWED, TYPE_WIDENED,
    UNIQUE_ITEMS_ADDED, UNIQUE_ITEMS_REMOVED,
};
use super::subject::Subject;
use crate::inclusion::{Texts, Work};
use crate::normal_form::identity;
use openapi_document::{pointer, samples};

pub(super) fn types(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    let member = pair.get("type");
    let (rule, text) = match (pair.old.text("type"), pair.new.text("type")) {
        (old, new) if old == new => return,
        (None, Some(new)) => (&TYPE_NARROWED, format!("is of type {new} now, no longer of any")),
        (Some(old), None) => (&TYPE_WIDENED, format!("is of any type now, no longer of type {old}")),
        (Some("number"), Some("integer")) => (&TYPE_NARROWED, "is a whole number now".to_owned()),
        (Some("integer"), Some("number")) => (&TYPE_WIDENED, "may be a fraction now".to_owned()),
        (Some(old), Some(new)) => (&TYPE_CHANGED, format!("is of type {new} now, no longer {old}")),
        (None, None) => return,
    };
    log.record(rule, declaring(&member), subject, text);
}

/// Returns `true` if the types of both schemas have no values in common.
pub(super) fn are_unlike(pair: &Both<'_>) -> bool {
    let is_number = |kind: &str| matches!(kind, "number" | "integer");
    match (pair.old.text("type"), pair.new.text("type")) {
        (Some(old), Some(new)) => old != new && !(is_number(old) && is_number(new)),
        _ => false,
    }
}

/// A format that only says how people are to be asked for a text.
const HIDDEN_INPUT: &str = "password";

pub(super) fn formats(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    // With another type the format is another of necessity.
    if pair.old.text("type") != pair.new.text("type") {
        return;
    }
    let member = pair.get("format");
    let format = |node: &Node<'_>| {
        let format = node.text("format").filter(|format| !format.is_empty() && *format != HIDDEN_INPUT);
        format.map(str::to_owned)
    };
    let is_hidden = |node: &Node<'_>| node.text("format") == Some(HIDDEN_INPUT);
    let (old, new) = (format(&pair.old), format(&pair.new));
    if old == new && is_hidden(&pair.old) != is_hidden(&pair.new) {
        let text =
            if is_hidden(&pair.new) { "is hidden where it is typed" } else { "is shown where it is typed" };
        return log.record(&FORMAT_HINT_CHANGED, declaring(&member), subject, text);
    }
    let (rule, text) = match (old.as_deref(), new.as_deref()) {
        (old, new) if old == new => return,
        (None, Some(new)) => (&FORMAT_NARROWED, format!("has the format {new} now")),
        (Some(old), None) => (&FORMAT_WIDENED, format!("no longer has the format {old}")),
        (Some(old @ ("int64" | "double")), Some(new @ ("int32" | "float"))) => {
            (&FORMAT_NARROWED, format!("has the format {new} now, no longer {old}"))
        }
        (Some(old @ ("int32" | "float")), Some(new @ ("int64" | "double"))) => {
            (&FORMAT_WIDENED, format!("has the format {new} now, no longer {old}"))
        }
        (Some(old), Some(new)) => (&FORMAT_CHANGED, format!("has the format {new} now, no longer {old}")),
        (None, None) => return,
    };
    let effect = rule.assessment(subject.direction).and_then(|assessment| assessment.rust);
    let effect = effect.filter(|_| decides_type(&pair.old) != decides_type(&pair.new));
    log.record_effect(rule, declaring(&member), subject, text, effect);
}

/// Returns the format of a schema where another would give another Rust type: of texts only a few are more than texts
/// in Rust, and what is as wide as the widest is what numbers without a format are.
fn decides_type<'a>(schema: &Node<'a>) -> Option<&'a str> {
    let bounded = ["minimum", "maximum"].iter().any(|bound| schema.get(bound).exists());
    schema.text("format").filter(|format| match schema.text("type") {
        Some("string") => matches!(*format, "uuid" | "date" | "date-time" | "ip" | "ipv4" | "ipv6"),
        Some("integer") => *format != "int64" || bounded,
        Some("number") => *format != "double" || bounded,
        _ => true,
    })
}

pub(super) fn nullability(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    let member = pair.get("nullable");
    // In 3.0, an enumeration without null excludes it, or not: that is read either way.
    let is_older = |side: &Node<'_>| side.document().text("openapi").is_some_and(|it| it.starts_with("3.0"));
    let is_unclear = |older: &Node<'_>, other: &Node<'_>| {
        older.flag("nullable") && older.get("enum").exists() && is_older(older) && !is_older(other)
    };
    if is_unclear(&pair.old, &pair.new) || is_unclear(&pair.new, &pair.old) {
        return;
    }
    match (pair.old.flag("nullable"), pair.new.flag("nullable")) {
        (false, true) => log.record(&BECAME_NULLABLE, declaring(&member), subject, "may be null now"),
        (true, false) => {
            log.record(&BECAME_NOT_NULLABLE, declaring(&member), subject, "may no longer be null");
        }
        _ => {}
    }
}

pub(super) fn enums(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    let member = pair.get("enum");
    let (old, new) = (pair.old.list("enum"), pair.new.list("enum"));
    match (member.old.exists(), member.new.exists()) {
        (false, true) => {
            log.record(&ENUM_ADDED, member.pointer(), subject, "is one of enumerated values now");
        }
        (true, false) => {
            log.record(&ENUM_REMOVED, &member.old.pointer, subject, "is no longer one of enumerated values");
        }
        _ => {}
    }
    if !member.old.exists() || !member.new.exists() {
        return;
    }
    for (from, others, at, rule, verb) in [
        (new, old, &member.new, &ENUM_VALUE_ADDED, "may be"),
        (old, new, &member.old, &ENUM_VALUE_REMOVED, "may no longer be"),
    ] {
        let words: Vec<&str> = from.iter().filter_map(|value| value.as_str()).collect();
        let others: HashSet<String> = others.iter().map(identity).collect();
        for value in from.iter().filter(|value| !others.contains(&identity(value))) {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            let at = pointer::child(&at.pointer, &text);
            log.record(rule, &at, &subject.value(&text, &words), format!("{verb} `{text}`"));
        }
    }
}

pub(super) fn texts_and_lists(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    pattern(log, pair, subject);
    multiples(log, pair, subject);
    let member = pair.get("uniqueItems");
    match (pair.old.flag("uniqueItems"), pair.new.flag("uniqueItems")) {
        (false, true) => {
            log.record(&UNIQUE_ITEMS_ADDED, declaring(&member), subject, "may no longer repeat an item");
        }
        (true, false) => {
            log.record(&UNIQUE_ITEMS_REMOVED, declaring(&member), subject, "may repeat an item");
        }
        _ => {}
    }
}

fn pattern(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    let member = pair.get("pattern");
    let pattern =
        |node: &Node<'_>| node.text("pattern").filter(|pattern| !pattern.is_empty()).map(str::to_owned);
    let (rule, text) = match (pattern(&pair.old), pattern(&pair.new)) {
        (None, Some(new)) => (&PATTERN_ADDED, format!("must match `{new}`")),
        (Some(old), None) => (&PATTERN_REMOVED, format!("need not match `{old}` any more")),
        (Some(old), Some(new)) if old != new => {
            let (sent, read) =
                if subject.direction == Some(Direction::Response) { (&new, &old) } else { (&old, &new) };
            let rule = if is_refused(sent, read) { &PATTERN_EXCLUDES } else { &PATTERN_CHANGED };
            (rule, format!("must match `{new}`, no longer `{old}`"))
        }
        _ => return,
    };
    log.record(rule, declaring(&member), subject, text);
}

/// Returns `true` if a text matches one pattern and not the other, as far as that is known.
fn is_refused(sent: &str, read: &str) -> bool {
    if let Some(is_within) = Texts::matching(sent).are_within(&Texts::matching(read), &Work::default()) {
        return !is_within;
    }
    // Of those that are not regular, some texts are tried.
    let [sent, read] = [sent, read].map(|pattern| serde_json::json!({"type": "string", "pattern": pattern}));
    let direction = samples::Direction::Request;
    let texts = samples::of(&sent, &sent, direction).values;
    texts.iter().any(|text| {
        samples::fits(&sent, &sent, text, direction) && !samples::fits(&read, &read, text, direction)
    })
}

fn multiples(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    let member = pair.get("multipleOf");
    let number = |node: &Node<'_>| node.value.and_then(Value::as_number).cloned();
    let of = |number: &Number, part: &Number| match (number.as_i128(), part.as_i128()) {
        (Some(number), Some(part)) => number.checked_rem(part) == Some(0),
        _ => match (number.as_f64(), part.as_f64()) {
            (Some(number), Some(part)) => part != 0.0 && (number / part).fract().abs() < f64::EPSILON,
            _ => false,
        },
    };
    let (rule, text): (&'static Rule, String) = match (number(&member.old), number(&member.new)) {
        (None, Some(new)) => (&MULTIPLE_OF_NARROWED, format!("must be a multiple of {new}")),
        (Some(old), None) => (&MULTIPLE_OF_WIDENED, format!("need not be a multiple of {old} any more")),
        (Some(old), Some(new)) if of(&old, &new) && of(&new, &old) => return,
        (Some(old), Some(new)) => {
            let rule = match (of(&new, &old), of(&old, &new)) {
                (true, _) => &MULTIPLE_OF_NARROWED,
                (_, true) => &MULTIPLE_OF_WIDENED,
                _ => &MULTIPLE_OF_CHANGED,
            };
            (rule, format!("must be a multiple of {new}, no longer of {old}"))
        }
        (None, None) => return,
    };
    log.record(rule, declaring(&member), subject, text);
}

pub(super) fn default(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    let member = pair.get("default");
    let (rule, text) = match (member.old.value, member.new.value) {
        (None, Some(new)) => (&DEFAULT_ADDED, format!("is {new} if left out")),
        (Some(old), None) => (&DEFAULT_REMOVED, format!("is no longer said to be {old} if left out")),
        (Some(old), Some(new)) if !member.same() => {
            (&DEFAULT_CHANGED, format!("is {new} if left out, no longer {old}"))
        }
        _ => return,
    };
    log.record(rule, declaring(&member), subject, text);
}

/// Returns the pointer at which a member is declared: in the new document if it has it.
pub(super) fn declaring<'a>(member: &'a Both<'_>) -> &'a str {
    if member.new.exists() { &member.new.pointer } else { &member.old.pointer }
}
