//! The properties of objects: which there are, which must be there, and which of them go which way.

use serde_json::Value;

use super::change_log::ChangeLog;
use super::node::{Both, Member, Node};
use super::rule::{Direction, Rule};
use super::rules::{
    ADDITIONAL_CLOSED, ADDITIONAL_DECLARED, ADDITIONAL_OPENED, ADDITIONAL_TYPED, ADDITIONAL_UNTYPED,
    BECAME_READ_ONLY, BECAME_READABLE, BECAME_WRITABLE, BECAME_WRITE_ONLY, HIDDEN_PROPERTY_CHANGED,
    OPTIONAL_PROPERTY_REMOVED, PROPERTY_ADDED_OPTIONAL, PROPERTY_ADDED_REQUIRED, PROPERTY_BECAME_OPTIONAL,
    PROPERTY_BECAME_REQUIRED, REQUIRED_PROPERTY_REMOVED,
};
use super::schemas;
use super::subject::Subject;
use super::value_constraints::declaring;
use openapi_document::pointer;

/// Compares the properties and which of them are required.
pub(super) fn compare(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
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
                log.record(rule, &new.pointer, &property, text);
            }
            Member::Removed(old) => {
                let rule = match (hidden(&old, subject.direction), is_required(&pair.old, name)) {
                    (true, _) => &HIDDEN_PROPERTY_CHANGED,
                    (false, true) => &REQUIRED_PROPERTY_REMOVED,
                    (false, false) => &OPTIONAL_PROPERTY_REMOVED,
                };
                log.record(rule, &old.pointer, &property, "is gone");
            }
            Member::Kept(kept) => both(log, pair, name, &kept, &property),
        }
    }
    requirements_of_others(log, pair, &properties, subject);
}

/// Compares a property that both have.
fn both(log: &mut ChangeLog, holder: &Both<'_>, name: &str, pair: &Both<'_>, subject: &Subject) {
    modes(log, pair, subject);
    let required = (is_required(&holder.old, name), is_required(&holder.new, name));
    match (hidden(&pair.old, subject.direction), hidden(&pair.new, subject.direction)) {
        (false, false) => {
            requirement(log, holder, name, pair, required, subject);
            schemas::compare(log, pair, subject);
        }
        (true, true) => {
            if required.0 != required.1 || !pair.resolved().same() {
                let text = "has changed where this direction does not have it";
                log.record(&HIDDEN_PROPERTY_CHANGED, pair.pointer(), subject, text);
            }
        }
        // As if it were new in this direction.
        (true, false) => requirement(log, holder, name, pair, (false, required.1), subject),
        (false, true) => {}
    }
}

fn requirement(
    log: &mut ChangeLog,
    holder: &Both<'_>,
    name: &str,
    pair: &Both<'_>,
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
    let effect =
        rule.assessment(subject.direction).and_then(|assessment| assessment.rust).filter(|_| !same_type);
    log.record_effect(rule, &at, subject, text, effect);
}

/// Compares names that are required although they are declared elsewhere, as in another part of a composition.
fn requirements_of_others(log: &mut ChangeLog, pair: &Both<'_>, properties: &Both<'_>, subject: &Subject) {
    let mut names: Vec<&str> = pair.new.texts("required").chain(pair.old.texts("required")).collect();
    names.retain(|name| !properties.old.get(name).exists() && !properties.new.get(name).exists());
    for name in names {
        let property = Both { old: properties.old.get(name), new: properties.new.get(name) };
        let required = (is_required(&pair.old, name), is_required(&pair.new, name));
        requirement(log, pair, name, &property, required, &subject.property(name));
    }
}

fn modes(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
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
        let member = Both { old: pair.old.resolved().get(key), new: pair.new.resolved().get(key) };
        match (pair.old.is_marked(key), pair.new.is_marked(key)) {
            (false, true) => log.record(set.0, declaring(&member), subject, set.1),
            (true, false) => log.record(cleared.0, declaring(&member), subject, cleared.1),
            _ => {}
        }
    }
}

/// Returns `true` if objects that are sent in this direction do not have the property.
fn hidden(property: &Node<'_>, direction: Option<Direction>) -> bool {
    match direction {
        Some(Direction::Request) => property.is_marked("readOnly"),
        Some(Direction::Response) => property.is_marked("writeOnly"),
        None => false,
    }
}

fn is_required(object: &Node<'_>, name: &str) -> bool {
    object.texts("required").any(|known| known == name)
}

/// The value of `additionalProperties` of a schema.
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
pub(super) fn additional(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    use Additional::{Closed, Open, Typed, Unsaid};
    let items = pair.get("items");
    if items.old.exists() && items.new.exists() {
        schemas::compare(log, &items, &subject.list_items());
    }
    let member = pair.get("additionalProperties");
    if member.old.object().is_some() && member.new.object().is_some() {
        return schemas::compare(log, &member, &subject.map_values());
    }
    let (rule, text) = match (additional_of(&pair.old), additional_of(&pair.new)) {
        (old, new) if old == new => return,
        (_, Closed) => (&ADDITIONAL_CLOSED, "may no longer have properties that are not named"),
        (Closed, _) => (&ADDITIONAL_OPENED, "may have properties that are not named"),
        (_, Typed) => (&ADDITIONAL_TYPED, "must have properties of one type where they are not named"),
        (Typed, _) => (&ADDITIONAL_UNTYPED, "may have properties of any type where they are not named"),
        (Unsaid | Open, _) => (&ADDITIONAL_DECLARED, "may have further properties, as ever"),
    };
    log.record(rule, declaring(&member), subject, text);
}
