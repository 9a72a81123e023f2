//! Copies operations of another document into this one, which keeps its order, comments and descriptions.
//!
//! Existing text is never rewritten. New text is inserted where the order of the document has its place, in the style
//! of the document. Components with the same name and meaning are shared. If the meanings differ, ours is kept and the
//! difference is reported.

mod components;
mod conflicts;
mod edit;
mod normalize;
mod options;
mod replace;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::changes::Change;
use openapi_document::document::Document;
use openapi_document::error::Result;
use openapi_document::operations::operations;
use openapi_document::pointer;
use openapi_document::slice::{Selection, slice_if_known};
pub use options::Options;

use components::{component_at, components, set};

/// The result of an import.
#[derive(Clone, Debug)]
pub struct Import {
    /// The new text.
    pub text: String,
    /// The operations that are new, by id.
    pub operations: Vec<String>,
    /// The operations that were there already, and stay as they are, with what theirs would change.
    pub present: BTreeMap<String, Vec<Change>>,
    /// The components that are new, as `kind/name`.
    pub added: BTreeSet<String>,
    /// The components of ours that the new operations use.
    pub reused: BTreeSet<String>,
    /// The components of ours that were replaced, with the pointers of what was said of them in extensions and went.
    pub replaced: BTreeMap<String, Vec<String>>,
    /// The components of ours that are kept although theirs mean something else, with what would change.
    pub kept: BTreeMap<String, Vec<Change>>,
}

/// Takes every operation of `theirs` into `ours`. To import some of them, cut the document first.
///
/// # Errors
/// If a component to be taken is not one that both have, if the result would not be valid, or if the layout of `ours`
/// leaves no room for new lines.
pub fn import(ours: &Document, theirs: &Document, options: &Options<'_>) -> Result<Import> {
    let normalized = normalize::normalize(ours, theirs, options);
    let (mut operations_added, mut present) = (Vec::new(), BTreeSet::new());
    let mut merged = ours.written();
    for (path, method, operation) in operations(&normalized) {
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
        let at = pointer::child(&pointer::child("/paths", path), method);
        if ours.value().pointer(&at).is_some() {
            present.insert(id);
            continue;
        }
        operations_added.push(id);
        set(&mut merged, &["paths", path, method], operation.clone());
    }
    let all = operations_added.iter().chain(&present);
    let selection = Selection { operations: all.cloned().collect(), ..Selection::default() };
    let mut kept = conflicts::differences(&merged, &normalized, &selection)?;
    let replaced = replace::replace(ours, &normalized, options, &kept, &mut merged)?;
    kept.retain(|name, _| !replaced.contains_key(name));
    let present = conflicts::of_operations(ours.value(), &normalized, present)?;
    let needed = needed(&merged, &normalized, &selection)?;
    let (reused, added): (BTreeSet<String>, BTreeSet<String>) =
        needed.into_iter().partition(|name| ours.value().pointer(&format!("/components/{name}")).is_some());
    for name in &added {
        if let Some((kind, name)) = name.split_once('/')
            && let Some(component) = normalized.pointer(&component_at(kind, name))
        {
            set(&mut merged, &["components", kind, name], component.clone());
        }
    }
    add_tags(&mut merged, &normalized, &selection);
    let text = edit::text(ours, &merged, replaced.keys(), options.style)?;
    Ok(Import { text, operations: operations_added, present, added, reused, replaced, kept })
}

/// Returns the components that the chosen operations of `merged` refer to, including those that only `theirs` has.
fn needed(merged: &Value, theirs: &Value, selection: &Selection) -> Result<BTreeSet<String>> {
    let whole = conflicts::together(merged, theirs, false)?;
    let part = slice_if_known(&whole, selection);
    Ok(components(part.value()).map(|(kind, name, _)| format!("{kind}/{name}")).collect())
}

/// Lists the tags of the new operations with those there are.
fn add_tags(merged: &mut Value, theirs: &Value, selection: &Selection) {
    let used: Vec<String> = operations(merged)
        .filter(|(.., operation)| {
            let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
            selection.operations.iter().any(|new| new == id)
        })
        .flat_map(|(.., operation)| operation.get("tags").and_then(Value::as_array).into_iter().flatten())
        .filter_map(|tag| tag.as_str().map(str::to_owned))
        .collect();
    let Some(tags) = merged.get_mut("tags").and_then(Value::as_array_mut) else { return };
    for name in used {
        if tags.iter().all(|tag| tag.get("name").and_then(Value::as_str) != Some(&name)) {
            let listed = theirs.get("tags").and_then(Value::as_array).into_iter().flatten();
            let theirs =
                listed.into_iter().find(|tag| tag.get("name").and_then(Value::as_str) == Some(&name));
            tags.push(theirs.cloned().unwrap_or_else(|| json!({"name": name})));
        }
    }
}

#[cfg(test)]
mod tests;
