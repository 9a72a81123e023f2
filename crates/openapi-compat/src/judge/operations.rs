//! Paths and their operations. What an operation exchanges is compared elsewhere.

use super::annotations;
use super::bodies;
use super::journal::Journal;
use super::node::{Member, Node, Pair, joined};
use super::parameters;
use super::rule::{ANOTHER_SUPERTRAIT, Direction};
use super::rules::{
    CALLBACK_ADDED, CALLBACK_CHANGED, CALLBACK_REMOVED, OPERATION_ADDED, OPERATION_DEPRECATED,
    OPERATION_ID_CHANGED, OPERATION_REMOVED, OPERATION_RESTORED, OPERATION_TAGS_CHANGED, PATH_REMOVED,
    PATH_VARIABLE_RENAMED,
};
use super::security;
use super::servers;
use super::subject::Subject;
use openapi_document::operations::is_method;
use openapi_document::pointer;

/// Compares the operations of two documents.
pub(super) fn compare(journal: &mut Journal, document: &Pair<'_>) {
    let paths = document.get("paths");
    annotations::compare(journal, &paths, &Subject::plain("the list of paths"));
    for (_, item) in joined(by_template(&paths.old), by_template(&paths.new)) {
        match item {
            Member::Added(item) => {
                for (method, operation) in operations(&item) {
                    added(journal, document, &item, (&method, &operation));
                }
            }
            Member::Removed(item) => path_removed(journal, &item),
            Member::Kept(pair) => compare_items(journal, document, &pair),
        }
    }
}

/// Paths by their form: variables are told apart by their places, not by their names.
fn by_template<'a>(paths: &Node<'a>) -> Vec<(String, Node<'a>)> {
    let items = paths.members().filter(|(path, _)| path.starts_with('/'));
    items.map(|(path, item)| (parameters::template(path), item)).collect()
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

fn added(
    journal: &mut Journal,
    document: &Pair<'_>,
    item: &Node<'_>,
    (method, operation): (&str, &Node<'_>),
) {
    let text = format!("is new: {} {}", method.to_uppercase(), path_of(item));
    let operation_subject = subject(operation);
    journal.note(&OPERATION_ADDED, &operation.pointer, &operation_subject, &text);
    let names = document.old.side.names();
    let id = operation.text("operationId").unwrap_or_default();
    let service_trait = operation_subject.names.service_trait(id);
    if service_trait.is_some_and(|it| !names.service_traits().iter().any(|known| known == it)) {
        let sum = Subject { items: vec!["Api".to_owned()], ..operation_subject };
        journal.note_effect(&OPERATION_ADDED, &operation.pointer, &sum, text, ANOTHER_SUPERTRAIT);
    }
}

fn path_removed(journal: &mut Journal, item: &Node<'_>) {
    let operations = operations(item);
    let items = operations.iter().flat_map(|(_, operation)| subject(operation).items).collect();
    let path = Subject { items, ..Subject::plain(format!("the path `{}`", path_of(item))) };
    let ids = operations.iter().filter_map(|(_, operation)| operation.text("operationId"));
    let ids: Vec<&str> = ids.collect();
    let text = if ids.is_empty() {
        "is gone".to_owned()
    } else {
        format!("is gone, and with it {}", ids.join(", "))
    };
    journal.note(&PATH_REMOVED, &item.pointer, &path, text);
}

fn compare_items(journal: &mut Journal, document: &Pair<'_>, declared: &Pair<'_>) {
    let path = path_of(&declared.new);
    let around = ["servers", "security"].map(|key| document.get(key));
    let same_around = around.iter().all(|pair| pair.old.value == pair.new.value);
    if same_around && path == path_of(&declared.old) && journal.is_settled(declared) {
        return;
    }
    let item = declared.resolved();
    annotations::compare(journal, &item, &Subject::plain(format!("the path `{path}`")));
    for (method, member) in joined(operations(&declared.old), operations(&declared.new)) {
        match member {
            Member::Added(operation) => added(journal, document, &declared.new, (&method, &operation)),
            Member::Removed(operation) => {
                let text = format!("is gone: {} {path}", method.to_uppercase());
                journal.note(&OPERATION_REMOVED, &operation.pointer, &subject(&operation), text);
            }
            Member::Kept(pair) => {
                let subject = subject(&pair.old);
                rename_variables(journal, declared, &subject);
                operation(journal, (document, &item, &pair), (&path_of(&declared.old), &path), &subject);
            }
        }
    }
}

fn rename_variables(journal: &mut Journal, declared: &Pair<'_>, operation: &Subject) {
    let (old, new) = (path_of(&declared.old), path_of(&declared.new));
    for (before, after) in parameters::variables(&old).zip(parameters::variables(&new)) {
        if before != after {
            let label = format!("the variable `{before}` of `{old}`");
            let variable = operation.directed(Direction::Request).parameter(label, "path", before);
            journal.note(
                &PATH_VARIABLE_RENAMED,
                declared.pointer(),
                &variable,
                format!("is called `{after}` now"),
            );
        }
    }
}

fn operation(
    journal: &mut Journal,
    around @ (document, item, operation): (&Pair<'_>, &Pair<'_>, &Pair<'_>),
    paths: (&str, &str),
    subject: &Subject,
) {
    let id = operation.get("operationId");
    if !id.same() {
        let text = format!("is called `{}` now", operation.new.text("operationId").unwrap_or_default());
        journal.note(&OPERATION_ID_CHANGED, id.pointer(), subject, text);
    }
    let tags = operation.get("tags");
    if tags.differs() {
        journal.note(&OPERATION_TAGS_CHANGED, tags.pointer(), subject, "has other tags");
    }
    match (operation.old.flag("deprecated"), operation.new.flag("deprecated")) {
        (false, true) => {
            journal.note(&OPERATION_DEPRECATED, operation.pointer(), subject, "is deprecated");
        }
        (true, false) => {
            journal.note(&OPERATION_RESTORED, operation.pointer(), subject, "is no longer deprecated");
        }
        _ => {}
    }
    annotations::compare(journal, operation, subject);
    servers::compare_own(journal, around, subject);
    security::compare(journal, document, operation, subject);
    parameters::compare(journal, item, operation, paths, subject);
    bodies::compare_request(journal, &operation.get("requestBody"), subject);
    bodies::compare_answers(journal, &operation.get("responses"), subject);
    callbacks(journal, &operation.get("callbacks"), subject);
}

/// Compares callbacks or webhooks. They are operations of the caller; only that they differ is told.
pub(super) fn callbacks(journal: &mut Journal, pair: &Pair<'_>, subject: &Subject) {
    for (name, member) in pair.members() {
        match member {
            Member::Added(new) => {
                journal.note(&CALLBACK_ADDED, &new.pointer, subject, format!("may call back `{name}`"));
            }
            Member::Removed(old) => {
                journal.note(
                    &CALLBACK_REMOVED,
                    &old.pointer,
                    subject,
                    format!("no longer calls back `{name}`"),
                );
            }
            Member::Kept(pair) => {
                if !pair.resolved().same() {
                    let text = format!("calls back `{name}` differently");
                    journal.note(&CALLBACK_CHANGED, pair.resolved().pointer(), subject, text);
                }
            }
        }
    }
}
