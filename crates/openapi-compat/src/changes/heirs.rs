//! Components that extend a parent which a discriminator tells apart without listing them: values of the parent are held
//! to the one that they name.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use openapi_document::usage::component;

/// The components of one document that values of others may be held to, by the names of these.
#[derive(Debug, Default)]
pub(super) struct Heirs(BTreeMap<String, BTreeSet<String>>);

impl Heirs {
    pub(super) fn of(root: &Value) -> Self {
        let schemas = root.pointer("/components/schemas").and_then(Value::as_object);
        let mut children: BTreeMap<String, Vec<&String>> = BTreeMap::new();
        for (name, schema) in schemas.into_iter().flatten() {
            for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
                let parent = part.get("$ref").and_then(Value::as_str).and_then(component);
                if let Some(parent) = parent {
                    children.entry(parent).or_default().push(name);
                }
            }
        }
        let lists_none = |schema: &Value| ["oneOf", "anyOf"].iter().all(|key| schema.get(key).is_none());
        let parents = schemas.into_iter().flatten();
        let parents =
            parents.filter(|(_, schema)| schema.get("discriminator").is_some() && lists_none(schema));
        let heirs = parents.map(|(parent, _)| {
            let (mut found, mut open) = (BTreeSet::new(), vec![parent]);
            while let Some(name) = open.pop() {
                for child in children.get(name).into_iter().flatten() {
                    if *child != parent && found.insert((*child).clone()) {
                        open.push(child);
                    }
                }
            }
            (parent.clone(), found)
        });
        Heirs(heirs.filter(|(_, heirs)| !heirs.is_empty()).collect())
    }

    /// Returns the heirs of the component `parent`.
    pub(super) fn of_parent(&self, parent: &str) -> impl Iterator<Item = &String> {
        self.0.get(parent).into_iter().flatten()
    }

    /// Returns every parent with one of its heirs.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&String, &String)> {
        self.0.iter().flat_map(|(parent, heirs)| heirs.iter().map(move |heir| (parent, heir)))
    }
}
