//! Parameters in path, query, header and cookie, those of the path item among them.

use std::collections::BTreeSet;

use super::annotations;
use super::bodies;
use super::change_log::ChangeLog;
use super::node::{Both, Member, Node, joined};
use super::rule::ANOTHER_ARGUMENT;
use super::rules::{
    PARAMETER_ADDED_OPTIONAL, PARAMETER_ADDED_REQUIRED, PARAMETER_BECAME_OPTIONAL, PARAMETER_BECAME_REQUIRED,
    PARAMETER_CONTENT_CHANGED, PARAMETER_DEPRECATED, PARAMETER_EMPTY_ALLOWED, PARAMETER_EMPTY_FORBIDDEN,
    PARAMETER_MOVED, PARAMETER_REMOVED, PARAMETER_RESERVED_CHANGED, PARAMETER_RESTORED,
    PARAMETER_STYLE_CHANGED,
};
use super::style;
use super::subject::Subject;

/// Returns the variables of a path, in their order.
pub(super) fn variables(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

/// Returns a path without the names of its variables.
pub(super) fn template(path: &str) -> String {
    variables(path).fold(path.to_owned(), |path, name| path.replace(&format!("{{{name}}}"), "{}"))
}

/// Compares the parameters of one operation; `paths` are the old and the new path, which order its variables.
pub(super) fn compare<'a>(
    log: &mut ChangeLog,
    item: &Both<'a>,
    operation: &Both<'a>,
    paths: (&str, &str),
    subject: &Subject,
) {
    let (method, subject) = (subject, subject.asking());
    let old = effective(&item.old, &operation.old, paths.0);
    let new = effective(&item.new, &operation.new, paths.1);
    let places = |all: &[(String, Node<'a>)]| -> BTreeSet<&'a str> {
        all.iter().filter_map(|(_, parameter)| parameter.resolved().text("in")).collect()
    };
    let places_before = places(&old);
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    for (_, member) in joined(old, new) {
        match member {
            Member::Added(new) => added.push(new),
            Member::Removed(old) => removed.push(old),
            Member::Kept(pair) => parameter(log, &pair.resolved(), &subject),
        }
    }
    for new in added {
        let named_alike = |old: &Node<'_>| old.resolved().text("name") == new.resolved().text("name");
        let Some(index) = removed.iter().position(named_alike) else {
            let is_first = !new.resolved().text("in").is_some_and(|place| places_before.contains(place));
            add(log, &new, &subject, is_first.then_some(method));
            continue;
        };
        let pair = Both { old: removed.remove(index), new };
        let text = format!("is sent in the {} now", pair.new.resolved().text("in").unwrap_or_default());
        log.record(&PARAMETER_MOVED, pair.pointer(), &named(&subject, &pair.old), text);
        parameter(log, &pair.resolved(), &subject);
    }
    for old in removed {
        log.record(&PARAMETER_REMOVED, &old.pointer, &named(&subject, &old), "is gone");
    }
}

/// Records a new parameter; `method` is the operation if none of its other parameters is sent in the same place.
fn add(log: &mut ChangeLog, new: &Node<'_>, operation: &Subject, method: Option<&Subject>) {
    let (rule, text) = if new.resolved().flag("required") {
        (&PARAMETER_ADDED_REQUIRED, "is new, and required")
    } else {
        (&PARAMETER_ADDED_OPTIONAL, "is new")
    };
    let parameter = named(operation, new);
    log.record(rule, &new.pointer, &parameter, text);
    // What serves the operation is handed all parameters of one place together.
    if let Some(method) = method {
        log.record_effect(rule, &new.pointer, &parameter.served_by(method), text, ANOTHER_ARGUMENT);
    }
}

/// Headers of which OpenAPI says that a parameter does not describe them.
const IGNORED: [&str; 3] = ["Accept", "Content-Type", "Authorization"];

/// Returns the parameters that hold for an operation, its own before those of its path; by place and name, but those in
/// the path by their position in it, and headers whatever their case.
fn effective<'a>(item: &Node<'a>, operation: &Node<'a>, path: &str) -> Vec<(String, Node<'a>)> {
    let mut found: Vec<(String, Node<'a>)> = Vec::new();
    for list in [operation.get("parameters"), item.get("parameters")] {
        for declared in list.items() {
            let target = declared.resolved();
            let (place, name) =
                (target.text("in").unwrap_or_default(), target.text("name").unwrap_or_default());
            let key = match variables(path).position(|variable| place == "path" && variable == name) {
                Some(position) => format!("path:{position}"),
                None if place == "header" => format!("{place}:{}", name.to_ascii_lowercase()),
                None => format!("{place}:{name}"),
            };
            let is_ignored =
                place == "header" && IGNORED.iter().any(|known| name.eq_ignore_ascii_case(known));
            if is_ignored || found.iter().any(|(known, _)| *known == key) {
                continue;
            }
            // Named as in the normal form.
            found.push((key, list.at(&format!("{place}:{name}"), declared.value)));
        }
    }
    found
}

/// Returns a parameter as part of an operation. A component keeps its own name, since several operations have it.
fn named(operation: &Subject, parameter: &Node<'_>) -> Subject {
    let target = parameter.resolved();
    let (place, name) = (target.text("in").unwrap_or_default(), target.text("name").unwrap_or_default());
    let label = if parameter.pointer.starts_with("/components/") {
        format!("the {place} parameter `{name}`")
    } else {
        format!("the {place} parameter `{name}` of {}", operation.label)
    };
    operation.parameter(label, place, name)
}

fn parameter(log: &mut ChangeLog, pair: &Both<'_>, operation: &Subject) {
    if log.is_unchanged(pair) {
        return;
    }
    let subject = named(operation, &pair.new);
    let at = pair.pointer();
    for (key, set, cleared) in [
        (
            "required",
            (&PARAMETER_BECAME_REQUIRED, "is required now"),
            (&PARAMETER_BECAME_OPTIONAL, "is optional now"),
        ),
        (
            "deprecated",
            (&PARAMETER_DEPRECATED, "is deprecated"),
            (&PARAMETER_RESTORED, "is no longer deprecated"),
        ),
        (
            "allowEmptyValue",
            (&PARAMETER_EMPTY_ALLOWED, "may be sent without a value"),
            (&PARAMETER_EMPTY_FORBIDDEN, "may no longer be sent without a value"),
        ),
        (
            "allowReserved",
            (&PARAMETER_RESERVED_CHANGED, "is sent with reserved characters as they are"),
            (&PARAMETER_RESERVED_CHANGED, "is sent with reserved characters encoded"),
        ),
    ] {
        match (pair.old.flag(key), pair.new.flag(key)) {
            (false, true) => log.record(set.0, at, &subject, set.1),
            (true, false) => log.record(cleared.0, at, &subject, cleared.1),
            _ => {}
        }
    }
    if pair.old.text("in") == pair.new.text("in") && !style::are_alike(pair) {
        let (style, explode) = style::style(&pair.new);
        let exploded = if explode { ", each item by itself" } else { ", all items in one" };
        log.record(
            &PARAMETER_STYLE_CHANGED,
            at,
            &subject,
            format!("is written in style `{style}`{exploded}"),
        );
    }
    annotations::compare(log, pair, &subject);
    bodies::written(log, pair, &subject, &PARAMETER_CONTENT_CHANGED);
}
