//! Schemas made of schemas: all of several, one of several, none of one; and what tells alternatives apart.

use super::annotations;
use super::change_log::ChangeLog;
use super::node::{Both, Member, Node, joined};
use super::rule::Rule;
use super::rules::{
    ALL_OF_ADDED, ALL_OF_REMOVED, ALTERNATIVE_ADDED, ALTERNATIVE_REMOVED, ALTERNATIVES_CHANGED,
    CONDITION_CHANGED, DISCRIMINATOR_ADDED, DISCRIMINATOR_CHANGED, DISCRIMINATOR_REMOVED, MAPPING_ADDED,
    MAPPING_CHANGED, MAPPING_REMOVED, NOT_CHANGED,
};
use super::schemas;
use super::subject::Subject;
use super::value_constraints::declaring;

pub(super) fn compare(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    members(log, &pair.get("allOf"), subject, (&ALL_OF_ADDED, &ALL_OF_REMOVED));
    for key in ["oneOf", "anyOf"] {
        let list = pair.get(key);
        match (list.old.is_blank(), list.new.is_blank()) {
            (true, true) => {}
            (false, false) => members(log, &list, subject, (&ALTERNATIVE_ADDED, &ALTERNATIVE_REMOVED)),
            (true, false) => {
                let text = "is one of several schemas now";
                log.record(&ALTERNATIVES_CHANGED, declaring(&list), subject, text);
            }
            (false, true) => {
                let text = "is no longer one of several schemas";
                log.record(&ALTERNATIVES_CHANGED, declaring(&list), subject, text);
            }
        }
    }
    let not = pair.get("not");
    if !not.same() {
        log.record(&NOT_CHANGED, declaring(&not), subject, "must not match another schema than before");
    }
    for keyword in CONDITIONS {
        let condition = pair.get(keyword);
        if condition.differs_ignoring_empty() {
            let text = format!("has another condition `{keyword}`");
            log.record(&CONDITION_CHANGED, declaring(&condition), subject, text);
        }
    }
    discriminator(log, &pair.get("discriminator"), subject);
}

/// Keywords of JSON Schema 2020-12 that validate values and have no part in types.
const CONDITIONS: [&str; 15] = [
    "if",
    "then",
    "else",
    "dependentSchemas",
    "dependentRequired",
    "prefixItems",
    "contains",
    "minContains",
    "maxContains",
    "patternProperties",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentMediaType",
    "contentSchema",
];

/// Compares the members of a composition, whose order means nothing: components are known by their names; of the
/// others, equal ones are paired first, and then those at the same position.
fn members(
    log: &mut ChangeLog,
    lists: &Both<'_>,
    subject: &Subject,
    (added, removed): (&'static Rule, &'static Rule),
) {
    let (old, new) = keyed(lists);
    for (number, (_, member)) in joined(old, new).into_iter().enumerate() {
        match member {
            Member::Added(new) => {
                log.record(added, &new.pointer, subject, format!("has {} as a part", part(&new)));
            }
            Member::Removed(old) => {
                log.record(removed, &old.pointer, subject, format!("no longer has {} as a part", part(&old)));
            }
            Member::Kept(pair) => schemas::compare(log, &pair, &subject.member(number + 1)),
        }
    }
}

fn part(node: &Node<'_>) -> String {
    let name = node.component().or_else(|| node.text("title").map(str::to_owned));
    match (name, node.text("type")) {
        (Some(name), _) => format!("`{name}`"),
        (None, Some(kind)) => format!("a schema of type {kind}"),
        (None, None) => "a schema in place".to_owned(),
    }
}

type Keyed<'a> = Vec<(String, Node<'a>)>;

fn keyed<'a>(lists: &Both<'a>) -> (Keyed<'a>, Keyed<'a>) {
    let (old_names, mut old) = by_name(&lists.old);
    let (mut new_names, new) = by_name(&lists.new);
    let mut old_keyed = old_names;
    let mut rest = Vec::new();
    for (index, node) in new.into_iter().enumerate() {
        match old.iter().position(|other| other.same(&node)) {
            Some(same) => {
                let key = format!("={index}");
                old_keyed.push((key.clone(), old.remove(same)));
                new_names.push((key, node));
            }
            None => rest.push(node),
        }
    }
    let numbered =
        |nodes: Vec<Node<'a>>| nodes.into_iter().enumerate().map(|(index, node)| (format!("#{index}"), node));
    old_keyed.extend(numbered(old));
    new_names.extend(numbered(rest));
    (old_keyed, new_names)
}

/// Returns the members that are components, by name, and the others.
fn by_name<'a>(list: &Node<'a>) -> (Keyed<'a>, Vec<Node<'a>>) {
    let (mut named, mut others) = (Vec::new(), Vec::new());
    for node in list.items() {
        match node.component() {
            Some(name) => {
                // Named in the pointer too, as the place in the list means nothing.
                named.push((name.clone(), list.at(&name, node.value)));
            }
            None => others.push(node),
        }
    }
    (named, others)
}

fn discriminator(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    let property = pair.get("propertyName");
    match (pair.old.text("propertyName"), pair.new.text("propertyName")) {
        (None, Some(new)) => {
            log.record(&DISCRIMINATOR_ADDED, pair.pointer(), subject, format!("is discriminated by `{new}`"));
        }
        (Some(old), None) => {
            let text = format!("is no longer discriminated by `{old}`");
            log.record(&DISCRIMINATOR_REMOVED, &pair.old.pointer, subject, text);
        }
        (Some(old), Some(new)) => {
            if old != new {
                let text = format!("is discriminated by `{new}`, no longer by `{old}`");
                log.record(&DISCRIMINATOR_CHANGED, property.pointer(), subject, text);
            }
            annotations::compare(log, pair, subject);
            mapping(log, &pair.get("mapping"), subject);
        }
        (None, None) => {}
    }
}

fn mapping(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    for (name, member) in pair.members() {
        match member {
            Member::Added(new) => {
                log.record(&MAPPING_ADDED, &new.pointer, subject, format!("may be called `{name}`"));
            }
            Member::Removed(old) => {
                log.record(
                    &MAPPING_REMOVED,
                    &old.pointer,
                    subject,
                    format!("may no longer be called `{name}`"),
                );
            }
            Member::Kept(pair) if !pair.same() => {
                let text = format!("is another alternative under the name `{name}`");
                log.record(&MAPPING_CHANGED, pair.pointer(), subject, text);
            }
            Member::Kept(_) => {}
        }
    }
}
