//! Finds the components that are the same in both documents, with everything they refer to, so that they are skipped.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::heirs::Heirs;
use super::node::Both;
use openapi_document::pointer;

#[derive(Default)]
pub(super) struct Unchanged(HashSet<String>);

impl Unchanged {
    /// Compares the components of two documents; `heirs` are those that parents lead to without a reference.
    pub(super) fn of(old: &Value, new: &Value, heirs: [&Heirs; 2]) -> Self {
        let mut alike: HashMap<String, Vec<String>> = HashMap::new();
        for (kind, components) in new.get("components").and_then(Value::as_object).into_iter().flatten() {
            for (name, component) in components.as_object().into_iter().flatten() {
                let at = pointer::child(&pointer::child("/components", kind), name);
                if old.pointer(&at) == Some(component) {
                    let mut targets = Vec::new();
                    references(component, &mut targets);
                    alike.insert(at, targets);
                }
            }
        }
        for (parent, heir) in heirs.into_iter().flat_map(Heirs::pairs) {
            let [parent, heir] = [parent, heir].map(|name| pointer::child("/components/schemas", name));
            alike.entry(parent).and_modify(|targets| targets.push(heir));
        }
        let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
        for (at, targets) in &alike {
            for target in targets {
                users.entry(target).or_default().push(at);
            }
        }
        // What leads to something else is not unchanged, and so on from there.
        let mut rest: Vec<&str> =
            users.keys().copied().filter(|target| !alike.contains_key(*target)).collect();
        let mut differing: HashSet<&str> = HashSet::new();
        while let Some(target) = rest.pop() {
            for user in users.get(target).into_iter().flatten() {
                if differing.insert(user) {
                    rest.push(user);
                }
            }
        }
        Unchanged(alike.keys().filter(|at| !differing.contains(at.as_str())).cloned().collect())
    }

    /// Returns `true` if both sides are written alike and refer only to unchanged components.
    pub(super) fn holds(&self, pair: &Both<'_>) -> bool {
        // A component may lead to others without a reference.
        let is_changed = |pointer: &str| pair.new.component_name().is_some() && !self.0.contains(pointer);
        match (pair.old.value, pair.new.value) {
            (Some(_), Some(_)) if pair.old.pointer == pair.new.pointer && is_changed(&pair.new.pointer) => {
                false
            }
            (Some(old), Some(new)) => self.are_alike(old, new),
            (old, new) => old.is_none() && new.is_none(),
        }
    }

    /// Returns `true` if two values, one of each document, are written alike and refer only to unchanged components.
    pub(super) fn are_alike(&self, old: &Value, new: &Value) -> bool {
        let mut targets = Vec::new();
        old == new && {
            references(new, &mut targets);
            targets.iter().all(|target| self.0.contains(target))
        }
    }
}

/// Adds the targets of all references in `value`.
pub(super) fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            found.extend(map.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference));
            map.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}
