//! Compares the servers of the document, of a path and of an operation.

use super::annotations;
use super::change_log::ChangeLog;
use super::node::{Both, Member, Node, joined};
use super::rules::{
    SERVER_ADDED, SERVER_ORDER_CHANGED, SERVER_REMOVED, SERVER_SPELT_DIFFERENTLY, SERVER_VARIABLES_CHANGED,
    SERVER_VARIABLES_EXTENDED,
};
use super::subject::Subject;

/// Compares the servers for all operations.
pub(super) fn compare(log: &mut ChangeLog, document: &Both<'_>) {
    compare_lists(log, &document.get("servers"), &Subject::plain("the document"));
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
    let order = |from: &[(String, Node<'_>)], others: &[(String, Node<'_>)]| -> Vec<String> {
        let common = from.iter().filter(|(url, _)| others.iter().any(|(other, _)| other == url));
        common.map(|(url, _)| url.clone()).collect()
    };
    if order(&old, &new) != order(&new, &old) {
        log.record(&SERVER_ORDER_CHANGED, pair.pointer(), subject, "has its servers in another order");
    } else if let (Some((before, _)), Some((first, _))) = (old.first(), new.first())
        && first != before
        && new.iter().any(|(url, _)| url == before)
    {
        let text = format!("is at `{first}` first, no longer at `{before}`");
        log.record(&SERVER_ORDER_CHANGED, pair.pointer(), subject, text);
    }
    for (url, member) in joined(old, new) {
        match member {
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

/// Returns an address in the form in which addresses that lead to the same place are equal: scheme and host in lower
/// case, without the usual port and a slash at the end.
fn normalised(written: &str) -> String {
    let bare = written.trim_end_matches('/');
    let Some((scheme, rest)) = bare.split_once("://") else {
        return if bare.is_empty() { "/" } else { bare }.to_owned();
    };
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let scheme = scheme.to_ascii_lowercase();
    let port = match scheme.as_str() {
        "https" | "wss" => ":443",
        "http" | "ws" => ":80",
        _ => "",
    };
    let authority = lowered_outside_braces(authority);
    let authority = authority.strip_suffix(port).filter(|_| !port.is_empty()).unwrap_or(&authority);
    format!("{scheme}://{authority}{path}")
}

/// Returns a host in lower case; the names of variables keep theirs.
fn lowered_outside_braces(host: &str) -> String {
    let mut is_inside = false;
    let lowered = host.chars().map(|letter| {
        is_inside = letter == '{' || is_inside && letter != '}';
        if is_inside { letter } else { letter.to_ascii_lowercase() }
    });
    lowered.collect()
}

/// Returns the servers of a list by their normalised addresses. An empty list means one server at the
/// root.
fn by_url<'a>(list: &Node<'a>) -> Vec<(String, Node<'a>)> {
    let servers = list.items().into_iter().map(|item| {
        let written = item.text("url").unwrap_or_default();
        let url = normalised(written);
        let server = list.at(written, item.value);
        (url, server)
    });
    let servers: Vec<_> = servers.collect();
    if servers.is_empty() { vec![("/".to_owned(), list.at("/", None))] } else { servers }
}
