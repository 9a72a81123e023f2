//! Compares two schemas through references: first their names, then one aspect after another.
//!
//! A schema that only wraps another in `allOf`, to describe it at this place, means the same as a reference with that
//! description, and is compared like one.

use super::annotations;
use super::bounds;
use super::change_log::ChangeLog;
use super::composition;
use super::node::{Both, Node};
use super::properties;
use super::rules::{
    SCHEMA_DEPRECATED, SCHEMA_PLACED, SCHEMA_RENAMED, SCHEMA_RESTORED, X_INTEGER_CHANGED, XML_CHANGED,
    XML_HINT_CHANGED,
};
use super::subject::Subject;
use super::value_constraints;
use super::xml;

type Aspect = fn(&mut ChangeLog, &Both<'_>, &Subject);

/// Aspects that a schema may have at the place where it is used.
const OF_THE_PLACE: [Aspect; 4] =
    [value_constraints::nullability, value_constraints::default, deprecation, marks];

/// Aspects that decide which values are valid.
const OF_THE_SCHEMA: [Aspect; 5] = [
    value_constraints::types,
    value_constraints::formats,
    value_constraints::enums,
    value_constraints::texts_and_lists,
    bounds::compare,
];

/// Aspects of the other schemas that a schema is made of.
const OF_ITS_PARTS: [Aspect; 3] = [properties::compare, properties::additional, composition::compare];

/// Compares the schemas at a place; nothing at it means any value.
pub(super) fn compare(log: &mut ChangeLog, declared: &Both<'_>, subject: &Subject) {
    if log.is_unchanged(declared) || is_made_up_for(log, declared, subject) {
        return;
    }
    names(log, declared, subject);
    compare_unnamed(log, declared, subject);
}

/// Returns `true` if another part of a schema makes up for what this one lost.
fn is_made_up_for(log: &mut ChangeLog, part: &Both<'_>, subject: &Subject) -> bool {
    log.is_covered() && !log.coverage(part, subject.direction).is_proved()
}

/// Compares the components that schemas led to, and those that they lead to in turn.
pub(super) fn compare_components(log: &mut ChangeLog, document: &Both<'_>) {
    while let Some((old, new, direction)) = log.next_deferred() {
        let pair = document.components_at(&old, &new);
        if let Some(subject) = Subject::component(&pair.new, direction) {
            compare_here(log, &pair, &subject);
        }
    }
}

/// Compares schemas whatever they are called.
fn compare_unnamed(log: &mut ChangeLog, declared: &Both<'_>, subject: &Subject) {
    let pair = declared.resolved();
    if log.is_unchanged(&pair) || is_made_up_for(log, declared, subject) {
        return;
    }
    if !log.coverage(declared, subject.direction).is_proved() {
        log.blame_part(declared, subject.direction);
    }
    let named = Subject::component(&pair.new, subject.direction);
    let are_components = named.is_some() && pair.old.component_name().is_some();
    let subject = named.unwrap_or_else(|| subject.clone());
    if !log.enter(&pair, &subject) {
        return;
    }
    if are_components {
        log.defer(&pair, subject.direction);
    } else {
        compare_here(log, declared, &subject);
    }
}

fn compare_here(log: &mut ChangeLog, declared: &Both<'_>, subject: &Subject) {
    let coverage = log.coverage(declared, subject.direction);
    let begun = log.begin(coverage);
    aspects(log, declared, subject);
    log.end(&begun, declared, subject);
}

fn aspects(log: &mut ChangeLog, declared: &Both<'_>, subject: &Subject) {
    let pair = declared.resolved();
    let (old, new) = (wrapped(&pair.old), wrapped(&pair.new));
    let leads_to = |place: &Node<'_>, inner: &Node<'_>| {
        place.component().is_some_and(|name| inner.component().as_ref() == Some(&name))
    };
    match (old, new) {
        (Some(inner), None) if !is_composed(&pair.new) || leads_to(&declared.new, &inner) => {
            let inner = Both { old: inner, new: declared.new.clone() };
            compare_wrapped(log, declared, &inner, subject);
        }
        (None, Some(inner)) if !is_composed(&pair.old) || leads_to(&declared.old, &inner) => {
            let inner = Both { old: declared.old.clone(), new: inner };
            compare_wrapped(log, declared, &inner, subject);
        }
        (Some(old), Some(new)) => {
            of_the_place(log, &pair, subject);
            compare_unnamed(log, &Both { old, new }, subject);
        }
        _ => {
            of_the_place(log, &pair, subject);
            of_the_schema(log, &pair, subject);
        }
    }
}

/// Compares a wrapper with a schema that is none; `inner` has the wrapped schema instead of the wrapper.
fn compare_wrapped(log: &mut ChangeLog, declared: &Both<'_>, inner: &Both<'_>, subject: &Subject) {
    // A reference says nothing of its own at the place; a schema that stands in place says all itself.
    let place = Both { old: unreferred(&declared.old), new: unreferred(&declared.new) };
    of_the_place(log, &place, subject);
    if place.old.exists() && place.new.exists() {
        of_the_schema(log, &inner.resolved(), subject);
    } else {
        compare_unnamed(log, inner, subject);
    }
}

fn unreferred<'a>(node: &Node<'a>) -> Node<'a> {
    if node.text("$ref").is_some() { node.emptied() } else { node.clone() }
}

