//! Holds what the repairs of types may look at: the model, and the origin of each type.

use std::collections::BTreeMap;

use crate::lower::Made;
use openapi_document::model::{Model, Property, Schema};

/// Holds what every repair may look at besides what it changes.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    /// The model of the document.
    pub(crate) model: &'a Model<'a>,
    /// The origin of each type, by its name.
    pub(crate) made: BTreeMap<String, Made>,
}

impl<'a> Plan<'a> {
    /// Returns a plan for the types of `model` that were `made`.
    pub(crate) fn new(model: &'a Model<'a>, made: BTreeMap<String, Made>) -> Self {
        Plan { model, made }
    }

    /// Returns the schema that the type `name` was made from.
    pub(crate) fn schema(&self, name: &str) -> Option<&Schema<'a>> {
        Some(self.model.resolved(self.made.get(name)?.schema?))
    }

    /// Returns the property that is called `wire` on the wire, of the object that the type `name` was made from.
    pub(crate) fn property(&self, name: &str, wire: &str) -> Option<Property<'a>> {
        self.model.schemas.property(self.schema(name)?.id, wire)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Returns a plan for a document in which every component and every property of one has a type.
    pub(crate) fn plan<'a>(model: &'a Model<'a>) -> Plan<'a> {
        let made_of = |name: String, schema: &Schema<'_>| {
            let (pointer, schema) = (schema.pointer.clone(), Some(schema.id));
            (name.clone(), Made { name, pointer, schema })
        };
        let mut made = BTreeMap::new();
        for (name, schema) in model.schemas.components() {
            let name = model.names().component(name);
            for property in &schema.properties {
                let held = model.names().held(&name, property.name);
                made.extend([made_of(held, model.schema(property.schema))]);
            }
            made.extend([made_of(name, schema)]);
        }
        Plan::new(model, made)
    }
}
