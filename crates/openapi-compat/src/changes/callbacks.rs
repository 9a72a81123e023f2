//! Callbacks and webhooks: calls that the server makes, so that what it asks in them is what callers get.

use super::annotations;
use super::calls;
use super::change_log::ChangeLog;
use super::node::{Both, Member, Node, joined};
use super::rules::{CALLBACK_ADDED, CALLBACK_REMOVED};
use super::security;
use super::servers;
use super::subject::Subject;
use openapi_document::grammar::is_extension;
use openapi_document::operations::is_method;

/// Compares the webhooks of a document.
pub(super) fn compare_webhooks(log: &mut ChangeLog, document: &Both<'_>) {
    let subject = Subject::plain("the document");
    let pair = document.get("webhooks");
    annotations::compare(log, &pair, &subject);
    for (name, member) in pair.members().into_iter().filter(|(name, _)| !is_extension(name)) {
        one(log, &member, name, &subject);
    }
}

/// Compares the callbacks of one operation: by their names and addresses, of which only the addresses are called.
pub(super) fn compare(log: &mut ChangeLog, operation: &Both<'_>, subject: &Subject) {
    let pair = operation.get("callbacks");
    let (mut added, mut removed) = (Vec::new(), Vec::new());
    for ((name, address), member) in joined(addresses(&pair.old), addresses(&pair.new)) {
        match member {
            Member::Added(new) => added.push((name, address, new)),
            Member::Removed(old) => removed.push((name, address, old)),
            Member::Kept(_) => one(log, &member, &name, subject),
        }
    }
    for (name, address, new) in added {
        let renamed = removed.iter().position(|(_, known, _)| *known == address);
        let member = match renamed.map(|index| removed.remove(index)) {
            Some((.., old)) => Member::Kept(Both { old, new }),
            None => Member::Added(new),
        };
        one(log, &member, &name, subject);
    }
    for (name, _, old) in removed {
        one(log, &Member::Removed(old), &name, subject);
    }
}

/// Returns what is called by the name of the callback and the address.
fn addresses<'a>(callbacks: &Node<'a>) -> Vec<((String, String), Node<'a>)> {
    let mut found = Vec::new();
    for (name, callback) in callbacks.members().filter(|(name, _)| !is_extension(name)) {
        for (address, item) in callback.resolved().members().filter(|(address, _)| !is_extension(address)) {
            found.push(((name.clone(), address.clone()), item));
        }
    }
    found
}

/// Compares the calls to one address, or those of one webhook.
fn one(log: &mut ChangeLog, member: &Member<'_>, name: &str, subject: &Subject) {
    match member {
        Member::Added(new) => {
            log.record(&CALLBACK_ADDED, &new.pointer, subject, format!("may call back `{name}`"));
        }
        Member::Removed(old) => {
            log.record(&CALLBACK_REMOVED, &old.pointer, subject, format!("no longer calls back `{name}`"));
        }
        Member::Kept(pair) => {
            // Nothing is generated of what the server calls.
            let before = log.count();
            item(log, &pair.resolved(), name, subject);
            log.forget_rust_since(before);
        }
    }
}

fn item(log: &mut ChangeLog, pair: &Both<'_>, name: &str, subject: &Subject) {
    let called = Subject::callback(name);
    annotations::compare(log, pair, &called);
    for (method, member) in pair.members().into_iter().filter(|(key, _)| is_method(key)) {
        let verb = method.to_uppercase();
        match member {
            Member::Added(new) => {
                let text = format!("may call back `{name}` by {verb}");
                log.record(&CALLBACK_ADDED, &new.pointer, subject, text);
            }
            Member::Removed(old) => {
                let text = format!("no longer calls back `{name}` by {verb}");
                log.record(&CALLBACK_REMOVED, &old.pointer, subject, text);
            }
            Member::Kept(operation) => {
                // What the document says of servers and credentials, it says of its own operations.
                servers::compare_own(log, (&operation, pair, &operation), &called);
                security::compare(log, &operation, &operation, &called);
                calls::compare(log, (pair, &operation), ("", ""), &called);
                compare(log, &operation, &called);
            }
        }
    }
}
