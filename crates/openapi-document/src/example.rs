//! The example that documentation pages print for a schema: "string" for a text, one item for a list, every property.
//!
//! It is the same on every call and valid against its schema where that takes no guessing: a pattern is not solved, and
//! a schema that requires itself has no finite example at all.

pub(crate) mod merge;
mod scalar;

use serde_json::{Map, Value};

use crate::pointer;
use crate::pointer::resolve;

pub use scalar::MOMENT;

/// Returns the example of a schema of the document `root`, as it comes in a response: without properties that are
/// `writeOnly`.
#[must_use]
pub fn of(root: &Value, schema: &Value) -> Value {
    Sampler::new(root, "writeOnly").sample(schema).unwrap_or_else(fallback)
}

/// Returns the example of a schema of the document `root`, as it goes into a request: without properties that are
/// `readOnly`.
#[must_use]
pub fn of_request(root: &Value, schema: &Value) -> Value {
    Sampler::new(root, "readOnly").sample(schema).unwrap_or_else(fallback)
}

/// Returns the value to use where no example can be made but one is required.
fn fallback() -> Value {
    scalar::text(&Map::new())
}

/// The most values of an example. Schemas that refer to each other repeatedly could make it arbitrarily large.
const MAX_VALUES: usize = 10_000;
/// Levels an example may have.
const MAX_LEVELS: usize = 40;
/// Items that are made to satisfy `minItems`.
const MAX_ITEMS: usize = 100;

struct Sampler<'a> {
    root: &'a Value,
    /// The keyword of properties that do not go this way.
    excluded: &'static str,
    /// The references being followed, to notice a schema inside itself.
    open: Vec<String>,
    levels: usize,
    values: usize,
}

impl<'a> Sampler<'a> {
    fn new(root: &'a Value, excluded: &'static str) -> Self {
        Sampler { root, excluded, open: Vec::new(), levels: 0, values: 0 }
    }

    /// Returns an example; `None` if there is none of finite or reasonable size, or the schema says nothing about its
    /// values.
    fn sample(&mut self, schema: &Value) -> Option<Value> {
        if self.levels >= MAX_LEVELS || self.values >= MAX_VALUES {
            return None;
        }
        self.values += 1;
        self.levels += 1;
        let opened = self.open.len();
        let example =
            merge::flatten(self.root, schema, &mut self.open).and_then(|flat| self.sample_flat(&flat));
        self.open.truncate(opened);
        self.levels -= 1;
        example
    }

    /// Returns an example of a schema that neither is a reference nor has an `allOf`.
    fn sample_flat(&mut self, schema: &Map<String, Value>) -> Option<Value> {
        if let Some(example) = schema.get("example") {
            return Some(example.clone());
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return values.iter().find(|value| !value.is_null()).or(values.first()).cloned();
        }
        let alternatives =
            ["oneOf", "anyOf"].iter().find_map(|key| schema.get(*key).and_then(Value::as_array));
        if let Some(alternatives) = alternatives {
            return alternatives.iter().find_map(|alternative| self.sample_alternative(schema, alternative));
        }
        let kind = schema.get("type").and_then(Value::as_str).or_else(|| implied_type(schema))?;
        match kind {
            "object" => self.object(schema),
            "array" => self.array(schema),
            "boolean" => Some(Value::Bool(true)),
            "integer" => Some(scalar::integer(schema)),
            "number" => Some(scalar::number(schema)),
            _ => Some(scalar::text(schema)),
        }
    }

    /// Returns an example of one alternative together with what the schema says besides its alternatives.
    fn sample_alternative(&mut self, schema: &Map<String, Value>, alternative: &Value) -> Option<Value> {
        let mut rest = schema.clone();
        rest.retain(|key, _| !matches!(key.as_str(), "oneOf" | "anyOf" | "discriminator"));
        let mut example = self.sample(&serde_json::json!({"allOf": [rest, alternative]}))?;
        if let Some((key, name)) = self.discriminate(schema, alternative)
            && let Some(Value::String(text)) = example.get_mut(&key)
        {
            *text = name;
        }
        Some(example)
    }

    /// Returns the property that tells this alternative from the others and the value it has then, if the schema of
    /// that property leaves the value open.
    fn discriminate(&self, schema: &Map<String, Value>, alternative: &Value) -> Option<(String, String)> {
        let discriminator = schema.get("discriminator")?;
        let key = discriminator.get("propertyName")?.as_str()?;
        let reference = alternative.get("$ref")?.as_str()?;
        let property = merge::property(self.root, resolve(self.root, alternative), key);
        if property.is_some_and(|property| resolve(self.root, property).get("enum").is_some()) {
            return None;
        }
        let mapping = discriminator.get("mapping").and_then(Value::as_object);
        let mapped = mapping.into_iter().flatten().find(|(_, target)| target.as_str() == Some(reference));
        let name = match mapped {
            Some((name, _)) => name.clone(),
            None => pointer::steps(reference).last()?,
        };
        Some((key.to_owned(), name))
    }

    fn object(&mut self, schema: &Map<String, Value>) -> Option<Value> {
        let required = |key: &str| merge::strings(schema.get("required")).any(|name| name == key);
        let mut example = Map::new();
        for (key, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            if resolve(self.root, property).get(self.excluded) == Some(&Value::Bool(true)) {
                continue;
            }
            match self.sample(property) {
                Some(value) => drop(example.insert(key.clone(), value)),
                None if !required(key) => {}
                None if resolve(self.root, property).get("nullable") == Some(&Value::Bool(true)) => {
                    example.insert(key.clone(), Value::Null);
                }
                None if is_anything(resolve(self.root, property)) => {
                    example.insert(key.clone(), fallback());
                }
                None => return None,
            }
        }
        Some(Value::Object(example))
    }

    fn array(&mut self, schema: &Map<String, Value>) -> Option<Value> {
        let limit = |key| schema.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        let least = limit("minItems").unwrap_or(0);
        let wanted = least.clamp(1, MAX_ITEMS).min(limit("maxItems").unwrap_or(usize::MAX));
        let before = self.values;
        let Some(item) = schema.get("items").and_then(|items| self.sample(items)) else {
            return (least == 0).then(|| Value::Array(Vec::new()));
        };
        // Lists of lists of lists multiply.
        let size = self.values.saturating_sub(before).max(1);
        let wanted = wanted.min((MAX_VALUES.saturating_sub(before) / size).max(1));
        self.values = before.saturating_add(size.saturating_mul(wanted));
        let unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
        let choices = schema.get("items").and_then(|items| resolve(self.root, items).get("enum")?.as_array());
        let items = (0..wanted).map(|index| match choices {
            _ if index == 0 || !unique => item.clone(),
            Some(choices) => choices.get(index).cloned().unwrap_or(Value::Null),
            None => scalar::another(&item, index),
        });
        Some(Value::Array(items.collect()))
    }
}

fn implied_type(schema: &Map<String, Value>) -> Option<&'static str> {
    let implications =
        [("properties", "object"), ("required", "object"), ("items", "array"), ("pattern", "string")];
    implications.iter().find(|(key, _)| schema.contains_key(*key)).map(|(_, kind)| *kind)
}

/// Returns `true` if the schema allows values of any type.
fn is_anything(schema: &Value) -> bool {
    const TELLING: [&str; 6] = ["type", "$ref", "allOf", "oneOf", "anyOf", "enum"];
    schema
        .as_object()
        .is_some_and(|map| implied_type(map).is_none() && TELLING.iter().all(|key| !map.contains_key(*key)))
}

#[cfg(test)]
mod tests;
