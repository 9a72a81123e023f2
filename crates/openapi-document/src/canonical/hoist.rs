//! Makes a component of every schema that something refers to where it is written.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use super::schemas::schemas;
use crate::grammar::{DOCUMENT, Shape};
use crate::ids::made_of;
use crate::tree::{Content, Tree};
use crate::{pointer, walk};

const COMPONENTS: &str = "/components/schemas/";

pub(super) fn rewrite(tree: &mut Tree) {
    let mut references = BTreeSet::new();
    each_reference(tree, &mut |reference| {
        references.insert(reference.clone());
    });
    // Most documents have none, and are not searched for them.
    let has_anchors = references.iter().any(|reference| anchor(reference).is_some());
    let anchors = if has_anchors { anchors(tree) } else { BTreeMap::new() };
    let mut targets: BTreeSet<String> =
        references.iter().filter_map(|reference| target(reference, &anchors)).collect();
    targets.retain(|at| is_schema(tree, at));
    let names = names(tree, &targets);
    if !names.is_empty() {
        // Inner ones first: they are replaced by references before what holds them moves.
        for (at, name) in names.iter().rev() {
            hoist(tree, at, name);
        }
        each_reference(tree, &mut |reference| {
            if let Some(name) = target(reference, &anchors).and_then(|at| names.get(&at)) {
                *reference = format!("#{COMPONENTS}{}", pointer::escape(name));
            }
        });
    }
    schemas(tree, Shape::Object(&DOCUMENT), &mut |schema| {
        for key in ["$defs", "$anchor", "$dynamicAnchor"] {
            schema.take(key);
        }
    });
}

/// Calls `visit` for the text of every reference to a schema, those of discriminators included.
fn each_reference(tree: &mut Tree, visit: &mut impl FnMut(&mut String)) {
    schemas(tree, Shape::Object(&DOCUMENT), &mut |schema| {
        for key in ["$ref", "$dynamicRef"] {
            if let Some(Content::Text(reference)) = schema.get_mut(key).map(|tree| &mut tree.content) {
                visit(reference);
            }
        }
        if let Some(reference) = schema.take("$dynamicRef") {
            schema.put_tree("$ref", reference);
        }
        let mapping = schema.get_mut("discriminator").and_then(|tree| tree.get_mut("mapping"));
        for (_, target) in mapping.and_then(Tree::map_mut).into_iter().flatten() {
            if let Content::Text(reference) = &mut target.content {
                visit(reference);
            }
        }
    });
}

/// Returns the pointers of schemas that have an anchor, by its name.
fn anchors(tree: &Tree) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let value = tree.to_value();
    walk::walk(&value, |value, shape, at| {
        if !walk::is_schema(shape) {
            return;
        }
        for key in ["$anchor", "$dynamicAnchor"] {
            if let Some(name) = value.get(key).and_then(serde_json::Value::as_str) {
                found.entry(name.to_owned()).or_insert_with(|| at.to_owned());
            }
        }
    });
    found
}

/// Returns the name of the anchor that a reference leads to, if it leads to one.
fn anchor(reference: &str) -> Option<&str> {
    reference.strip_prefix('#').filter(|name| !name.starts_with('/'))
}

/// Returns where a reference leads that leads to no component as it stands.
fn target(reference: &str, anchors: &BTreeMap<String, String>) -> Option<String> {
    let at = match anchor(reference) {
        Some(anchor) => anchors.get(anchor)?.clone(),
        None => pointer::of_reference(reference)?,
    };
    let is_component = at.strip_prefix(COMPONENTS).is_some_and(|name| !name.contains('/'));
    (!is_component || !reference.starts_with("#/")).then_some(at)
}

/// Returns whether a schema stands at `at`, as far as the grammar knows.
fn is_schema(tree: &Tree, at: &str) -> bool {
    let shape = walk::shape_at(at);
    let may_be = walk::is_schema(shape) || matches!(shape, Shape::Any);
    may_be && tree.at_pointer(at).is_some_and(|target| target.map().is_some())
}

/// Chooses a name that no component has for each of `targets`, after the last words of its pointer.
fn names(tree: &Tree, targets: &BTreeSet<String>) -> BTreeMap<String, String> {
    let components = tree.at_pointer("/components/schemas").and_then(Tree::map);
    let mut taken: BTreeSet<String> = components.into_iter().flat_map(IndexMap::keys).cloned().collect();
    let mut names = BTreeMap::new();
    for at in targets {
        if let Some(name) = at.strip_prefix(COMPONENTS).filter(|name| !name.contains('/')) {
            // A component that is referred to by an anchor.
            names.insert(at.clone(), pointer::unescape(name));
            continue;
        }
        let wanted = words(tree, at);
        let wanted = if wanted.is_empty() { "Schema".to_owned() } else { wanted };
        let others = (2..).map(|number: u64| format!("{wanted}_{number}"));
        let name = std::iter::once(wanted.clone()).chain(others).find(|name| !taken.contains(name));
        let name = name.unwrap_or(wanted);
        taken.insert(name.clone());
        names.insert(at.clone(), name);
    }
    names
}

/// Returns what the schema at `at` is called after: its operation and what it is there, or the component it is in, and
/// the names of definitions and properties on the way to it.
fn words(tree: &Tree, at: &str) -> String {
    let steps: Vec<String> = pointer::steps(at).collect();
    let (mut words, rest) = match steps.as_slice() {
        [paths, path, method, part, rest @ ..] if paths == "paths" => {
            let operation = pointer::child(&pointer::child("/paths", path), method);
            let id = tree.at_pointer(&operation).and_then(|operation| operation.text("operationId"));
            let id = id.map_or_else(|| made_of(path, method), str::to_owned);
            let part = match part.as_str() {
                "requestBody" => "body",
                "responses" => "answer",
                _ => "parameter",
            };
            (vec![id, part.to_owned()], rest)
        }
        [_, _, name, rest @ ..] => (vec![name.clone()], rest),
        _ => (Vec::new(), steps.as_slice()),
    };
    for pair in rest.windows(2) {
        match pair {
            [holder, name] if holder == "$defs" || holder == "definitions" => words = vec![name.clone()],
            [holder, name] if holder == "properties" => words.push(name.clone()),
            [_, part] if part == "items" => words.push("item".to_owned()),
            _ => {}
        }
    }
    let plain = |word: &String| -> String {
        word.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
    };
    words.iter().map(plain).collect::<Vec<_>>().join("_")
}

/// Moves the schema at `at` to the component `name`, and leaves a reference to it.
fn hoist(tree: &mut Tree, at: &str, name: &str) {
    if at == format!("{COMPONENTS}{}", pointer::escape(name)) {
        return;
    }
    let Some(target) = tree.at_pointer_mut(at) else { return };
    let reference = Tree::new(target.at, Content::Text(format!("#{COMPONENTS}{}", pointer::escape(name))));
    let left = Content::Map([("$ref".to_owned(), reference)].into_iter().collect());
    let moved =
        Tree { key: target.key, at: target.at, content: std::mem::replace(&mut target.content, left) };
    if let Some(schemas) = tree.entry("components").and_then(|components| components.entry("schemas")) {
        schemas.put_tree(name, moved);
    }
}
