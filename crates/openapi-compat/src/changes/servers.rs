//! Compares the servers of the document, of a path and of an operation.

use std::collections::BTreeSet;

use serde_json::Value;

use super::annotations;
use super::change_log::ChangeLog;
use super::node::{Both, Member, Node, joined};
use super::parameters::template;
use super::rules::{
    SERVER_ADDED, SERVER_ORDER_CHANGED, SERVER_REMOVED, SERVER_SPELT_DIFFERENTLY, SERVER_VARIABLES_CHANGED,
    SERVER_VARIABLES_EXTENDED,
};
use super::subject::Subject;
use super::urls::normalised;
use openapi_document::operations::operations;

/// Compares the servers for all operations, if they are those of one, or there is none.
pub(super) fn compare(log: &mut ChangeLog, document: &Both<'_>) {
    let [old, new] = [&document.old, &document.new].map(relying);
    let is_empty = |side: &Node<'_>| operations(side.side.root).next().is_none();
    if old.is_disjoint(&new) && !(is_empty(&document.old) && is_empty(&document.new)) {
        return;
    }
    compare_lists(log, &document.get("servers"), &Subject::plain("the document"));
}

/// Returns the operations to which the servers of the document apply.
fn relying<'a>(document: &Node<'a>) -> BTreeSet<(String, &'a str)> {
    let items = document.get("paths");
    let says_none = |path: &str, operation: &Value| {
        let item = items.get(path).resolved();
        let own = operation.get("servers").and_then(Value::as_array);
        own.is_none_or(Vec::is_empty) && item.get("servers").is_blank()
    };
    let all = operations(document.side.root).filter(|(path, _, operation)| says_none(path, operation));
    all.map(|(path, method, _)| (template(path), method)).collect()
}

/// Compares the servers of one operation, if it or its path names any; those around it otherwise hold.
pub(super) fn compare_own(
    log: &mut ChangeLog,
    (document, item, operation): (&Both<'_>, &Both<'_>, &Both<'_>),
    subject: &Subject,
) {
    let own = |document: &Node<'_>, item: &Node<'_>, operation: &Node<'_>| {
        [operation, item, document].iter().position(|node| !node.get("servers").is_blank())
    };
    let (old, new) = (
        own(&document.old, &item.old, &operation.old).unwrap_or(2),
        own(&document.new, &item.new, &operation.new).unwrap_or(2),
    );
    if (old, new) == (2, 2) {
        return;
    }
    let pairs = [operation, item, document];
    let (Some(old), Some(new)) = (pairs.get(old), pairs.get(new)) else { return };
    let pair = Both { old: old.old.get("servers"), new: new.new.get("servers") };
    compare_lists(log, &pair, subject);
}

fn compare_lists(log: &mut ChangeLog, pair: &Both<'_>, subject: &Subject) {
    let (old, new) = (by_url(&pair.old), by_url(&pair.new));
    let all = |list: &[(String, Node<'_>)]| -> Vec<String> {
        list.iter().flat_map(|(url, server)| written_out(url, server)).collect()
    };
    let (before, now) = (all(&old), all(&new));
    let order = |from: &[(String, Node<'_>)], others: &[(String, Node<'_>)]| -> Vec<String> {
        let common = from.iter().filter(|(url, _)| others.iter().any(|(other, _)| other == url));
        common.map(|(url, _)| url.clone()).collect()
    };
    let is_same_first = old.first().map(|(url, _)| url) == new.first().map(|(url, _)| url);
    if order(&old, &new) != order(&new, &old) {
        log.record(&SERVER_ORDER_CHANGED, pair.pointer(), subject, "has its servers in another order");
    } else if let (Some(before), Some(first)) = (before.first(), now.first())
        && first != before
        && !is_same_first
        && now.contains(before)
    {
        let text = format!("is at `{first}` first, no longer at `{before}`");
        log.record(&SERVER_ORDER_CHANGED, pair.pointer(), subject, text);
    }
    let is_among = |url: &str, server: &Node<'_>, others: &[String]| {
        written_out(url, server).iter().all(|address| others.contains(address))
    };
    for (url, member) in joined(old, new) {
        match member {
            Member::Added(new) if is_among(&url, &new, &before) => {
                let text = format!("is at `{url}`, which was written differently");
                log.record(&SERVER_SPELT_DIFFERENTLY, &new.pointer, subject, text);
            }
            Member::Removed(old) if is_among(&url, &old, &now) => {}
            Member::Added(new) => {
                log.record(&SERVER_ADDED, &new.pointer, subject, format!("is at `{url}` too"));
            }
            Member::Removed(old) => {
                log.record(&SERVER_REMOVED, &old.pointer, subject, format!("is no longer at `{url}`"));
            }
            Member::Kept(pair) => {
                annotations::compare(log, &pair, subject);
                let spelt = [&pair.old, &pair.new].map(|server| server.text("url").unwrap_or("/"));
                if spelt[0] != spelt[1] {
                    let text = format!("is at `{}`, which was spelt `{}`", spelt[1], spelt[0]);
                    log.record(&SERVER_SPELT_DIFFERENTLY, pair.pointer(), subject, text);
                }
                variables(log, &pair.get("variables"), &url, subject);
            }
        }
    }
}

