//! Paths and their operations. What an operation exchanges is compared elsewhere.

use super::annotations;
use super::callbacks;
use super::calls;
use super::change_log::ChangeLog;
use super::node::{Both, Member, Node, joined};
use super::parameters;
use super::rule::{ANOTHER_SUPERTRAIT, Direction};
use super::rules::{OPERATION_ADDED, OPERATION_REMOVED, PATH_REMOVED, PATH_VARIABLE_RENAMED};
use super::security;
use super::servers;
use super::subject::Subject;
use openapi_document::operations::is_method;
use openapi_document::pointer;

/// Compares the operations of two documents.
pub(super) fn compare(log: &mut ChangeLog, document: &Both<'_>) {
    let paths = document.get("paths");
    annotations::compare(log, &paths, &Subject::plain("the list of paths"));
    for (_, item) in joined(by_template(&paths.old, &paths.new), by_template(&paths.new, &paths.old)) {
        match item {
            Member::Added(item) => {
                for (method, operation) in operations(&item) {
                    added(log, document, &item, (&method, &operation));
                }
            }
            Member::Removed(item) => path_removed(log, &item),
            Member::Kept(pair) => compare_items(log, document, &pair),
        }
    }
}

/// Identifies paths as they are written if the `others` have them too, and else by their form: variables by their places,
/// not by their names.
fn by_template<'a>(paths: &Node<'a>, others: &Node<'_>) -> Vec<(String, Node<'a>)> {
    let key = |path: &str| {
        if others.get(path).exists() { path.to_owned() } else { parameters::template(path) }
    };
    let items = paths.members().filter(|(path, _)| path.starts_with('/'));
    items.map(|(path, item)| (key(path), item)).collect()
}

fn operations<'a>(item: &Node<'a>) -> Vec<(String, Node<'a>)> {
    let item = item.resolved();
    let operations = item.members().filter(|(key, _)| is_method(key));
    operations.map(|(method, operation)| (method.clone(), operation)).collect()
}

fn path_of(item: &Node<'_>) -> String {
    pointer::steps(&item.pointer).last().unwrap_or_default()
}

fn subject(operation: &Node<'_>) -> Subject {
    Subject::operation(operation)
}

fn added(log: &mut ChangeLog, document: &Both<'_>, item: &Node<'_>, (method, operation): (&str, &Node<'_>)) {
    let text = format!("is new: {} {}", method.to_uppercase(), path_of(item));
    let operation_subject = subject(operation);
    log.record(&OPERATION_ADDED, &operation.pointer, &operation_subject, &text);
    let names = document.old.side.names();
    let id = operation.text("operationId").unwrap_or_default();
    let service_trait = operation_subject.names.service_trait(id);
    if service_trait.is_some_and(|it| !names.service_traits().iter().any(|known| known == it)) {
        let sum = Subject { items: vec!["Api".to_owned()], ..operation_subject };
        log.record_effect(&OPERATION_ADDED, &operation.pointer, &sum, text, ANOTHER_SUPERTRAIT);
    }
}

fn path_removed(log: &mut ChangeLog, item: &Node<'_>) {
    let operations = operations(item);
    // A path without operations answers nothing.
    if operations.is_empty() {
        return;
    }
    let items = operations.iter().flat_map(|(_, operation)| subject(operation).items).collect();
    let path = Subject { items, ..Subject::plain(format!("the path `{}`", path_of(item))) };
    let ids = operations.iter().filter_map(|(_, operation)| operation.text("operationId"));
    let text = format!("is gone, and with it {}", ids.collect::<Vec<_>>().join(", "));
    log.record(&PATH_REMOVED, &item.pointer, &path, text);
}

fn compare_items(log: &mut ChangeLog, document: &Both<'_>, declared: &Both<'_>) {
    let path = path_of(&declared.new);
    let around = ["servers", "security"].map(|key| document.get(key));
    let same_around = around.iter().all(|pair| pair.old.value == pair.new.value);
    if same_around && path == path_of(&declared.old) && log.is_unchanged(declared) {
        return;
    }
    let item = declared.resolved();
    annotations::compare(log, &item, &Subject::plain(format!("the path `{path}`")));
    for (method, member) in joined(operations(&declared.old), operations(&declared.new)) {
        match member {
            Member::Added(operation) => added(log, document, &declared.new, (&method, &operation)),
            Member::Removed(operation) => {
                let text = format!("is gone: {} {path}", method.to_uppercase());
                log.record(&OPERATION_REMOVED, &operation.pointer, &subject(&operation), text);
            }
            Member::Kept(pair) => {
                let subject = subject(&pair.old);
                rename_variables(log, declared, &subject);
                operation(log, (document, &item, &pair), (&path_of(&declared.old), &path), &subject);
            }
        }
    }
}

fn rename_variables(log: &mut ChangeLog, declared: &Both<'_>, operation: &Subject) {
    let (old, new) = (path_of(&declared.old), path_of(&declared.new));
    for (before, after) in parameters::variables(&old).zip(parameters::variables(&new)) {
        if before != after {
            let label = format!("the variable `{before}` of `{old}`");
            let variable = operation.directed(Direction::Request).parameter(label, "path", before);
            log.record(
                &PATH_VARIABLE_RENAMED,
                declared.pointer(),
                &variable,
                format!("is called `{after}` now"),
            );
        }
    }
}

fn operation(
    log: &mut ChangeLog,
    around @ (document, item, operation): (&Both<'_>, &Both<'_>, &Both<'_>),
    paths: (&str, &str),
    subject: &Subject,
) {
    servers::compare_own(log, around, subject);
    security::compare(log, document, operation, subject);
    calls::compare(log, (item, operation), paths, subject);
    callbacks::compare(log, operation, subject);
}
