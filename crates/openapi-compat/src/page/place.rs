//! A value of the document together with the pointer that leads to it, so that whatever is said of the value can
//! also say where it stands. References are followed on the way.

use serde_json::Value;

use openapi_document::pointer;

#[derive(Clone, Debug)]
pub(super) struct Place<'a> {
    root: &'a Value,
    pub(super) value: &'a Value,
    pub(super) pointer: String,
    depth: usize,
}

/// Steps that lead to any place of a page; only a schema that contains itself has more.
const MAX_DEPTH: usize = 250;

impl<'a> Place<'a> {
    pub(super) fn root(root: &'a Value) -> Self {
        Place { root, value: root, pointer: String::new(), depth: 0 }
    }

    /// Returns the place at `key`, with references followed.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let value = match self.value {
            Value::Array(items) => items.get(key.parse::<usize>().ok()?)?,
            value => value.get(key)?,
        };
        let depth = self.depth + 1;
        let mut place = Place { root: self.root, value, pointer: pointer::child(&self.pointer, key), depth };
        while let Some(reference) = place.value.get("$ref").and_then(Value::as_str) {
            let target = pointer::of_reference(reference)?;
            place = Place { root: self.root, value: self.root.pointer(&target)?, pointer: target, depth };
        }
        Some(place)
    }

    /// Returns everything directly below, by key or position, except references without a target.
    pub(super) fn children(&self) -> Vec<(String, Self)> {
        let keys: Vec<String> = match self.value {
            Value::Object(members) => members.keys().cloned().collect(),
            Value::Array(items) => (0..items.len()).map(|index| index.to_string()).collect(),
            _ => Vec::new(),
        };
        keys.into_iter().filter_map(|key| self.get(&key).map(|child| (key, child))).collect()
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    pub(super) fn number(&self, key: &str) -> Option<u64> {
        self.value.get(key)?.as_u64()
    }

    pub(super) fn is_set(&self, key: &str) -> bool {
        self.value.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Returns `true` if the list at `key` contains this text.
    pub(super) fn lists(&self, key: &str, text: &str) -> bool {
        self.value.get(key).and_then(Value::as_array).is_some_and(|list| list.iter().any(|item| item == text))
    }

    /// Returns `true` if the steps that led here form a cycle.
    pub(super) fn is_endless(&self) -> bool {
        self.depth > MAX_DEPTH
    }

    pub(super) fn document(&self) -> &'a Value {
        self.root
    }
}
