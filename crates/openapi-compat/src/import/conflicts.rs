//! Finds conflicts: components and operations that both documents have under one name, with different meanings.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::components::{component_at, components, document_of, set};
use crate::changes::{self, Change, Severity};
use openapi_document::document::Document;
use openapi_document::error::Result;
use openapi_document::operations::operations;
use openapi_document::slice::{Selection, slice_if_known};
use openapi_document::{grammar, pointer};

/// Returns the changes in each of our components that the chosen operations use, if it were replaced by theirs.
/// Differences in descriptions, and in extensions, which only one of the documents has, are ignored.
pub(super) fn differences(
    ours: &Value,
    theirs: &Value,
    selection: &Selection,
) -> Result<BTreeMap<String, Vec<Change>>> {
    let (with_ours, with_theirs) = (together(ours, theirs, false)?, together(ours, theirs, true)?);
    let mut differences: BTreeMap<String, Vec<Change>> = BTreeMap::new();
    for change in changes(&with_ours, &with_theirs, selection)? {
        let steps: Vec<String> = pointer::steps(&change.pointer).collect();
        if let [first, kind, name, ..] = steps.as_slice()
            && first == "components"
            && ours.pointer(&component_at(kind, name)).is_some()
        {
            differences.entry(format!("{kind}/{name}")).or_default().push(change);
        }
    }
    Ok(differences)
}

/// Returns the changes in each of these operations, which both documents have, if it were replaced by theirs.
pub(super) fn of_operations(
    ours: &Value,
    theirs: &Value,
    ids: BTreeSet<String>,
) -> Result<BTreeMap<String, Vec<Change>>> {
    let mut differences: BTreeMap<String, Vec<Change>> = ids.into_iter().map(|id| (id, Vec::new())).collect();
    if differences.is_empty() {
        return Ok(differences);
    }
    let selection = Selection { operations: differences.keys().cloned().collect(), ..Selection::default() };
    let changes = changes(&document_of("ours", ours)?, &together(theirs, ours, true)?, &selection)?;
    for (path, method, operation) in operations(theirs) {
        let at = pointer::child(&pointer::child("/paths", path), method);
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
        if let Some(told) = differences.get_mut(id) {
            let within = |change: &&Change| {
                change.pointer.strip_prefix(&at).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            told.extend(changes.iter().filter(within).cloned());
        }
    }
    Ok(differences)
}

/// Returns the changes between the chosen operations of two documents. Differences in descriptions, and in extensions,
/// which only one of the documents has, are ignored.
fn changes(old: &Document, new: &Document, selection: &Selection) -> Result<Vec<Change>> {
    let part = |whole: &Document| -> Result<Document> {
        let part = slice_if_known(whole, selection);
        document_of("the imported operations", &without_extensions(part.value()))
    };
    let mut changes = changes::changes(&part(old)?, &part(new)?);
    changes.retain(|change| change.severity != Severity::Documentation);
    Ok(changes)
}

/// Returns a document with the components of both. Of two with the same name, it has one side's.
pub(super) fn together(ours: &Value, theirs: &Value, theirs_win: bool) -> Result<Document> {
    let mut whole = ours.clone();
    for (kind, name, component) in components(theirs) {
        if theirs_win || ours.pointer(&component_at(kind, name)).is_none() {
            set(&mut whole, &["components", kind, name], component.clone());
        }
    }
    document_of("both documents", &whole)
}

/// Returns the value without members whose keys are extensions.
pub(super) fn without_extensions(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(key, _)| !grammar::is_extension(key));
            Value::Object(kept.map(|(key, member)| (key.clone(), without_extensions(member))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(without_extensions).collect()),
        scalar => scalar.clone(),
    }
}
