//! Compares the members that any object may have: descriptions, examples, vendor extensions, unknown members.

use super::change_log::ChangeLog;
use super::node::{Both, Node};
use super::rule::{Effect, Rule, SemverBump};
use super::rules::{
    DESCRIPTION_CHANGED, EXAMPLE_CHANGED, EXTENSION_CHANGED, EXTERNAL_DOCS_CHANGED, HINT_CHANGED,
    SECRET_REVEALED, UNKNOWN_CHANGED,
};
use super::subject::Subject;
use crate::normal_form;
use openapi_document::grammar::{Others, is_extension};

/// Extensions that decide about generated types.
const TYPE_HINTS: [&str; 2] = ["x-role", "x-observed-responses"];

/// Extensions that decide about generated tables.
const TABLE_HINTS: [&str; 5] = ["x-references", "x-unique", "x-enum-labels", "x-view-name", "x-computed"];

/// The extension whose value no generated code prints.
const SECRET: &str = "x-secret";

/// Compares the annotations of two objects of one kind.
pub(super) fn compare(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    compare_except(log, pair, subject, &[]);
}

/// Compares annotations, except those under the keys `except`, which the caller compares.
pub(super) fn compare_except(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject, except: &[&str]) {
    for (key, rule) in differing(pair) {
        if except.contains(&key) {
            continue;
        }
        let member = pair.get(key);
        let (old, new) = (present(&member.old, &pair.old, key), present(&member.new, &pair.new, key));
        let verb = match (old, new) {
            (false, true) => "has a new",
            (true, false) => "no longer has a",
            (true, true) if !member.same() => "has another",
            _ => continue,
        };
        let effect = rule.assessment(subject.direction).and_then(|assessment| assessment.rust);
        let level = |effect: Effect| {
            if TABLE_HINTS.contains(&key) || key == SECRET { SemverBump::Patch } else { effect.semver }
        };
        let effect = effect.map(|effect| Effect { semver: level(effect), ..effect });
        let pointer = if new { &member.new.pointer } else { &member.old.pointer };
        log.record_effect(rule, pointer, subject, format!("{verb} `{key}`"), effect);
    }
}

/// Returns the annotations that differ between the two objects, each once, those of the new object first.
fn differing<'a>(pair: &Both<'a>) -> Vec<(&'a str, &'static Rule)> {
    // What is no annotation may be most of the document, and is not compared here.
    let annotations = |node: &Node<'a>| {
        let members = node.object().into_iter().flatten();
        members.filter_map(|(key, value)| Some((key.as_str(), value, rule(key, pair)?)))
    };
    let in_old = |key: &str| pair.old.object().and_then(|object| object.get(key));
    let in_new = |key: &str| pair.new.object().and_then(|object| object.get(key));
    let changed = annotations(&pair.new).filter(|(key, value, _)| in_old(key) != Some(*value));
    let removed = annotations(&pair.old).filter(|(key, ..)| in_new(key).is_none());
    changed.chain(removed).map(|(key, _, rule)| (key, rule)).collect()
}

fn present(member: &Node<'_>, holder: &Node<'_>, key: &str) -> bool {
    let Some(value) = member.value else { return false };
    !holder.kind().is_some_and(|object| normal_form::is_blank_member(object, key, value))
}

fn rule(key: &str, holder: &Both<'_>) -> Option<&'static Rule> {
    let object = holder.new.kind()?;
    Some(match key {
        "x-integer" if object.name == "schema" => return None,
        SECRET if object.name != "schema" => &EXTENSION_CHANGED,
        SECRET if holder.old.flag(SECRET) => &SECRET_REVEALED,
        SECRET => &HINT_CHANGED,
        key if TYPE_HINTS.contains(&key) || TABLE_HINTS.contains(&key) => &HINT_CHANGED,
        key if is_extension(key) => &EXTENSION_CHANGED,
        // A component or a property may have any of these names.
        _ if !matches!(object.others, Others::Unknown) => return None,
        "title" | "summary" | "description" => &DESCRIPTION_CHANGED,
        "example" | "examples" => &EXAMPLE_CHANGED,
        "externalDocs" => &EXTERNAL_DOCS_CHANGED,
        "$ref" => return None,
        _ if object.member(key).is_none() => &UNKNOWN_CHANGED,
        _ => return None,
    })
}
