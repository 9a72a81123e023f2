//! The list of all schemas of a document, each there once.

use std::collections::HashMap;

use super::place::Place;
use super::schema::{Schema, SchemaId};
use crate::walk::{is_schema, shape_at};

/// All schemas of a document: first those of the components with all they hold, in the order of the document, then
/// those that operations hold.
#[derive(Debug, Default)]
pub struct Schemas<'a> {
    all: Vec<Schema<'a>>,
    by_pointer: HashMap<String, SchemaId>,
    components: Vec<(&'a str, SchemaId)>,
    by_name: HashMap<&'a str, SchemaId>,
    /// The schema that each leads to through its references.
    resolved: Vec<SchemaId>,
}

impl<'a> Schemas<'a> {
    /// Reads the components below `root`.
    pub(super) fn of_components(root: &Place<'a>) -> Self {
        let mut schemas = Self::default();
        let components = root.get("components").and_then(|components| components.written("schemas"));
        for (name, place) in components.iter().flat_map(Place::members) {
            let id = schemas.intern(&place);
            if let Some(schema) = schemas.all.get_mut(id.index()) {
                schema.component = Some(name);
            }
            schemas.components.push((name, id));
            schemas.by_name.insert(name, id);
        }
        schemas
    }

    /// Returns the id of the schema at `place`, which is read unless it has been.
    ///
    /// Recursive, as a document is never deeper than its reader allows; references are not followed here.
    pub(super) fn intern(&mut self, place: &Place<'a>) -> SchemaId {
        if let Some(id) = self.by_pointer.get(&place.pointer) {
            return *id;
        }
        let id = SchemaId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        self.by_pointer.insert(place.pointer.clone(), id);
        self.all.push(Schema::begun(id, place));
        let schema = Schema::read(id, place, self);
        if let Some(place) = self.all.get_mut(id.index()) {
            *place = schema;
        }
        id
    }

    /// Finds where every reference leads, after all else has been read.
    pub(super) fn link(&mut self, root: &Place<'a>) {
        let mut index = 0;
        // What is only referred to, as a part of a component may be, is read on the way.
        while let Some(schema) = self.all.get(index) {
            let place = Place::of(root.document(), schema.pointer.clone(), schema.value);
            if let Some(target) = place.referred().filter(|target| is_schema(shape_at(&target.pointer))) {
                let target = self.intern(&target);
                if let Some(schema) = self.all.get_mut(index) {
                    schema.reference = Some(target);
                }
            }
            index += 1;
        }
        self.resolved = self.all.iter().map(|schema| self.led_to(schema.id)).collect();
    }

    /// Returns what `id` leads to; itself, if that is a circle.
    fn led_to(&self, id: SchemaId) -> SchemaId {
        let mut current = id;
        // A chain that visits more schemas than there are is a circle.
        for _ in 0..self.all.len() {
            match self.all.get(current.index()).and_then(|schema| schema.reference) {
                Some(next) => current = next,
                None => return current,
            }
        }
        id
    }

    /// Returns the schema `id` of this model.
    #[must_use]
    pub fn get(&self, id: SchemaId) -> &Schema<'a> {
        &self.all[id.index()]
    }

    /// Returns the schema of this number; `None` if there are not that many.
    #[must_use]
    pub fn numbered(&self, number: usize) -> Option<&Schema<'a>> {
        self.all.get(number)
    }

    /// Returns the schema that `id` leads to: itself, unless it is a reference.
    #[must_use]
    pub fn resolved(&self, id: SchemaId) -> &Schema<'a> {
        self.get(self.resolved[id.index()])
    }

    /// Returns the schema that `id` leads to through references, and through schemas that say nothing else but annotations.
    #[must_use]
    pub fn unwrapped(&self, id: SchemaId) -> &Schema<'a> {
        let mut schema = self.resolved(id);
        // A chain that visits more schemas than there are is a circle.
        for _ in 0..self.all.len() {
            let keywords = schema.keywords();
            let [key] = keywords.as_slice() else { break };
            let parts = match *key {
                "allOf" => &schema.all_of,
                "anyOf" => &schema.any_of,
                "oneOf" => &schema.one_of,
                _ => break,
            };
            let [part] = parts.as_slice() else { break };
            schema = self.resolved(*part);
        }
        schema
    }

    /// Returns the schema at `pointer`, if one stands there.
    #[must_use]
    pub fn at(&self, pointer: &str) -> Option<&Schema<'a>> {
        self.by_pointer.get(pointer).map(|id| self.get(*id))
    }

    /// Returns the component `name`.
    #[must_use]
    pub fn component(&self, name: &str) -> Option<&Schema<'a>> {
        self.by_name.get(name).map(|id| self.get(*id))
    }

    /// Returns the components with their names, in the order of the document.
    pub fn components(&self) -> impl Iterator<Item = (&'a str, &Schema<'a>)> {
        self.components.iter().map(|(name, id)| (*name, self.get(*id)))
    }

    /// Returns all schemas, in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Schema<'a>> {
        self.all.iter()
    }

    /// Returns how many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Returns whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}