/// Compares the variables of one address.
fn variables(log: &mut ChangeLog, pair: &Both<'_>, url: &str, subject: &Subject) {
    for (name, member) in pair.members() {
        // What is not in the address is not read.
        let Member::Kept(variable) = member else { continue };
        if !url.contains(&format!("{{{name}}}")) {
            continue;
        }
        annotations::compare(log, &variable, subject);
        let mut record = |rule, text: String| log.record(rule, variable.pointer(), subject, text);
        let defaults = [&variable.old, &variable.new].map(|node| node.text("default").unwrap_or_default());
        if defaults[0] != defaults[1] {
            let text =
                format!("is at `{url}` with `{name}` as `{}`, no longer `{}`", defaults[1], defaults[0]);
            record(&SERVER_VARIABLES_CHANGED, text);
        }
        let [old, new] = [&variable.old, &variable.new].map(|node| {
            let values: Vec<&str> = node.texts("enum").collect();
            (!values.is_empty()).then_some(values)
        });
        match (old, new) {
            (None, Some(_)) => {
                record(&SERVER_VARIABLES_CHANGED, format!("has `{name}` of `{url}` enumerated now"));
            }
            (Some(old), Some(new)) if old.iter().any(|value| !new.contains(value)) => {
                let lost: Vec<&str> = old.into_iter().filter(|value| !new.contains(value)).collect();
                let text = format!("no longer has `{}` as `{name}` of `{url}`", lost.join("`, `"));
                record(&SERVER_VARIABLES_CHANGED, text);
            }
            (Some(old), Some(new)) if new.len() > old.len() => {
                record(&SERVER_VARIABLES_EXTENDED, format!("has further values of `{name}` of `{url}`"));
            }
            (Some(_), None) => {
                record(&SERVER_VARIABLES_EXTENDED, format!("may have any value as `{name}` of `{url}`"));
            }
            _ => {}
        }
    }
}

/// Returns the servers of a list by their normalised addresses, each once. An empty list means one server at the root.
fn by_url<'a>(list: &Node<'a>) -> Vec<(String, Node<'a>)> {
    let mut servers: Vec<(String, Node<'a>)> = Vec::new();
    for item in list.items() {
        let written = item.text("url").unwrap_or_default();
        let url = normalised(written);
        if !servers.iter().any(|(known, _)| *known == url) {
            servers.push((url, list.at(written, item.value)));
        }
    }
    if servers.is_empty() { vec![("/".to_owned(), list.at("/", None))] } else { servers }
}

/// The most addresses that one with variables is written out as.
const MAX_ADDRESSES: usize = 64;

/// Returns the addresses that one with variables stands for, the default first. A variable that may have any value stands
/// for itself, whatever its name.
fn written_out(url: &str, server: &Node<'_>) -> Vec<String> {
    let mut found = vec![url.to_owned()];
    for (name, variable) in server.get("variables").members() {
        let place = format!("{{{name}}}");
        if !url.contains(&place) {
            continue;
        }
        let default = variable.text("default").unwrap_or_default();
        let mut values: Vec<String> = variable.texts("enum").map(str::to_owned).collect();
        if values.is_empty() {
            values.push(format!("{{={default}}}"));
        }
        values.sort_by_key(|value| value != default);
        if found.len() * values.len() > MAX_ADDRESSES {
            return vec![url.to_owned()];
        }
        let replaced = values.iter().flat_map(|value| found.iter().map(|url| url.replace(&place, value)));
        found = replaced.collect();
    }
    found.into_iter().map(|url| normalised(&url)).collect()
}
