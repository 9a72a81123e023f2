//! The types that were made, each with what it was made from.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::ids::Id;
use super::operations::is_boxed;
use super::{INNER, Lowered};
use openapi_document::model::{Additional, Operation, Schema, SchemaId};
use openapi_document::names::{Case, numbered, plain};
use openapi_document::pointer::{child, steps, unescape};

/// The origin of a type: what it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Made {
    /// The name of the type.
    pub(crate) name: String,
    /// Where that stands which it was made from: a schema, or the parameter, body or responses whose schema it is.
    pub(crate) pointer: String,
    /// Its schema; `None` if it has none of its own.
    pub(crate) schema: Option<SchemaId>,
}

impl Lowered<'_, '_> {
    /// Names the types that a generator called `found`: components as the model calls them, all others after what they
    /// stand in, and numbered where that is the name of another.
    pub(super) fn made(&self, found: &BTreeSet<String>) -> BTreeMap<String, Made> {
        let components = self.model.schemas.components();
        let mut taken: HashSet<String> =
            components.map(|(name, _)| self.model.names().component(name)).collect();
        let mut made = BTreeMap::new();
        for ident in found {
            let Some(mut of) = self.of_ident(ident) else { continue };
            let is_component = of.schema.is_some_and(|id| {
                self.ids.schema(id) == *ident && self.model.schema(id).component().is_some()
            });
            if !is_component {
                let title = of.schema.and_then(|id| self.model.schema(id).title);
                let title = title.map(|title| plain(title, Case::Pascal));
                let place = self.named_after(&of.pointer);
                let others = (2..).map(|number| numbered(&of.name, number, Case::Pascal));
                let first = title.into_iter().chain([of.name.clone()]).chain(place);
                of.name = first.chain(others).find(|name| !taken.contains(name)).unwrap_or_default();
                taken.insert(of.name.clone());
            }
            made.insert(ident.clone(), of);
        }
        made
    }

    /// Finds what the type `ident` was made from: the ids in its name lead there.
    fn of_ident(&self, ident: &str) -> Option<Made> {
        let mut parts = self.ids.parts(ident).into_iter();
        let mut made = match parts.next()? {
            Ok(Id { letter: 'T', number }) => {
                let schema = self.model.schemas.numbered(number)?;
                let name = self.model.names().component(schema.component()?);
                Made { name, pointer: schema.pointer.clone(), schema: Some(schema.id) }
            }
            Ok(Id { letter: 'S', number }) => {
                let schema = self.model.schemas.numbered(number)?;
                let name = self.titled(schema)?;
                Made { name, pointer: schema.pointer.clone(), schema: Some(schema.id) }
            }
            // An operation alone is its builder.
            Ok(Id { letter: 'O', number }) if parts.len() > 0 => {
                let operation = self.model.operations.get(number)?;
                Made { name: operation.builder.clone(), pointer: operation.pointer.clone(), schema: None }
            }
            _ => return None,
        };
        let mut boxed = false;
        for part in parts {
            match part {
                Ok(id @ Id { letter: 'P', .. }) => {
                    let (_, parameter) = self.ids.parameter_of(self.model, id)?;
                    boxed = is_boxed(self.model, parameter);
                    made.name += &plain(&parameter.setter, Case::Pascal);
                    made.pointer.clone_from(&parameter.listed);
                    made.schema = parameter.schema();
                }
                Ok(id @ Id { letter: 'F', .. }) => {
                    let name = self.ids.property_of(id)?;
                    let property = made.schema.and_then(|of| self.model.schemas.property(of, name));
                    made.name = self.model.names().held(&made.name, name);
                    self.step(&mut made, property.map(|property| property.schema));
                }
                Ok(_) => return None,
                Err(suffix) => {
                    // The list around a parameter is no part of the document.
                    let unboxed = suffix.strip_prefix("Item").filter(|_| boxed).unwrap_or(suffix);
                    boxed = false;
                    if !unboxed.is_empty() {
                        self.after(&mut made, unboxed);
                        made.name += unboxed;
                    }
                }
            }
        }
        Some(made)
    }

    /// Returns what the type of a schema is called that was given a title: after its own, or after where it is written.
    pub(super) fn titled(&self, schema: &Schema<'_>) -> Option<String> {
        let title = schema.title.map(|title| plain(title, Case::Pascal));
        title.or_else(|| self.named_after(&schema.pointer))
    }

    /// Returns what the type of the schema at `pointer` would be called after the place where it is written.
    fn named_after(&self, pointer: &str) -> Option<String> {
        let names = self.model.names();
        let operation = |operation: &&Operation<'_>| {
            pointer.strip_prefix(&operation.pointer).is_some_and(|rest| rest.starts_with('/'))
        };
        let (mut name, rest) = if let Some(operation) = self.model.operations.iter().find(operation) {
            let rest = pointer.strip_prefix(&operation.pointer)?;
            let suffix = if rest.starts_with("/requestBody") { "Body" } else { "Response" };
            let rest = rest.split_once("/schema").map_or("", |(_, rest)| rest);
            (format!("{}{suffix}", operation.builder), rest)
        } else if let Some(rest) = pointer.strip_prefix("/components/schemas/") {
            let (name, rest) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            (names.component(&unescape(name)), rest)
        } else {
            // What operations share is written beside them.
            let (_, rest) = pointer.split_once("/schema")?;
            let mut place = steps(pointer.trim_start_matches("/components"));
            let (kind, name) = (place.next()?, place.next()?);
            let suffix = match kind.as_str() {
                "responses" => "Response",
                "requestBodies" => "Body",
                "headers" => "Header",
                _ => "Parameter",
            };
            (plain(&name, Case::Pascal) + suffix, rest)
        };
        let mut steps = steps(rest);
        while let Some(step) = steps.next() {
            match step.as_str() {
                "properties" => name = names.held(&name, &steps.next()?),
                "items" => name += "Item",
                "additionalProperties" => name += "Value",
                "oneOf" | "anyOf" => name = format!("{name}Variant{}", steps.next()?),
                _ => {}
            }
        }
        Some(name)
    }

    /// Goes from a type to what it holds.
    fn step(&self, made: &mut Made, held: Option<SchemaId>) {
        made.schema = held;
        if let Some(held) = held {
            made.pointer.clone_from(&self.model.schema(held).pointer);
        }
    }

    /// Goes from a type to what its name is followed by.
    fn after(&self, made: &mut Made, suffix: &str) {
        let schema = made.schema.map(|id| self.model.resolved(id));
        match (suffix, schema) {
            (INNER, Some(_)) => {}
            ("Item", Some(schema)) => self.step(made, schema.items),
            ("Value", Some(schema)) => match schema.additional {
                Additional::Schema(id) => self.step(made, Some(id)),
                _ => made.schema = None,
            },
            // What follows the name of an operation.
            ("Body", None) => {
                let operation = self.operation_at(&made.pointer);
                made.pointer = child(&made.pointer, "requestBody");
                self.step(made, operation.and_then(|operation| operation.body.as_ref()?.sent()?.schema));
            }
            ("Response", None) => {
                let operation = self.operation_at(&made.pointer);
                let schemas = operation.map(|operation| operation.answers(&self.model.schemas).schemas);
                made.pointer = child(&made.pointer, "responses");
                self.step(made, schemas.and_then(|schemas| <[_; 1]>::try_from(schemas).ok()).map(|[id]| id));
            }
            _ => made.schema = None,
        }
    }

    fn operation_at(&self, pointer: &str) -> Option<&Operation<'_>> {
        self.model.operations.iter().find(|operation| operation.pointer == pointer)
    }
}
