//! Compares the contents of requests and responses: bodies, media types, headers, statuses.

use super::annotations;
use super::change_log::ChangeLog;
use super::encodings;
use super::media_types;
use super::node::{Both, Member, Node, joined};
use super::rule::{ANOTHER_ARGUMENT, Direction, Rule};
use super::rules::{
    ANSWER_BODY_ADDED, ANSWER_BODY_REMOVED, ANSWER_CONTENT_TYPE_ADDED, ANSWER_CONTENT_TYPE_NARROWED,
    ANSWER_CONTENT_TYPE_REMOVED, ENCODING_CHANGED, FAILURE_ADDED, FAILURE_REMOVED, HEADER_ADDED,
    HEADER_BECAME_OPTIONAL, HEADER_BECAME_REQUIRED, HEADER_CHANGED, HEADER_REMOVED, LINKS_CHANGED,
    REQUEST_BODY_ADDED_OPTIONAL, REQUEST_BODY_ADDED_REQUIRED, REQUEST_BODY_BECAME_OPTIONAL,
    REQUEST_BODY_BECAME_REQUIRED, REQUEST_BODY_REMOVED, REQUEST_CONTENT_TYPE_ADDED,
    REQUEST_CONTENT_TYPE_REMOVED, STATUS_GENERALISED, STATUS_SPECIFIED, SUCCESS_ADDED, SUCCESS_REMOVED,
};
use super::schemas;
use super::statuses::{is_success, standing_for, stands_for_one};
use super::style::style;
use super::subject::Subject;
use openapi_document::pointer;

/// Compares the request bodies of one operation.
pub(super) fn compare_request(log: &mut ChangeLog, declared: &Both<'_>, operation: &Subject) {
    let pair = declared.resolved();
    let (old, new) = (&pair.old, &pair.new);
    // Whether there is one is said by the operation, what it is perhaps by a component.
    let place = if old.exists() && new.exists() { new } else { &declared.new };
    let label = label(place, "the body", operation);
    let subject = operation.directed(Direction::Request).part(label, "body");
    match (old.exists(), new.exists()) {
        (false, false) => {}
        (false, true) => {
            let (rule, text) = if new.flag("required") {
                (&REQUEST_BODY_ADDED_REQUIRED, "is new, and required")
            } else {
                (&REQUEST_BODY_ADDED_OPTIONAL, "is new")
            };
            log.record(rule, &declared.new.pointer, &subject, text);
            let method = subject.served_by(operation);
            log.record_effect(rule, &declared.new.pointer, &method, text, ANOTHER_ARGUMENT);
        }
        (true, false) => log.record(&REQUEST_BODY_REMOVED, &declared.old.pointer, &subject, "is gone"),
        (true, true) => {
            match (old.flag("required"), new.flag("required")) {
                (false, true) => {
                    log.record(&REQUEST_BODY_BECAME_REQUIRED, &new.pointer, &subject, "is required now");
                }
                (true, false) => {
                    log.record(&REQUEST_BODY_BECAME_OPTIONAL, &new.pointer, &subject, "is optional now");
                }
                _ => {}
            }
            annotations::compare(log, &pair, &subject);
            let rules = (&REQUEST_CONTENT_TYPE_ADDED, &REQUEST_CONTENT_TYPE_REMOVED);
            content(log, &pair.get("content"), &subject, rules);
        }
    }
}

/// Compares what one operation may answer.
pub(super) fn compare_answers(log: &mut ChangeLog, declared: &Both<'_>, operation: &Subject) {
    annotations::compare(log, declared, operation);
    for (status, member) in declared.members() {
        if status.starts_with("x-") {
            continue;
        }
        let subject = |node: &Node<'_>| {
            let name = format!("the answer {status}");
            let directed = operation.directed(Direction::Response);
            let type_name = format!("{}Response", operation.type_name);
            Subject { label: label(node, &name, operation), type_name, ..directed }
        };
        match member {
            Member::Added(new) if comparable(status, &new, &declared.old).is_some() => {
                let Some((range, old)) = comparable(status, &new, &declared.old) else { continue };
                let text = format!("is described by itself, no longer as `{range}`");
                log.record(&STATUS_SPECIFIED, &new.pointer, &subject(&new), text);
                let pair = Both { old, new }.resolved();
                content(log, &pair.get("content"), &subject(&pair.new), ANSWER_CONTENT_TYPES);
            }
            Member::Added(new) => {
                let rule = if is_success(status, &declared.new) { &SUCCESS_ADDED } else { &FAILURE_ADDED };
                let subject = Subject { label: operation.label.clone(), ..subject(&new) };
                log.record(rule, &new.pointer, &subject, format!("may answer {status}"));
            }
            Member::Removed(old) if comparable(status, &old, &declared.new).is_some() => {
                let Some((range, new)) = comparable(status, &old, &declared.new) else { continue };
                let text = format!("is one of `{range}` now");
                log.record(&STATUS_GENERALISED, &new.pointer, &subject(&old), text);
                let pair = Both { old, new }.resolved();
                content(log, &pair.get("content"), &subject(&pair.new), ANSWER_CONTENT_TYPES);
            }
            // What stood for others is named now.
            Member::Removed(_) if stands_for_one(status, &declared.new) => {}
            Member::Removed(old) => {
                let rule =
                    if is_success(status, &declared.old) { &SUCCESS_REMOVED } else { &FAILURE_REMOVED };
                let subject = Subject { label: operation.label.clone(), ..subject(&old) };
                log.record(rule, &old.pointer, &subject, format!("no longer answers {status}"));
            }
            Member::Kept(pair) => {
                let pair = pair.resolved();
                answer(log, &pair, &subject(&pair.new));
            }
        }
    }
}

