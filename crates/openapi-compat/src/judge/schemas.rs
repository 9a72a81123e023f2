//! Two schemas side by side, through references: which names they go by, and then one aspect after another.
//!
//! A schema that only wraps another in `allOf`, to say something of it at this place, means the same as a reference
//! with the same words, and is compared like one.

use super::annotations;
use super::bounds;
use super::composition;
use super::journal::Journal;
use super::kinds;
use super::node::{Node, Pair};
use super::properties;
use super::rules::{
    SCHEMA_DEPRECATED, SCHEMA_PLACED, SCHEMA_RENAMED, SCHEMA_RESTORED, X_INTEGER_CHANGED, XML_CHANGED,
};
use super::subject::Subject;

type Aspect = fn(&mut Journal, &Pair<'_>, &Subject);

/// What may be said of a schema at the place where it is used.
const OF_THE_PLACE: [Aspect; 4] = [kinds::nullability, kinds::default, deprecation, marks];

/// What decides which values are valid.
const OF_THE_SCHEMA: [Aspect; 5] =
    [kinds::types, kinds::formats, kinds::enums, kinds::texts_and_lists, bounds::compare];

/// What other schemas it is made of.
const OF_ITS_PARTS: [Aspect; 3] = [properties::compare, properties::additional, composition::compare];

/// Compares the schemas at a place; nothing at it means any value.
pub(super) fn compare(journal: &mut Journal, declared: &Pair<'_>, subject: &Subject) {
    if journal.is_settled(declared) {
        return;
    }
    names(journal, declared, subject);
    compare_unnamed(journal, declared, subject);
}

/// Compares the components that schemas led to, and those that they lead to in turn.
pub(super) fn compare_components(journal: &mut Journal, document: &Pair<'_>) {
    while let Some((old, new, direction)) = journal.next_deferred() {
        let pair = document.components_at(&old, &new);
        if let Some(subject) = Subject::component(&pair.new, direction) {
            compare_here(journal, &pair, &subject);
        }
    }
}

/// Compares schemas whatever they are called.
fn compare_unnamed(journal: &mut Journal, declared: &Pair<'_>, subject: &Subject) {
    let pair = declared.resolved();
    if journal.is_settled(&pair) {
        return;
    }
    let named = Subject::component(&pair.new, subject.direction);
    let are_components = named.is_some() && pair.old.component_name().is_some();
    let subject = named.unwrap_or_else(|| subject.clone());
    if !journal.enter(&pair, &subject) {
        return;
    }
    if are_components {
        journal.defer(&pair, subject.direction);
    } else {
        compare_here(journal, declared, &subject);
    }
}

fn compare_here(journal: &mut Journal, declared: &Pair<'_>, subject: &Subject) {
    let pair = declared.resolved();
    let (old, new) = (wrapped(&pair.old), wrapped(&pair.new));
    match (old, new) {
        (Some(inner), None) if !is_composed(&pair.new) => {
            let inner = Pair { old: inner, new: declared.new.clone() };
            compare_wrapped(journal, declared, &inner, subject);
        }
        (None, Some(inner)) if !is_composed(&pair.old) => {
            let inner = Pair { old: declared.old.clone(), new: inner };
            compare_wrapped(journal, declared, &inner, subject);
        }
        (Some(old), Some(new)) => {
            of_the_place(journal, &pair, subject);
            compare_unnamed(journal, &Pair { old, new }, subject);
        }
        _ => {
            of_the_place(journal, &pair, subject);
            of_the_schema(journal, &pair, subject);
        }
    }
}

/// Compares a wrapper with what is none; `inner` has what is wrapped instead of the wrapper.
fn compare_wrapped(journal: &mut Journal, declared: &Pair<'_>, inner: &Pair<'_>, subject: &Subject) {
    // A reference says nothing of its own at the place; a schema that stands in place says all itself.
    let place = Pair { old: unreferred(&declared.old), new: unreferred(&declared.new) };
    of_the_place(journal, &place, subject);
    if place.old.exists() && place.new.exists() {
        of_the_schema(journal, &inner.resolved(), subject);
    } else {
        compare_unnamed(journal, inner, subject);
    }
}

fn unreferred<'a>(node: &Node<'a>) -> Node<'a> {
    if node.text("$ref").is_some() { node.emptied() } else { node.clone() }
}

fn of_the_place(journal: &mut Journal, pair: &Pair<'_>, subject: &Subject) {
    if pair.old.value == pair.new.value {
        return;
    }
    for aspect in OF_THE_PLACE {
        aspect(journal, pair, subject);
    }
}

fn of_the_schema(journal: &mut Journal, pair: &Pair<'_>, subject: &Subject) {
    // What is written alike may still lead to components that are not.
    if pair.old.value != pair.new.value {
        if kinds::are_unlike(pair) {
            // Of another type, everything else is another of necessity.
            return kinds::types(journal, pair, subject);
        }
        for aspect in OF_THE_SCHEMA {
            aspect(journal, pair, subject);
        }
    }
    for aspect in OF_ITS_PARTS {
        aspect(journal, pair, subject);
    }
}

fn is_composed(node: &Node<'_>) -> bool {
    node.get("allOf").exists()
}

/// The schema that `node` only wraps.
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

fn names(journal: &mut Journal, declared: &Pair<'_>, subject: &Subject) {
    // What a wrapper wraps is what the place refers to.
    let component = |node: &Node<'_>| {
        let own = node.component();
        own.or_else(|| wrapped(node).and_then(|inner| inner.component()))
    };
    let at = declared.pointer();
    match (component(&declared.old), component(&declared.new)) {
        (Some(old), Some(new)) if old != new => {
            journal.note(&SCHEMA_RENAMED, at, subject, format!("is a `{new}` now, no longer a `{old}`"));
        }
        (Some(old), None) if declared.new.exists() && !is_composed(&declared.new) => {
            journal.note(&SCHEMA_PLACED, at, subject, format!("stands in place now, no longer as `{old}`"));
        }
        (None, Some(new)) if declared.old.exists() && !is_composed(&declared.old) => {
            journal.note(&SCHEMA_PLACED, at, subject, format!("is the component `{new}` now"));
        }
        _ => {}
    }
}

fn deprecation(journal: &mut Journal, pair: &Pair<'_>, subject: &Subject) {
    match (pair.old.flag("deprecated"), pair.new.flag("deprecated")) {
        (false, true) => journal.note(&SCHEMA_DEPRECATED, pair.pointer(), subject, "is deprecated"),
        (true, false) => journal.note(&SCHEMA_RESTORED, pair.pointer(), subject, "is no longer deprecated"),
        _ => {}
    }
}

fn marks(journal: &mut Journal, pair: &Pair<'_>, subject: &Subject) {
    if pair.old.flag("x-integer") != pair.new.flag("x-integer") {
        let marked =
            if pair.new.flag("x-integer") { "is marked as whole" } else { "is no longer marked as whole" };
        journal.note(&X_INTEGER_CHANGED, kinds::declaring(&pair.get("x-integer")), subject, marked);
    }
    let xml = pair.get("xml");
    if !xml.same() {
        journal.note(&XML_CHANGED, xml.pointer(), subject, "is written differently in XML");
    }
    annotations::compare(journal, pair, subject);
}
