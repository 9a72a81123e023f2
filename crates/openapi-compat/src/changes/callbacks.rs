//! Callbacks and webhooks: calls that the server makes, so that what it sends in them are answers to the caller.

use super::annotations;
use super::bodies;
use super::change_log::ChangeLog;
use super::node::{Both, Member, Node, joined};
use super::rule::Direction;
use super::rules::{
    ANSWER_BODY_ADDED, ANSWER_BODY_REMOVED, ANSWER_CONTENT_TYPE_ADDED, ANSWER_CONTENT_TYPE_REMOVED,
    CALLBACK_ADDED, CALLBACK_CHANGED, CALLBACK_REMOVED, REQUEST_CONTENT_TYPE_ADDED,
    REQUEST_CONTENT_TYPE_REMOVED,
};
use super::schemas;
use super::subject::Subject;
use openapi_document::grammar::is_extension;
use openapi_document::operations::is_method;

/// Compares the callbacks of one operation, or the webhooks of a document.
pub(super) fn compare(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    for (name, member) in pair.members() {
        match member {
            Member::Added(new) => {
                log.record(&CALLBACK_ADDED, &new.pointer, subject, format!("may call back `{name}`"));
            }
            Member::Removed(old) => {
                log.record(
                    &CALLBACK_REMOVED,
                    &old.pointer,
                    subject,
                    format!("no longer calls back `{name}`"),
                );
            }
            Member::Kept(pair) => {
                let before = log.count();
                let pair = pair.resolved();
                if pair.new.kind().is_some_and(|kind| kind.name == "callback") {
                    addresses(log, &pair, name, subject);
                } else {
                    item(log, &pair, name, subject);
                }
                if log.count() == before && !pair.same() {
                    let text = format!("calls back `{name}` differently");
                    log.record(&CALLBACK_CHANGED, pair.pointer(), subject, text);
                }
                log.forget_rust_since(before);
            }
        }
    }
}

fn addresses(log: &mut ChangeLog, pair: &Both<'_>, name: &str, subject: &Subject) {
    for (address, member) in pair.members() {
        if let Member::Kept(pair) = member
            && !is_extension(address)
        {
            item(log, &pair.resolved(), name, subject);
        }
    }
}

/// Compares the calls to one address.
fn item(log: &mut ChangeLog, pair: &Both<'_>, name: &str, subject: &Subject) {
    for (method, member) in pair.members().into_iter().filter(|(key, _)| is_method(key)) {
        let verb = method.to_uppercase();
        match member {
            Member::Added(new) => {
                log.record(
                    &CALLBACK_ADDED,
                    &new.pointer,
                    subject,
                    format!("may call back `{name}` by {verb}"),
                );
            }
            Member::Removed(old) => {
                let text = format!("no longer calls back `{name}` by {verb}");
                log.record(&CALLBACK_REMOVED, &old.pointer, subject, text);
            }
            Member::Kept(pair) => call(log, &pair, name, subject),
        }
    }
}

fn call(log: &mut ChangeLog, pair: &Both<'_>, name: &str, subject: &Subject) {
    let part = |part: &str, direction| Subject {
        items: Vec::new(),
        ..Subject { label: format!("{part} `{name}`"), ..subject.directed(direction) }
    };
    annotations::compare(log, pair, subject);
    let sent = part("the body of the callback", Direction::Response);
    let body = pair.get("requestBody").resolved();
    match (body.old.exists(), body.new.exists()) {
        (true, true) => {
            let rules = (&ANSWER_CONTENT_TYPE_ADDED, &ANSWER_CONTENT_TYPE_REMOVED);
            bodies::content(log, &body.get("content"), &sent, rules);
        }
        (false, true) => log.record(&ANSWER_BODY_ADDED, &body.new.pointer, &sent, "is new"),
        (true, false) => log.record(&ANSWER_BODY_REMOVED, &body.old.pointer, &sent, "is gone"),
        (false, false) => {}
    }
    for (key, member) in joined(by_name(&pair.old), by_name(&pair.new)) {
        if let Member::Kept(parameter) = member {
            let sent = part(&format!("the parameter `{key}` of the callback"), Direction::Response);
            schemas::compare(log, &parameter.get("schema"), &sent);
        }
    }
    let answered = part("the answer to the callback", Direction::Request);
    for (_, member) in pair.get("responses").members() {
        if let Member::Kept(answer) = member {
            let rules = (&REQUEST_CONTENT_TYPE_ADDED, &REQUEST_CONTENT_TYPE_REMOVED);
            bodies::content(log, &answer.resolved().get("content"), &answered, rules);
        }
    }
}

fn by_name<'a>(call: &Node<'a>) -> Vec<(String, Node<'a>)> {
    let parameters = call.get("parameters").items().into_iter().map(|parameter| parameter.resolved());
    let named = |parameter: &Node<'a>| {
        [parameter.text("in"), parameter.text("name")].map(Option::unwrap_or_default).join(":")
    };
    parameters.map(|parameter| (named(&parameter), parameter)).collect()
}
