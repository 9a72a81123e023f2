//! Has unions told apart by what all of their members extend.
//!
//! `Animal: {discriminator}` with `Cat: {allOf: [Animal, …]}` and `Dog: {allOf: [Animal, …]}` says by which word each is known, and
//! `oneOf: [Cat, Dog]` elsewhere does not repeat it, although nothing else may tell its members apart.

use std::collections::{BTreeMap, BTreeSet};

use super::polymorphism::{all_bases, bases, children};
use super::schemas::schemas;
use crate::grammar::{DOCUMENT, Shape};
use crate::tree::Tree;
use crate::usage;

pub(super) fn rewrite(tree: &mut Tree) {
    let Some(components) = tree.at_pointer("/components/schemas").and_then(Tree::map) else { return };
    let parents: BTreeMap<String, Tree> = components
        .iter()
        .filter_map(|(name, schema)| Some((name.clone(), schema.get("discriminator")?.clone())))
        .filter(|(_, discriminator)| discriminator.text("propertyName").is_some())
        .collect();
    if parents.is_empty() {
        return;
    }
    let bases: BTreeMap<String, Vec<String>> =
        components.iter().map(|(name, schema)| (name.clone(), bases(schema))).collect();
    let mut known = BTreeMap::new();
    let mut extended = |name: &str| -> BTreeSet<String> {
        let found = known.entry(name.to_owned()).or_insert_with(|| {
            let mut found = all_bases(name, |name| bases.get(name).cloned());
            found.retain(|parent| parent != name && parents.contains_key(parent));
            found
        });
        found.clone()
    };
    let mut visit = |schema: &mut Tree| {
        if schema.has("discriminator") {
            return;
        }
        let Some(members) = members(schema) else { return };
        let common = members.iter().map(|member| extended(member)).reduce(|one, other| &one & &other);
        // The nearest extends the others.
        let nearest = common.into_iter().flatten().max_by_key(|parent| extended(parent).len());
        if let Some(discriminator) = nearest.and_then(|parent| parents.get(&parent)) {
            let mut discriminator = discriminator.clone();
            if let Some(mapping) = discriminator.get_mut("mapping").and_then(Tree::map_mut) {
                let name = |target: &str| usage::component(target).unwrap_or_else(|| target.to_owned());
                mapping.retain(|_, target| {
                    target.as_text().is_some_and(|target| members.contains(&name(target)))
                });
            }
            schema.put_tree("discriminator", discriminator);
        }
    };
    schemas(tree, Shape::Object(&DOCUMENT), &mut visit);
}

/// Returns the components that a schema lists as alternatives, if it lists several and nothing else.
fn members(schema: &Tree) -> Option<BTreeSet<String>> {
    let listed = ["oneOf", "anyOf"].into_iter().filter_map(|key| schema.get(key)?.list());
    let listed = listed.map(<[Tree]>::len).sum::<usize>();
    let members = children(schema);
    (members.len() > 1 && members.len() == listed).then_some(members)
}
