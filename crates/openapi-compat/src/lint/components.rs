//! Finds values that should be components, and components that should not be.

use std::collections::HashMap;

use serde_json::Value;

use super::scope::Scope;
use openapi_document::users;

pub(super) fn repeated(scope: &mut Scope<'_>) {
    let mut first: HashMap<String, String> = HashMap::new();
    for (kind, value, at) in scope.objects() {
        // What an operation answers when all is well is its own; what it answers otherwise is mostly not.
        let shareable = match kind {
            "parameter" => true,
            "response" => value.get("content").is_some() && !succeeds(&at),
            _ => false,
        };
        if !shareable {
            continue;
        }
        match first.get(&value.to_string()) {
            Some(twin) => {
                let message = format!("the same {kind} is at #{twin}");
                scope.add(
                    &at,
                    message,
                    format!("make it a component under `components/{kind}s` and refer to it twice"),
                );
            }
            None => {
                first.insert(value.to_string(), at);
            }
        }
    }
}

/// Returns `true` if a response at this place answers a successful request.
fn succeeds(at: &str) -> bool {
    at.rsplit('/').next().is_some_and(|status| status.starts_with('2'))
}

pub(super) fn unnamed(scope: &mut Scope<'_>) {
    for (value, at) in scope.objects_of("schema") {
        let is_component = at.starts_with("/components/schemas/") && at.matches('/').count() == 3;
        // Of a query parameter the values stand in place, sorted.
        let in_parameter = at.contains("/parameters/");
        let what = match (value.get("properties").is_some(), value.get("enum").is_some()) {
            _ if is_component => continue,
            (true, _) => "object",
            (false, true) if !in_parameter => "list of values",
            _ => continue,
        };
        let remedy = "make it a component under `components/schemas` and refer to it";
        scope.add(&at, format!("this {what} has no name"), remedy);
    }
}

pub(super) fn unused(scope: &mut Scope<'_>) {
    let mut outside = scope.root().clone();
    if let Some(root) = outside.as_object_mut() {
        root.shift_remove("components");
    }
    let used = users::reached(scope.root(), &outside);
    let operations = scope.operations();
    let alternatives =
        |holder: &Value| holder.get("security").and_then(Value::as_array).cloned().unwrap_or_default();
    let required: Vec<Value> = operations
        .iter()
        .flat_map(|(_, _, operation, _)| alternatives(operation))
        .chain(alternatives(scope.root()))
        .collect();
    for (kind, name, _, at) in scope.components() {
        let is_used = match kind {
            "securitySchemes" => required.iter().any(|alternative| alternative.get(name).is_some()),
            _ => used.contains(&at),
        };
        if !is_used {
            scope.add(&at, "no operation uses this component", "remove it, or refer to it");
        }
    }
}
