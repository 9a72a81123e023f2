//! Whether components that are called alike mean alike: what the judge says of the new operations with ours or theirs.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{components, document_of, set};
use crate::document::{Document, grammar, pointer};
use crate::error::Result;
use crate::judge::{self, Change, Class};
use crate::slice::{Selection, slice_if_known};

/// What would change in each component of ours that the chosen operations use, were it theirs. Words, and extensions,
/// which only one of the documents has, make no difference.
pub(super) fn differences(
    ours: &Value,
    theirs: &Value,
    selection: &Selection,
    but: &BTreeSet<String>,
) -> Result<BTreeMap<String, Vec<Change>>> {
    let part = |theirs_win| -> Result<Document> {
        let whole = together(ours, theirs, theirs_win)?;
        let part = slice_if_known(&whole, selection);
        document_of("the imported operations", &without_extensions(part.value()))
    };
    let (with_ours, with_theirs) = (part(false)?, part(true)?);
    let mut differences: BTreeMap<String, Vec<Change>> = BTreeMap::new();
    for change in judge::changes(&with_ours, &with_theirs) {
        let steps: Vec<String> = pointer::steps(&change.pointer).collect();
        if let [first, kind, name, ..] = steps.as_slice()
            && first == "components"
            && change.class != Class::Documentation
            && ours.pointer(&super::component_at(kind, name)).is_some()
            && !but.contains(name)
            && !but.contains(&format!("{kind}/{name}"))
        {
            differences.entry(format!("{kind}/{name}")).or_default().push(change);
        }
    }
    Ok(differences)
}

/// One document with the components of both; of those that are called alike, one side's.
pub(super) fn together(ours: &Value, theirs: &Value, theirs_win: bool) -> Result<Document> {
    let mut whole = ours.clone();
    for (kind, name, component) in components(theirs) {
        if theirs_win || ours.pointer(&super::component_at(kind, name)).is_none() {
            set(&mut whole, &["components", kind, name], component.clone());
        }
    }
    document_of("both documents", &whole)
}

/// The value without members whose keys are extensions.
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