fn of_the_place(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    if pair.old.value == pair.new.value {
        return;
    }
    for aspect in OF_THE_PLACE {
        aspect(log, pair, subject);
    }
}

fn of_the_schema(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    // What is written alike may still lead to components that are not.
    if pair.old.value != pair.new.value {
        if value_constraints::are_unlike(pair) {
            // Of another type, everything else is another of necessity.
            return value_constraints::types(log, pair, subject);
        }
        for aspect in OF_THE_SCHEMA {
            aspect(log, pair, subject);
        }
    }
    for aspect in OF_ITS_PARTS {
        aspect(log, pair, subject);
    }
}

fn is_composed(node: &Node<'_>) -> bool {
    node.get("allOf").exists()
}

/// Returns the schema that `node` only wraps.
fn wrapped<'a>(node: &Node<'a>) -> Option<Node<'a>> {
    const WORDS: [&str; 11] = [
        "allOf",
        "title",
        "description",
        "nullable",
        "default",
        "readOnly",
        "writeOnly",
        "deprecated",
        "example",
        "externalDocs",
        "xml",
    ];
    let only_words = node.object()?.keys().all(|key| WORDS.contains(&key.as_str()) || key.starts_with("x-"));
    let mut parts = node.get("allOf").items().into_iter();
    parts.next().filter(|_| only_words && parts.next().is_none())
}

/// Returns `true` if two references lead to components of one name, which other components only refer to.
fn is_alias(old: &Node<'_>, new: &Node<'_>) -> bool {
    let named = old.resolved().component_name();
    named.is_some() && named == new.resolved().component_name()
}

fn names(log: &mut ChangeLog, declared: &Both<'_>, subject: &Subject) {
    // What a wrapper wraps is what the place refers to.
    let component = |node: &Node<'_>| {
        let own = node.component();
        own.or_else(|| wrapped(node).and_then(|inner| inner.component()))
    };
    let at = declared.pointer();
    match (component(&declared.old), component(&declared.new)) {
        (Some(old), Some(new)) if old != new && !is_alias(&declared.old, &declared.new) => {
            log.record(&SCHEMA_RENAMED, at, subject, format!("is a `{new}` now, no longer a `{old}`"));
        }
        (Some(old), None) if declared.new.exists() && !is_composed(&declared.new) => {
            log.record(&SCHEMA_PLACED, at, subject, format!("is written in place now, no longer as `{old}`"));
        }
        (None, Some(new)) if declared.old.exists() && !is_composed(&declared.old) => {
            log.record(&SCHEMA_PLACED, at, subject, format!("is the component `{new}` now"));
        }
        _ => {}
    }
}

fn deprecation(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    match (pair.old.flag("deprecated"), pair.new.flag("deprecated")) {
        (false, true) => log.record(&SCHEMA_DEPRECATED, pair.pointer(), subject, "is deprecated"),
        (true, false) => log.record(&SCHEMA_RESTORED, pair.pointer(), subject, "is no longer deprecated"),
        _ => {}
    }
}

fn marks(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    if pair.old.flag("x-integer") != pair.new.flag("x-integer") {
        let marked =
            if pair.new.flag("x-integer") { "is marked as whole" } else { "is no longer marked as whole" };
        log.record(&X_INTEGER_CHANGED, value_constraints::declaring(&pair.get("x-integer")), subject, marked);
    }
    let hints = pair.get("xml");
    if !hints.same() {
        let is_other = xml::written(&pair.old) != xml::written(&pair.new);
        let rule = if is_other && log.is_in_xml(&pair.new) { &XML_CHANGED } else { &XML_HINT_CHANGED };
        log.record(rule, value_constraints::declaring(&hints), subject, "is written differently in XML");
    }
    annotations::compare(log, pair, subject);
}
