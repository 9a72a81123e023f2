//! The ids and tags of operations.

use serde_json::Value;

use super::scope::{Scope, listed, text};
use super::style::Verb;

pub(super) fn operation_ids(scope: &mut Scope<'_>) {
    for (path, method, operation, at) in scope.operations() {
        let Some(id) = text(operation, "operationId") else { continue };
        let Some(expected) = expected_id(scope, path, method) else { continue };
        if id != expected {
            let message = format!("the operation id `{id}` does not match the path");
            scope.add(&format!("{at}/operationId"), message, format!("call it `{expected}`"));
        }
    }
}

/// Returns the operation id made of the fixed parts of the path and the verb of the method.
fn expected_id(scope: &Scope<'_>, path: &str, method: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let of_one = parts.last().is_some_and(|last| last.starts_with('{'));
    let is_it = |verb: &&Verb| verb.method == method && verb.of_one.is_none_or(|one| one == of_one);
    let verb = scope.style.verbs.iter().find(is_it)?.verb;
    let fixed = parts.into_iter().filter(|part| !part.starts_with('{'));
    Some(fixed.chain([verb]).collect::<Vec<_>>().join("_"))
}

pub(super) fn tags(scope: &mut Scope<'_>) {
    let declared: Vec<&str> = scope
        .root()
        .get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|tag| text(tag, "name"))
        .collect();
    for (_, _, operation, at) in scope.operations() {
        let tags = operation.get("tags").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if tags.is_empty() && !declared.is_empty() {
            let remedy = format!("give it one of {}", listed(declared.iter().copied()));
            scope.add(&at, "this operation has no tag", remedy);
        }
        for (index, tag) in tags.iter().enumerate() {
            let Some(tag) = tag.as_str().filter(|tag| !declared.contains(tag)) else { continue };
            let message = format!("the tag `{tag}` is not listed at the top of the document");
            let remedy = format!("use one of {}, or add it under `tags`", listed(declared.iter().copied()));
            scope.add(&format!("{at}/tags/{index}"), message, remedy);
        }
    }
}