const ANSWER_CONTENT_TYPES: (&Rule, &Rule) = (&ANSWER_CONTENT_TYPE_ADDED, &ANSWER_CONTENT_TYPE_REMOVED);

/// Returns the answer that stands for `status` among others, if both say what they hold, or neither.
fn comparable<'a>(status: &str, answer: &Node<'a>, others: &Node<'a>) -> Option<(String, Node<'a>)> {
    let says_nothing = |answer: &Node<'a>| answer.resolved().get("content").is_blank();
    standing_for(status, others).filter(|(_, other)| says_nothing(other) == says_nothing(answer))
}

/// Components keep their own names, since several operations have them.
fn label(node: &Node<'_>, name: &str, operation: &Subject) -> String {
    match node.pointer.strip_prefix("/components/") {
        Some(component) => format!("{name} `{}`", component.rsplit('/').next().unwrap_or_default()),
        None => format!("{name} of {}", operation.label),
    }
}

fn answer(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    annotations::compare(log, pair, subject);
    let both = pair.get("content");
    match (both.old.is_blank(), both.new.is_blank()) {
        (true, true) => {}
        (true, false) => log.record(&ANSWER_BODY_ADDED, both.pointer(), subject, "has content now"),
        (false, true) => {
            log.record(&ANSWER_BODY_REMOVED, &both.old.pointer, subject, "has no content any more");
        }
        (false, false) => {
            content(log, &both, subject, ANSWER_CONTENT_TYPES);
        }
    }
    headers(log, &pair.get("headers"), subject);
    let links = pair.get("links");
    if links.differs_ignoring_empty() {
        log.record(&LINKS_CHANGED, links.pointer(), subject, "has other links");
    }
}

/// Compares contents by their media types. A range stands for every media type that is not named beside it.
pub(super) fn content(
    log: &mut ChangeLog,
    pair: &Both<'_>,
    subject: &Subject,
    (added, removed): (&'static Rule, &'static Rule),
) {
    let (old_types, new_types) = (media_types::of(&pair.old), media_types::of(&pair.new));
    let is_answer = subject.direction == Some(Direction::Response);
    for (name, member) in joined(old_types.clone(), new_types.clone()) {
        match member {
            Member::Added(new) => match media_types::covering(&old_types, &name) {
                // What the server says of it now, where it could be anything.
                Some(old) if is_answer => media_type(log, &Both { old: old.clone(), new }, subject),
                _ => log.record(added, &new.pointer, subject, format!("may be `{name}`")),
            },
            Member::Removed(old) => match media_types::covering(&new_types, &name) {
                Some(new) => media_type(log, &Both { old, new: new.clone() }, subject),
                None if is_answer && media_types::is_covering(&name, &new_types) => {
                    let text = format!("is no longer anything that `{name}` stands for");
                    log.record(&ANSWER_CONTENT_TYPE_NARROWED, &old.pointer, subject, text);
                }
                None => log.record(removed, &old.pointer, subject, format!("is no longer `{name}`")),
            },
            Member::Kept(pair) => media_type(log, &pair, subject),
        }
    }
}

/// Compares what stands under a media type.
pub(super) fn media_type(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    annotations::compare(log, pair, subject);
    let encoding = pair.get("encoding");
    let name = pointer::steps(pair.pointer()).last().unwrap_or_default();
    if encodings::differ(pair, &media_types::essence(&name)) {
        log.record(&ENCODING_CHANGED, encoding.pointer(), subject, "has its parts encoded differently");
    }
    schemas::compare(log, &pair.get("schema"), subject);
    schemas::compare(log, &pair.get("itemSchema"), subject);
}

fn headers<'a>(log: &mut ChangeLog, pair: &Both<'a>, answer: &Subject) {
    // The names of headers are the same in any case.
    let named = |node: &Node<'a>| -> Vec<(String, Node<'a>)> {
        node.members().map(|(name, header)| (name.to_ascii_lowercase(), header)).collect()
    };
    for (_, member) in joined(named(&pair.old), named(&pair.new)) {
        let (Member::Added(Node { pointer, .. })
        | Member::Removed(Node { pointer, .. })
        | Member::Kept(Both { new: Node { pointer, .. }, .. })) = &member;
        let name = &pointer::steps(pointer).last().unwrap_or_default();
        let subject = answer.part(format!("the header `{name}` of {}", answer.label), name);
        match member {
            Member::Added(new) => log.record(&HEADER_ADDED, &new.pointer, &subject, "is new"),
            Member::Removed(old) => log.record(&HEADER_REMOVED, &old.pointer, &subject, "is gone"),
            Member::Kept(pair) => header(log, &pair.resolved(), &subject),
        }
    }
}

fn header(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    let at = pair.pointer();
    match (pair.old.flag("required"), pair.new.flag("required")) {
        (false, true) => log.record(&HEADER_BECAME_REQUIRED, at, subject, "is always there now"),
        (true, false) => log.record(&HEADER_BECAME_OPTIONAL, at, subject, "may be missing now"),
        _ => {}
    }
    let content = pair.get("content");
    let as_content = content.differs_ignoring_empty();
    let deprecated = pair.old.flag("deprecated") != pair.new.flag("deprecated");
    if as_content || deprecated || style(&pair.old) != style(&pair.new) {
        let text = if deprecated { "is deprecated, or no longer so" } else { "is written differently" };
        log.record(&HEADER_CHANGED, at, subject, text);
    }
    annotations::compare(log, pair, subject);
    schemas::compare(log, &pair.get("schema"), subject);
}
