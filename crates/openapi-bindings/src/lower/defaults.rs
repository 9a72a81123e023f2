//! Defaults, with ids in place of the names in them.

use serde_json::Value;

use super::schemas::Lowering;
use openapi_document::model::{Kind, Schema, SchemaId};
use openapi_document::samples::{Direction, fits};

/// Deeper than any default that a person wrote: a component that holds itself.
const DEEPEST: usize = 16;

impl<'a> Lowering<'_, 'a> {
    /// Returns `true` if a value follows a schema, and is of the type that this implies.
    pub(super) fn fits(&self, schema: &Schema<'a>, implied: Option<Kind>, value: &Value) -> bool {
        let is_implied = match implied {
            Some(Kind::Object) => value.is_object() || value.is_null(),
            Some(Kind::Array) => value.is_array() || value.is_null(),
            _ => true,
        };
        is_implied && fits(self.model.document.value(), schema.value, value, Direction::Response)
    }

    /// Lowers a value that follows the schema `id`.
    pub(super) fn value(&mut self, id: SchemaId, value: &Value) -> Value {
        self.value_within(id, value, 0)
    }

    fn value_within(&mut self, id: SchemaId, value: &Value, depth: usize) -> Value {
        if depth > DEEPEST {
            return value.clone();
        }
        let id = self.alternative(id, value, depth);
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
            // typify takes no `1.0` for a whole number.
            Value::Number(number) => self.part(id, |_, schema| whole(schema, number.as_f64()?)),
            _ => None,
        }
        .unwrap_or_else(|| value.clone())
    }

    /// Returns the first alternative of the schema `id` that `value` fits, or else `id`.
    fn alternative(&self, id: SchemaId, value: &Value, depth: usize) -> SchemaId {
        let schemas = &self.model.schemas;
        let schema = schemas.resolved(id);
        let root = self.model.document.value();
        let mut alternatives = schema.one_of.iter().chain(&schema.any_of);
        let fitting = alternatives.find(|of| fits(root, schemas.get(**of).value, value, Direction::Response));
        match fitting {
            Some(of) if depth < DEEPEST => self.alternative(*of, value, depth + 1),
            _ => id,
        }
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

/// Returns a number as a whole one, if it is and `schema` wants that.
#[allow(clippy::cast_possible_truncation, reason = "what is out of reach is left as it is")]
fn whole(schema: &Schema<'_>, number: f64) -> Option<Value> {
    let is_whole = schema.kind == Some(Kind::Integer) && number.fract() == 0.0 && number.abs() < 9e15;
    is_whole.then(|| Value::from(number as i64))
}
