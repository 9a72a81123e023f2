//! Composed schemas: the properties of an object with those of its parts, and the members of a union.

use std::collections::HashSet;

use super::schema::{Kind, Property, Schema, SchemaId};
use super::schemas::Schemas;
use crate::pointer::of_reference;

/// A union whose members are told apart by the value of a property.
#[derive(Clone, Debug)]
pub struct Union<'a> {
    /// The property.
    pub property: &'a str,
    /// The members, in the order of the document.
    pub members: Vec<Member<'a>>,
}

/// A member of a union, and the values by which it is known.
#[derive(Clone, Debug)]
pub struct Member<'a> {
    /// The component that it is.
    pub schema: SchemaId,
    /// The values: those mapped to it, or its name.
    pub values: Vec<&'a str>,
    /// The property as it has it itself; otherwise it is the union's.
    pub property: Option<Property<'a>>,
}

impl<'a> Schemas<'a> {
    /// Returns the properties of the object `id`, those of its parts included, in the order of the document; one that
    /// several parts have is there several times.
    #[must_use]
    pub fn properties(&self, id: SchemaId) -> Vec<Property<'a>> {
        let mut found = Vec::new();
        self.parts_of(id, &mut |schema| found.extend_from_slice(&schema.properties));
        found
    }

    /// Returns the property `name` of the object `id` or of one of its parts.
    #[must_use]
    pub fn property(&self, id: SchemaId, name: &str) -> Option<Property<'a>> {
        self.properties(id).into_iter().find(|property| property.name == name)
    }

    /// Returns the names that the object `id` requires, and that neither it nor a part of it describes.
    #[must_use]
    pub fn undescribed(&self, id: SchemaId) -> Vec<&'a str> {
        let (mut described, mut required) = (HashSet::new(), Vec::new());
        self.parts_of(id, &mut |schema| {
            described.extend(schema.properties.iter().map(|property| property.name));
            required.extend_from_slice(&schema.required);
        });
        required.retain(|name| described.insert(*name));
        required
    }

    /// Returns `true` if alternatives say which members of an object there have to be, and nothing of the values of these.
    #[must_use]
    pub fn only_require(&self, alternatives: &[SchemaId]) -> bool {
        let keys = ["required", "not", "title", "description", "minProperties", "maxProperties"];
        alternatives.iter().all(|id| {
            let members = self.get(*id).value.as_object();
            members.is_some_and(|members| {
                members.contains_key("required") && members.keys().all(|key| keys.contains(&key.as_str()))
            })
        })
    }

    /// Returns `true` if alternatives describe members of the object `id` or of one of its parts.
    #[must_use]
    pub fn varies(&self, id: SchemaId) -> bool {
        let mut varies = false;
        self.parts_of(id, &mut |part| {
            varies |= !self.only_require(&part.one_of) || !self.only_require(&part.any_of);
        });
        varies
    }

    /// Shows `visit` the schema that `id` leads to, and all that it is composed of by `allOf`, each once.
    pub fn parts_of(&self, id: SchemaId, visit: &mut impl FnMut(&Schema<'a>)) {
        // A component may be a part of itself.
        let (mut seen, mut open) = (HashSet::new(), vec![id]);
        while let Some(id) = open.pop() {
            let schema = self.resolved(id);
            if seen.insert(schema.id) {
                visit(schema);
                open.extend(schema.all_of.iter().rev());
            }
        }
    }

    /// Returns the schema `id` as a union whose members are told apart by a property; `None` if it is none, or if a member is
    /// no object that could have the property.
    #[must_use]
    pub fn union(&self, id: SchemaId) -> Option<Union<'a>> {
        let schema = self.get(id);
        let discriminator = schema.discriminator.as_ref()?;
        let listed = if schema.one_of.is_empty() { &schema.any_of } else { &schema.one_of };
        let member = |id: &SchemaId| {
            let component = self.get(self.get(*id).reference?);
            let name = component.component()?;
            let is_it = |target: &str| {
                target == name || of_reference(target).is_some_and(|pointer| pointer == component.pointer)
            };
            let mapped = discriminator.mapping.iter().filter(|(_, target)| is_it(target));
            let mut values: Vec<&str> = mapped.map(|(value, _)| *value).collect();
            if values.is_empty() {
                values.push(name);
            }
            let property = self.property(component.id, discriminator.property);
            Some(Member { schema: component.id, values, property })
        };
        let is_object = |id: &SchemaId| {
            let target = self.resolved(*id);
            !self.varies(target.id)
                && (target.kind == Some(Kind::Object)
                    || !target.all_of.is_empty()
                    || target.value.get("properties").is_some())
        };
        (!listed.is_empty() && listed.iter().all(is_object)).then(|| Union {
            property: discriminator.property,
            members: listed.iter().filter_map(member).collect(),
        })
    }
}
