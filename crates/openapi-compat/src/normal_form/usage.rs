//! Finds the components of a document in normal form that nothing in it refers to.

use std::collections::HashSet;

use serde_json::{Map, Value};

use openapi_document::pointer;

/// Returns the pointers to components that neither an operation nor a component in use refers to.
pub(super) fn unused(document: &Value) -> Vec<String> {
    let mut used = HashSet::new();
    let mut rest: Vec<&Value> = document.get("paths").into_iter().collect();
    while let Some(value) = rest.pop() {
        for target in targets(value) {
            if let Some(component) = document.pointer(&target)
                && used.insert(target)
            {
                rest.push(component);
            }
        }
        match value {
            Value::Object(map) => rest.extend(map.values()),
            Value::Array(items) => rest.extend(items),
            _ => {}
        }
    }
    let kinds = document.get("components").and_then(Value::as_object).into_iter().flatten();
    let all = kinds.flat_map(|(kind, components)| {
        let names = components.as_object().into_iter().flat_map(Map::keys);
        names.map(move |name| pointer::child(&pointer::child("/components", kind), name))
    });
    all.filter(|component| !used.contains(component)).collect()
}

/// Returns the components that a value itself refers to: by reference, as a schema among alternatives, as security
/// scheme.
fn targets(value: &Value) -> Vec<String> {
    let text = |key| value.get(key).and_then(Value::as_str);
    let members = |value: Option<&Value>| -> Vec<(String, Value)> {
        let map = value.and_then(Value::as_object);
        map.into_iter().flatten().map(|(key, member)| (key.clone(), member.clone())).collect()
    };
    let mut targets: Vec<String> = text("$ref").and_then(pointer::of_reference).into_iter().collect();
    for (_, target) in members(value.pointer("/discriminator/mapping")) {
        targets.extend(target.as_str().and_then(pointer::of_reference));
    }
    for (_, alternative) in members(value.get("security")) {
        let schemes = members(Some(&alternative)).into_iter();
        targets.extend(schemes.map(|(name, _)| pointer::child("/components/securitySchemes", &name)));
    }
    targets
}

/// Removes components, and what holds no components any more.
pub(super) fn remove(document: &mut Value, components: &[String]) {
    for component in components {
        let holder = pointer::parent(component).and_then(|holder| document.pointer_mut(holder));
        if let (Some(Value::Object(holder)), Some(name)) = (holder, pointer::steps(component).last()) {
            holder.shift_remove(&name);
        }
    }
    if let Some(Value::Object(kinds)) = document.get_mut("components") {
        kinds.retain(|_, components| components.as_object().is_none_or(|components| !components.is_empty()));
    }
}
