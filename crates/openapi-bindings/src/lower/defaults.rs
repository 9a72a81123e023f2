//! Defaults, with ids in place of the names in them.

use serde_json::Value;

use super::schemas::Lowering;
use openapi_document::model::{Schema, SchemaId};

/// Deeper than any default that a person wrote: a component that holds itself.
const DEEPEST: usize = 16;

impl<'a> Lowering<'_, 'a> {
    /// Lowers a value that follows the schema `id`.
    pub(super) fn value(&mut self, id: SchemaId, value: &Value) -> Value {
        self.value_within(id, value, 0)
    }

    fn value_within(&mut self, id: SchemaId, value: &Value, depth: usize) -> Value {
        if depth > DEEPEST {
            return value.clone();
        }
        match value {
            Value::String(word) => self.part(id, |lowering, schema| lowering.word(schema, word)),
            Value::Array(items) => {
                let of = self.part(id, |_, schema| schema.items);
                return match of {
                    Some(of) => items.iter().map(|item| self.value_within(of, item, depth + 1)).collect(),
                    None => value.clone(),
                };
            }
            Value::Object(members) => {
                let lowered = members.iter().map(|(name, member)| {
                    let property = self.model.schemas.property(id, name);
                    match property {
                        Some(property) => {
                            let member = self.value_within(property.schema, member, depth + 1);
                            (self.ids.property(property.name), member)
                        }
                        None => (name.clone(), member.clone()),
                    }
                });
                Some(Value::Object(lowered.collect()))
            }
            _ => None,
        }
        .unwrap_or_else(|| value.clone())
    }

    /// Returns the first that `find` finds in the schema that `id` leads to, or in one it is composed of.
    fn part<T>(
        &mut self,
        id: SchemaId,
        mut find: impl FnMut(&mut Self, &Schema<'a>) -> Option<T>,
    ) -> Option<T> {
        let (model, mut found) = (self.model, None);
        model.schemas.parts_of(id, &mut |schema| {
            if found.is_none() {
                found = find(self, schema);
            }
        });
        found
    }

    /// Returns what stands for `word`, if it is a value that `schema` lists.
    fn word(&mut self, schema: &Schema<'a>, word: &str) -> Option<Value> {
        let listed = schema.values?.iter().position(|value| value == word)?;
        self.values(schema).into_iter().nth(listed)
    }
}
