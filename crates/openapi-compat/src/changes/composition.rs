//! Schemas made of schemas: all of several, one of several, none of one; and what tells alternatives apart.

use super::annotations;
use super::change_log::{ChangeLog, Coverage};
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
use openapi_document::pointer;

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
    discriminator(log, pair, &pair.get("discriminator"), subject);
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

fn discriminator(log: &mut ChangeLog, holder: &Both<'_>, pair: &Both<'_>, subject: &Subject) {
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
            mapping(log, holder, subject);
            let default = pair.get("defaultMapping");
            if default.old.exists() && target_of(&default.old) != target_of(&default.new) {
                let text = "is another alternative under names that are not known";
                log.record(&MAPPING_CHANGED, declaring(&default), subject, text);
            }
            heirs(log, holder, subject);
        }
        (None, None) => {}
    }
}

fn mapping(log: &mut ChangeLog, holder: &Both<'_>, subject: &Subject) {
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    let [old, new] = log.heirs(holder);
    let sides = (words(&holder.old, &holder.new, &old), words(&holder.new, &holder.old, &new));
    for (name, member) in joined(sides.0, sides.1) {
        match member {
            Member::Added(new) => added.push((name, new)),
            Member::Removed(old) => removed.push((name, old)),
            Member::Kept(pair) if !leads_to_same(log, &pair, subject) => {
                let text = format!("is another alternative under the name `{name}`");
                log.record(&MAPPING_CHANGED, pair.pointer(), subject, text);
            }
            Member::Kept(_) => {}
        }
    }
    for (name, old) in removed {
        let renamed = added
            .iter()
            .position(|(_, new)| leads_to_same(log, &Both { old: old.clone(), new: new.clone() }, subject));
        if let Some((now, new)) = renamed.map(|index| added.remove(index)) {
            let text = format!("has an alternative called `{now}` now, no longer `{name}`");
            log.record(&MAPPING_CHANGED, &new.pointer, subject, text);
        } else {
            let text = format!("may no longer be called `{name}`");
            log.record(&MAPPING_REMOVED, &old.pointer, subject, text);
        }
    }
    for (name, new) in added {
        log.record(&MAPPING_ADDED, &new.pointer, subject, format!("may be called `{name}`"));
    }
}

/// Compares the components that extend one whose discriminator tells them apart.
fn heirs(log: &mut ChangeLog, holder: &Both<'_>, subject: &Subject) {
    let [old, new] = log.heirs(holder);
    for name in new.iter().filter(|name| old.contains(name)) {
        let at = pointer::child(COMPONENTS, name);
        let pair = holder.components_at(&at, &at);
        let named = Subject::component(&pair.new, subject.direction);
        if !log.is_unchanged(&pair) && named.is_some_and(|named| log.enter(&pair, &named)) {
            log.defer(&pair, subject.direction);
        }
    }
}

/// Where components are that are schemas.
const COMPONENTS: &str = "/components/schemas";

/// Returns the names of alternatives: those of the mapping, and the components that no mapping mentions, the `heirs` among
/// them. `other` is the same schema in the other document, which may write out a name that goes without saying here.
fn words<'a>(holder: &Node<'a>, other: &Node<'_>, heirs: &[String]) -> Vec<(String, Node<'a>)> {
    let mut words = mapped(holder);
    let (own, others) = (mapped(holder), mapped(other));
    let listed = ["oneOf", "anyOf"].into_iter().flat_map(|key| holder.get(key).items());
    let listed = listed.filter_map(|part| Some((part.component()?, part)));
    let heirs =
        heirs.iter().map(|name| (name.clone(), holder.component_at(&pointer::child(COMPONENTS, name))));
    for (name, part) in listed.chain(heirs) {
        let leads_here = |(_, target): &&(String, Node<'_>)| target_of(target).as_ref() == Some(&name);
        let is_own = own.iter().any(|word| leads_here(&word));
        let mut written = others.iter().filter(leads_here).peekable();
        let goes_without_saying = written.peek().is_none() || written.any(|(word, _)| *word == name);
        if !is_own && goes_without_saying {
            words.push((name, part));
        }
    }
    words
}

fn mapped<'a>(holder: &Node<'a>) -> Vec<(String, Node<'a>)> {
    let mapping = holder.get("discriminator").get("mapping");
    mapping.members().map(|(name, target)| (name.clone(), target)).collect()
}

/// Returns the component that a mapping or an alternative names.
fn target_of(node: &Node<'_>) -> Option<String> {
    let text = node.value.and_then(serde_json::Value::as_str).map(str::to_owned);
    let named = text.map(|text| openapi_document::usage::component(&text).unwrap_or(text));
    named.or_else(|| node.component()).or_else(|| node.component_name())
}

/// Returns `true` if two names lead to the same alternative, or to one of the same values.
fn leads_to_same(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) -> bool {
    let [old, new] = [&pair.old, &pair.new].map(|side| target_of(side));
    let (Some(old), Some(new)) = (old, new) else { return pair.same() };
    let at = |name: &str| pointer::child(COMPONENTS, name);
    old == new || {
        let components = pair.components_at(&at(&old), &at(&new));
        components.old.exists()
            && components.new.exists()
            && log.coverage(&components, subject.direction) == Coverage::Same
    }
}
