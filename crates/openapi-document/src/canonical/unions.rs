//! Puts the members of a union in its place where another union that is told apart by the same property lists it.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::schemas::schemas;
use crate::grammar::{DOCUMENT, Shape};
use crate::tree::{Content, Tree};
use crate::usage;

pub(super) fn rewrite(tree: &mut Tree) {
    let Some(components) = tree.at_pointer("/components/schemas").and_then(Tree::map) else { return };
    let unions: BTreeMap<String, Union> =
        components.iter().filter_map(|(name, schema)| Some((name.clone(), Union::of(schema)?))).collect();
    schemas(tree, Shape::Object(&DOCUMENT), &mut |schema| {
        if let Some(union) = Union::of(schema) {
            union.flatten(&unions, schema);
        }
    });
}

/// The members of a union that a property tells apart.
struct Union {
    key: &'static str,
    property: String,
    members: Vec<Tree>,
    mapping: IndexMap<String, Tree>,
}

impl Union {
    fn of(schema: &Tree) -> Option<Self> {
        let discriminator = schema.get("discriminator")?;
        let key = ["oneOf", "anyOf"].into_iter().find(|key| schema.has(key))?;
        Some(Self {
            key,
            property: discriminator.text("propertyName")?.to_owned(),
            members: schema.get(key)?.list()?.to_vec(),
            mapping: discriminator.get("mapping").and_then(Tree::map).cloned().unwrap_or_default(),
        })
    }

    /// Replaces the members in `schema` that are `unions` themselves, unless a value of their own stands for them.
    fn flatten(mut self, unions: &BTreeMap<String, Self>, schema: &mut Tree) {
        let named =
            |target: &Tree| target.as_text().map(|text| usage::component(text).unwrap_or(text.to_owned()));
        let mapped: Vec<String> = self.mapping.values().filter_map(named).collect();
        let (mut members, mut seen, mut is_flat) = (Vec::new(), BTreeSet::new(), true);
        let mut open: Vec<Tree> = self.members.into_iter().rev().collect();
        while let Some(member) = open.pop() {
            let name = member.text("$ref").and_then(usage::component);
            let inner = name.as_ref().filter(|name| !mapped.contains(name)).and_then(|name| unions.get(name));
            if name.is_some_and(|name| !seen.insert(name)) {
                continue;
            }
            let Some(inner) = inner.filter(|inner| inner.property == self.property) else {
                members.push(member);
                continue;
            };
            is_flat = false;
            open.extend(inner.members.iter().rev().cloned());
            for (value, target) in &inner.mapping {
                self.mapping.entry(value.clone()).or_insert_with(|| target.clone());
            }
        }
        if is_flat {
            return;
        }
        if let Some(listed) = schema.get_mut(self.key).and_then(Tree::list_mut) {
            *listed = members;
        }
        if let Some(discriminator) = schema.get_mut("discriminator")
            && !self.mapping.is_empty()
        {
            discriminator.put("mapping", Content::Map(self.mapping));
        }
    }
}
