//! Puts the members of a union in its place where another union that is told apart by the same property lists it.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::schemas::schemas;
use crate::grammar::{DOCUMENT, Shape};
use crate::tree::{Content, Tree};
use crate::usage;

pub(super) fn rewrite(tree: &mut Tree) {
    let Some(components) = tree.at_pointer("/components/schemas").and_then(Tree::map) else { return };
    let unions = components.iter().filter(|(_, schema)| is_alone(schema));
    let unions: BTreeMap<String, Union> =
        unions.filter_map(|(name, schema)| Some((name.clone(), Union::of(schema)?))).collect();
    let mut left = MAX_MEMBERS;
    schemas(tree, Shape::Object(&DOCUMENT), &mut |schema| {
        if let Some(union) = Union::of(schema) {
            left = left.saturating_sub(union.flatten(&unions, left, schema));
        }
    });
}

/// The most members of unions that are put in the place of others; a chain of unions would have them all, again and again.
const MAX_MEMBERS: usize = 20_000;

/// Returns `true` if a union says nothing but its members, so that these can stand in its place.
fn is_alone(schema: &Tree) -> bool {
    let is_said_by_all = |(key, value): (&String, &Tree)| match key.as_str() {
        "oneOf" | "anyOf" | "discriminator" | "title" | "description" | "example" | "examples"
        | "externalDocs" | "deprecated" => true,
        "type" => value.as_text() == Some("object"),
        key => key.starts_with("x-"),
    };
    !(schema.has("oneOf") && schema.has("anyOf")) && schema.map().into_iter().flatten().all(is_said_by_all)
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

    /// Replaces the members in `schema` that are `unions` themselves, unless a value of their own stands for them, or there
    /// would be more than `most`. Returns the number of members that there are then.
    fn flatten(mut self, unions: &BTreeMap<String, Self>, most: usize, schema: &mut Tree) -> usize {
        let named =
            |target: &Tree| target.as_text().map(|text| usage::component(text).unwrap_or(text.to_owned()));
        let mapped: BTreeSet<String> = self.mapping.values().filter_map(named).collect();
        let (mut members, mut seen, mut is_flat) = (Vec::new(), BTreeSet::new(), true);
        let mut open: Vec<Tree> = self.members.into_iter().rev().collect();
        while let Some(member) = open.pop() {
            let name = member.text("$ref").and_then(usage::component);
            let inner =
                name.as_ref().filter(|name| !mapped.contains(*name)).and_then(|name| unions.get(name));
            if name.is_some_and(|name| !seen.insert(name)) {
                continue;
            }
            if !is_flat && seen.len() > most {
                return 0;
            }
            let is_alike = |inner: &&Self| inner.property == self.property && inner.key == self.key;
            let Some(inner) = inner.filter(is_alike) else {
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
            return 0;
        }
        let number = members.len();
        if let Some(listed) = schema.get_mut(self.key).and_then(Tree::list_mut) {
            *listed = members;
        }
        if let Some(discriminator) = schema.get_mut("discriminator")
            && !self.mapping.is_empty()
        {
            discriminator.put("mapping", Content::Map(self.mapping));
        }
        number
    }
}
