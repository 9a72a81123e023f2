//! The properties of objects: which there are, which must be there, and which of them go which way.

use serde_json::Value;

use super::journal::Journal;
use super::kinds::declaring;
use super::node::{Member, Node, Pair};
use super::rule::{Direction, Rule};
use super::rules::{
    ADDITIONAL_CLOSED, ADDITIONAL_DECLARED, ADDITIONAL_OPENED, ADDITIONAL_TYPED, ADDITIONAL_UNTYPED,
    BECAME_READ_ONLY, BECAME_READABLE, BECAME_WRITABLE, BECAME_WRITE_ONLY, HIDDEN_PROPERTY_CHANGED,
    OPTIONAL_PROPERTY_REMOVED, PROPERTY_ADDED_OPTIONAL, PROPERTY_ADDED_REQUIRED, PROPERTY_BECAME_OPTIONAL,
    PROPERTY_BECAME_REQUIRED, REQUIRED_PROPERTY_REMOVED,
};
use super::schemas;
use super::subject::Subject;
use openapi_document::pointer;

/// Compares the properties and which of them are required.
pub(super) fn compare(journal: &mut Journal, pair: &Pair<'_>, subject: &Subject) {
    let properties = pair.get("properties");
    for (name, member) in properties.members() {
        let property = subject.property(name);
        match member {
            Member::Added(new) => {
                let rule = match (hidden(&new, subject.direction), is_required(&pair.new, name)) {
                    (true, _) => &HIDDEN_PROPERTY_CHANGED,
                    (false, true) => &PROPERTY_ADDED_REQUIRED,
                    (false, false) => &PROPERTY_ADDED_OPTIONAL,
                };
                let text = if is_required(&pair.new, name) { "is new, and required" } else { "is new" };
                journal.note(rule, &new.pointer, &property, text);
            }
            Member::Removed(old) => {
                let rule = match (hidden(&old, subject.direction), is_required(&pair.old, name)) {
                    (true, _) => &HIDDEN_PROPERTY_CHANGED,
                    (false, true) => &REQUIRED_PROPERTY_REMOVED,
                    (false, false) => &OPTIONAL_PROPERTY_REMOVED,
                };
                journal.note(rule, &old.pointer, &property, "is gone");
            }
            Member::Kept(kept) => both(journal, pair, name, &kept, &property),
        }
    }
    requirements_of_others(journal, pair, &properties, subject);
}

/// Compares a property that both have.
fn both(journal: &mut Journal, holder: &Pair<'_>, name: &str, pair: &Pair<'_>, subject: &Subject) {
    modes(journal, pair, subject);
    let required = (is_required(&holder.old, name), is_required(&holder.new, name));
    match (hidden(&pair.old, subject.direction), hidden(&pair.new, subject.direction)) {
        (false, false) => {
            requirement(journal, holder, name, pair, required, subject);
            schemas::compare(journal, pair, subject);
        }
        (true, true) => {
            if required.0 != required.1 || !pair.resolved().same() {
                let text = "has changed where this direction does not have it";
                journal.note(&HIDDEN_PROPERTY_CHANGED, pair.pointer(), subject, text);
            }
        }
        // As if it were new in this direction.
        (true, false) => requirement(journal, holder, name, pair, (false, required.1), subject),
        (false, true) => {}
    }
}

fn requirement(
    journal: &mut Journal,
    holder: &Pair<'_>,
    name: &str,
    pair: &Pair<'_>,
    required: (bool, bool),
    subject: &Subject,
) {
    let at = |node: &Node<'_>| pointer::child(&node.get("required").pointer, name);
    let (rule, at, text): (&'static Rule, _, _) = match required {
        (false, true) => (&PROPERTY_BECAME_REQUIRED, at(&holder.new), "is required now"),
        (true, false) => (&PROPERTY_BECAME_OPTIONAL, at(&holder.old), "is optional now"),
        _ => return,
    };
    // In answers a list is a `Vec` and a nullable value an `Option`, whether it must be there or not.
    let always = |node: &Node<'_>| node.text("type") == Some("array") || node.flag("nullable");
    let same_type = subject.direction == Some(Direction::Response) && always(&pair.new.resolved());
    let effect = rule.verdict(subject.direction).and_then(|verdict| verdict.rust).filter(|_| !same_type);
    journal.note_effect(rule, &at, subject, text, effect);
}

