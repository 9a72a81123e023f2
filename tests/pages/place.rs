//! A value of the document together with the pointer that leads to it, so that whatever is said of the value can
//! also say where it stands. References are followed on the way.

use openapi_bindings::document::pointer;
use serde_json::Value;

#[derive(Clone, Debug)]
pub struct Place<'a> {
    root: &'a Value,
    pub value: &'a Value,
    pub pointer: String,
}

impl<'a> Place<'a> {
    pub fn root(root: &'a Value) -> Self {
        Place { root, value: root, pointer: String::new() }
    }

    /// What stands at `key`, or at the end of the references that stand there.
    pub fn get(&self, key: &str) -> Option<Self> {
        let value = match self.value {
            Value::Array(items) => items.get(key.parse::<usize>().ok()?)?,
            value => value.get(key)?,
        };
        let mut place = Place { root: self.root, value, pointer: pointer::child(&self.pointer, key) };
        while let Some(reference) = place.value.get("$ref").and_then(Value::as_str) {
            let target = pointer::of_reference(reference)?;
            place = Place { root: self.root, value: self.root.pointer(&target)?, pointer: target };
        }
        Some(place)
    }

    /// Everything directly below, by key or position.
    pub fn children(&self) -> Vec<(String, Self)> {
        let keys: Vec<String> = match self.value {
            Value::Object(members) => members.keys().cloned().collect(),
            Value::Array(items) => (0..items.len()).map(|index| index.to_string()).collect(),
            _ => Vec::new(),
        };
        keys.into_iter()
            .map(|key| {
                let child = self.get(&key).unwrap_or_else(|| panic!("#{}/{key} leads nowhere", self.pointer));
                (key, child)
            })
            .collect()
    }

    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    pub fn number(&self, key: &str) -> Option<u64> {
        self.value.get(key)?.as_u64()
    }

    pub fn is_set(&self, key: &str) -> bool {
        self.value.get(key).and_then(Value::as_bool).unwrap_or(false)
    }

    /// Whether the list at `key` has this text.
    pub fn lists(&self, key: &str, text: &str) -> bool {
        self.value.get(key).and_then(Value::as_array).is_some_and(|list| list.iter().any(|item| item == text))
    }

    pub fn document(&self) -> &'a Value {
        self.root
    }
}
