//! Compares the headers of answers.

use super::annotations;
use super::bodies;
use super::change_log::ChangeLog;
use super::node::{Both, Member, Node, joined};
use super::rule::Direction;
use super::rules::{
    HEADER_ADDED, HEADER_BECAME_OPTIONAL, HEADER_BECAME_REQUIRED, HEADER_CHANGED, HEADER_REMOVED,
};
use super::style;
use super::subject::Subject;
use openapi_document::pointer;

/// Compares the headers of an answer.
pub(super) fn compare<'a>(log: &mut ChangeLog, pair: &Both<'a>, answer: &Subject) {
    // The names of headers are the same in any case.
    let named = |node: &Node<'a>| -> Vec<(String, Node<'a>)> {
        let named = node.members().map(|(name, header)| (name.to_ascii_lowercase(), header));
        // The type of the content is said by the content.
        named.filter(|(name, _)| name != "content-type").collect()
    };
    for (_, member) in joined(named(&pair.old), named(&pair.new)) {
        let (Member::Added(Node { pointer, .. })
        | Member::Removed(Node { pointer, .. })
        | Member::Kept(Both { new: Node { pointer, .. }, .. })) = &member;
        let name = &pointer::steps(pointer).last().unwrap_or_default();
        let subject = answer.part(format!("the header `{name}` of {}", answer.label), name);
        match member {
            Member::Added(new) => {
                log.record(&HEADER_ADDED, &new.pointer, &subject, "is new");
                // Whoever answers a callback must send it.
                if new.resolved().flag("required") && subject.direction == Some(Direction::Request) {
                    log.record(&HEADER_BECAME_REQUIRED, &new.pointer, &subject, "must be there");
                }
            }
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
    let deprecated = pair.old.flag("deprecated") != pair.new.flag("deprecated");
    if deprecated || !style::are_alike(pair) {
        let text = if deprecated { "is deprecated, or no longer so" } else { "is written differently" };
        log.record(&HEADER_CHANGED, at, subject, text);
    }
    annotations::compare(log, pair, subject);
    bodies::written(log, pair, subject, &HEADER_CHANGED);
}
