//! Checks the descriptions of operations, parameters, components and properties.

use serde_json::Value;

use super::scope::{Scope, listed, text};
use openapi_document::pointer;

pub(super) fn described(scope: &mut Scope<'_>) {
    let mut places: Vec<(&str, &Value, String)> = Vec::new();
    for (_, _, operation, at) in scope.operations() {
        places.push(("operation", operation, at));
    }
    for (kind, _, component, at) in scope.components() {
        places.push((kind.strip_suffix('s').unwrap_or(kind), component, at));
    }
    for (kind, value, at) in scope.objects() {
        let in_component = at.starts_with("/components/") && at.matches('/').count() == 3;
        match kind {
            "parameter" if !in_component => places.push(("parameter", value, at)),
            "schema" => {
                let properties = value.get("properties").and_then(Value::as_object).into_iter().flatten();
                // A bare reference has the description of its target.
                let own = properties.filter(|(_, property)| property.get("$ref").is_none());
                let list = pointer::child(&at, "properties");
                places
                    .extend(own.map(|(name, property)| ("property", property, pointer::child(&list, name))));
            }
            _ => {}
        }
    }
    let keys = scope.style.descriptions.clone();
    for (kind, value, at) in places {
        if !keys.is_empty() && !keys.iter().any(|key| text(value, key).is_some()) {
            let remedy = format!("describe its purpose under one of {}", listed(keys.iter().copied()));
            scope.add(&at, format!("this {kind} lacks a description"), remedy);
        }
    }
}

pub(super) fn notes(scope: &mut Scope<'_>) {
    let Some((taken, own)) =
        scope.style.descriptions.split_first().map(|(first, rest)| (*first, rest.to_vec()))
    else {
        return;
    };
    for (_, value, at) in scope.objects() {
        let Some(description) = text(value, taken) else { continue };
        for key in &own {
            if text(value, key).is_some_and(|note| said(note) == said(description)) {
                let at = pointer::child(&at, key);
                scope.add(
                    &at,
                    format!("this repeats the {taken}"),
                    "remove it, or explain more than that does",
                );
            }
        }
    }
}

/// Returns a text without its punctuation and case.
fn said(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