/// Names that are required although they are declared elsewhere, as in another part of a composition.
fn requirements_of_others(journal: &mut Journal, pair: &Pair<'_>, properties: &Pair<'_>, subject: &Subject) {
    let mut names: Vec<&str> = pair.new.texts("required").chain(pair.old.texts("required")).collect();
    names.retain(|name| !properties.old.get(name).exists() && !properties.new.get(name).exists());
    for name in names {
        let property = Pair { old: properties.old.get(name), new: properties.new.get(name) };
        let required = (is_required(&pair.old, name), is_required(&pair.new, name));
        requirement(journal, pair, name, &property, required, &subject.property(name));
    }
}

fn modes(journal: &mut Journal, pair: &Pair<'_>, subject: &Subject) {
    for (key, set, cleared) in [
        (
            "readOnly",
            (&BECAME_READ_ONLY, "is only in answers now"),
            (&BECAME_WRITABLE, "can be sent now, and was only in answers"),
        ),
        (
            "writeOnly",
            (&BECAME_WRITE_ONLY, "is only in requests now"),
            (&BECAME_READABLE, "is in answers now, and was only in requests"),
        ),
    ] {
        let member = Pair { old: pair.old.resolved().get(key), new: pair.new.resolved().get(key) };
        match (pair.old.resolved().flag(key), pair.new.resolved().flag(key)) {
            (false, true) => journal.note(set.0, declaring(&member), subject, set.1),
            (true, false) => journal.note(cleared.0, declaring(&member), subject, cleared.1),
            _ => {}
        }
    }
}

/// Whether objects that go this way do not have the property.
fn hidden(property: &Node<'_>, direction: Option<Direction>) -> bool {
    let property = property.resolved();
    match direction {
        Some(Direction::Request) => property.flag("readOnly"),
        Some(Direction::Response) => property.flag("writeOnly"),
        None => false,
    }
}

fn is_required(object: &Node<'_>, name: &str) -> bool {
    object.texts("required").any(|known| known == name)
}

/// What a schema says of properties that it does not name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Additional {
    Unsaid,
    Open,
    Typed,
    Closed,
}

fn additional_of(node: &Node<'_>) -> Additional {
    match node.get("additionalProperties").value {
        None => Additional::Unsaid,
        Some(Value::Bool(true)) => Additional::Open,
        Some(Value::Bool(false)) => Additional::Closed,
        Some(Value::Object(schema)) if schema.is_empty() => Additional::Open,
        Some(_) => Additional::Typed,
    }
}

/// Compares properties that are not named, and the items of lists.
pub(super) fn additional(journal: &mut Journal, pair: &Pair<'_>, subject: &Subject) {
    use Additional::{Closed, Open, Typed, Unsaid};
    let items = pair.get("items");
    if items.old.exists() && items.new.exists() {
        schemas::compare(journal, &items, &subject.list_items());
    }
    let member = pair.get("additionalProperties");
    if member.old.object().is_some() && member.new.object().is_some() {
        return schemas::compare(journal, &member, &subject.map_values());
    }
    let (rule, text) = match (additional_of(&pair.old), additional_of(&pair.new)) {
        (old, new) if old == new => return,
        (_, Closed) => (&ADDITIONAL_CLOSED, "may no longer have properties that are not named"),
        (Closed, _) => (&ADDITIONAL_OPENED, "may have properties that are not named"),
        (_, Typed) => (&ADDITIONAL_TYPED, "must have properties of one type where they are not named"),
        (Typed, _) => (&ADDITIONAL_UNTYPED, "may have properties of any type where they are not named"),
        (Unsaid | Open, _) => (&ADDITIONAL_DECLARED, "may have further properties, as ever"),
    };
    journal.note(rule, declaring(&member), subject, text);
}
