//! Compares what operations may answer, by statuses.

use super::annotations;
use super::bodies;
use super::change_log::ChangeLog;
use super::headers;
use super::node::{Both, Member, Node};
use super::rules::{
    ANSWER_BODY_ADDED, ANSWER_BODY_REMOVED, ANSWER_CONTENT_TYPE_ADDED, ANSWER_CONTENT_TYPE_REMOVED,
    FAILURE_ADDED, FAILURE_REMOVED, LINKS_CHANGED, STATUS_GENERALISED, STATUS_SPECIFIED, SUCCESS_ADDED,
    SUCCESS_REMOVED,
};
use super::statuses::{is_success, standing_for, stood_for_one};
use super::subject::Subject;

/// Compares what one operation may answer.
pub(super) fn compare(log: &mut ChangeLog, declared: &Both<'_>, operation: &Subject) {
    annotations::compare(log, declared, operation);
    for (status, member) in declared.members() {
        if status.starts_with("x-") {
            continue;
        }
        let subject = |node: &Node<'_>| {
            let name = format!("the answer {status}");
            let directed = operation.answering();
            let type_name = format!("{}Response", operation.type_name);
            Subject { label: bodies::label(node, &name, operation), type_name, ..directed }
        };
        match member {
            Member::Added(new) => {
                if let Some((range, old)) = specified(status, &new, declared) {
                    let text = format!("is described by itself, no longer as `{range}`");
                    log.record(&STATUS_SPECIFIED, &new.pointer, &subject(&new), text);
                    let pair = Both { old, new }.resolved();
                    held(log, &pair, &subject(&pair.new));
                } else {
                    let rule =
                        if is_success(status, &declared.new) { &SUCCESS_ADDED } else { &FAILURE_ADDED };
                    let subject = Subject { label: operation.label.clone(), ..subject(&new) };
                    log.record(rule, &new.pointer, &subject, format!("may answer {status}"));
                }
            }
            Member::Removed(old) => {
                if let Some((range, new)) = generalised(status, &old, declared) {
                    let text = format!("is one of `{range}` now");
                    log.record(&STATUS_GENERALISED, &new.pointer, &subject(&old), text);
                    let pair = Both { old, new }.resolved();
                    held(log, &pair, &subject(&pair.new));
                } else if !stood_for_one(status, declared) {
                    // What stood for others is named now.
                    let rule =
                        if is_success(status, &declared.old) { &SUCCESS_REMOVED } else { &FAILURE_REMOVED };
                    let subject = Subject { label: operation.label.clone(), ..subject(&old) };
                    log.record(rule, &old.pointer, &subject, format!("no longer answers {status}"));
                }
            }
            Member::Kept(pair) => {
                let pair = pair.resolved();
                answer(log, &pair, &subject(&pair.new));
            }
        }
    }
}

/// Returns the answer that stood for `status`, if `new` takes its place. What says less than a `default` that stays is one
/// more answer.
fn specified<'a>(status: &str, new: &Node<'a>, declared: &Both<'a>) -> Option<(String, Node<'a>)> {
    let (range, old) = standing_for(status, &declared.old)?;
    let stays = range == "default" && declared.new.get(&range).exists();
    (says_nothing(&old) == says_nothing(new) || says_nothing(new) && !stays).then_some((range, old))
}

/// Returns the answer that stands for `status` now, if it takes the place of `old`, which a `default` that says less and
/// stood there before does not.
fn generalised<'a>(status: &str, old: &Node<'a>, declared: &Both<'a>) -> Option<(String, Node<'a>)> {
    let (range, new) = standing_for(status, &declared.new)?;
    let stayed = range == "default" && declared.old.get(&range).exists();
    (says_nothing(old) == says_nothing(&new) || says_nothing(&new) && !stayed).then_some((range, new))
}

fn says_nothing(answer: &Node<'_>) -> bool {
    answer.resolved().get("content").is_blank()
}

fn answer(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    annotations::compare(log, pair, subject);
    held(log, pair, subject);
    let links = pair.get("links");
    if links.differs_ignoring_empty() {
        log.record(&LINKS_CHANGED, links.pointer(), subject, "has other links");
    }
}

/// Compares what answers hold: their content and their headers.
fn held(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    let both = pair.get("content");
    match (both.old.is_blank(), both.new.is_blank()) {
        (true, true) => {}
        (true, false) => log.record(&ANSWER_BODY_ADDED, both.pointer(), subject, "has content now"),
        (false, true) => {
            log.record(&ANSWER_BODY_REMOVED, &both.old.pointer, subject, "has no content any more");
        }
        (false, false) => {
            let rules = (&ANSWER_CONTENT_TYPE_ADDED, &ANSWER_CONTENT_TYPE_REMOVED);
            bodies::content(log, &both, subject, rules);
        }
    }
    headers::compare(log, &pair.get("headers"), subject);
}
