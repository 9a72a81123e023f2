//! Takes apart parents that list their children, where the children extend the parent.
//!
//! `Animal: {properties, oneOf: [Dog]}` with `Dog: {allOf: [Animal, …]}` says by the letter that a dog is a dog if it is a
//! dog. It means that animals have these properties: those become a component of their own, which the children extend.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use crate::grammar::is_extension;
use crate::tree::{Content, Tree};
use crate::{pointer, usage};

/// The keys that a parent keeps; everything else is of all its children.
const OF_PARENT: [&str; 8] =
    ["title", "description", "oneOf", "anyOf", "discriminator", "nullable", "example", "externalDocs"];

pub(super) fn rewrite(tree: &mut Tree) {
    let Some(schemas) = tree.at_pointer("/components/schemas").and_then(Tree::map) else { return };
    let parents: Vec<(String, BTreeSet<String>)> = schemas
        .iter()
        .filter_map(|(name, schema)| {
            let children = children(schema);
            let extending: BTreeSet<String> =
                children.into_iter().filter(|child| extends(schemas, child, name)).collect();
            (!extending.is_empty()).then(|| (name.clone(), extending))
        })
        .collect();
    for (parent, children) in parents {
        take_apart(tree, &parent, &children);
    }
}

/// Returns the components that a schema lists as alternatives.
pub(super) fn children(schema: &Tree) -> BTreeSet<String> {
    let lists = ["oneOf", "anyOf"].into_iter().filter_map(|key| schema.get(key)?.list());
    lists.flatten().filter_map(component).collect()
}

fn component(schema: &Tree) -> Option<String> {
    usage::component(schema.text("$ref")?)
}

/// Returns the components that the component `name` is composed of, directly or through others, itself included.
fn composed_of(schemas: &IndexMap<String, Tree>, name: &str) -> BTreeSet<String> {
    all_bases(name, |name| schemas.get(name).map(bases))
}

/// Returns the components that a schema is composed of directly.
pub(super) fn bases(schema: &Tree) -> Vec<String> {
    let parts = schema.get("allOf").and_then(Tree::list).into_iter().flatten();
    std::iter::once(schema).chain(parts).filter_map(component).collect()
}

/// Returns the components that `name` is composed of, itself included, where `bases` returns those of a component.
pub(super) fn all_bases(name: &str, bases: impl Fn(&str) -> Option<Vec<String>>) -> BTreeSet<String> {
    let (mut found, mut open) = (BTreeSet::new(), vec![name.to_owned()]);
    while let Some(name) = open.pop() {
        if let Some(bases) = bases(&name).filter(|_| !found.contains(&name)) {
            found.insert(name);
            open.extend(bases);
        }
    }
    found
}

/// Returns whether the component `child` is composed of `parent`.
fn extends(schemas: &IndexMap<String, Tree>, child: &str, parent: &str) -> bool {
    child != parent && composed_of(schemas, child).contains(parent)
}

/// Moves what all children of `parent` have to a component that they extend instead.
fn take_apart(tree: &mut Tree, parent: &str, children: &BTreeSet<String>) {
    let Some(schemas) = tree.at_pointer_mut("/components/schemas").and_then(Tree::map_mut) else { return };
    let wanted = format!("{parent}Base");
    let others = (2..).map(|number: u64| format!("{wanted}{number}"));
    let free = std::iter::once(wanted.clone()).chain(others).find(|name| !schemas.contains_key(name));
    let base = free.unwrap_or(wanted);
    let chain: BTreeSet<String> =
        children.iter().flat_map(|child| composed_of(schemas, child)).filter(|name| name != parent).collect();
    let reference = format!("#/components/schemas/{}", pointer::escape(&base));
    for name in chain {
        let parts =
            schemas.get_mut(&name).and_then(|schema| schema.get_mut("allOf")).and_then(Tree::list_mut);
        for part in parts.into_iter().flatten() {
            if component(part).as_deref() == Some(parent) {
                part.put("$ref", Content::Text(reference.clone()));
            }
        }
    }
    let Some(schema) = schemas.get_mut(parent) else { return };
    let at = schema.at;
    let Some(members) = schema.map_mut() else { return };
    let (kept, moved) = std::mem::take(members)
        .into_iter()
        .partition(|(key, _)| OF_PARENT.contains(&key.as_str()) || is_extension(key));
    *members = kept;
    schemas.insert(base, Tree::new(at, Content::Map(moved)));
}
