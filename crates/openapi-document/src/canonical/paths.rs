//! Completes and flattens what stands above schemas: paths, path items and operations.

use indexmap::IndexMap;

use crate::grammar::{is_extension, is_method_in_capitals};
use crate::operations::is_method;
use crate::pointer;
use crate::tree::{Content, Tree};
use crate::version::Version;

pub(super) fn rewrite(tree: &mut Tree, version: Version) {
    if version > Version::V3_0 && tree.map().is_some() {
        tree.entry("paths");
    }
    for holder in ["/paths", "/webhooks", "/components/pathItems"] {
        let paths = tree.at_pointer(holder).and_then(Tree::map);
        let names = paths.into_iter().flat_map(IndexMap::keys).filter(|name| !is_extension(name));
        let names: Vec<String> = names.cloned().collect();
        for name in names {
            let at = pointer::child(holder, &name);
            if let Some(written_out) = target(tree, &at)
                && let Some(item) = tree.at_pointer_mut(&at)
            {
                merge(item, written_out);
            }
            if let Some(item) = tree.at_pointer_mut(&at) {
                flatten(item, version);
            }
        }
    }
}

/// Returns what the path item at `at` refers to, if it is a reference that leads somewhere.
fn target(tree: &Tree, at: &str) -> Option<Tree> {
    let target = |item: &&'_ Tree| tree.at_pointer(&pointer::of_reference(item.text("$ref")?)?);
    let found =
        pointer::follow(target(&tree.at_pointer(at)?)?, target, |one, other| std::ptr::eq(*one, *other))?;
    (!found.has("$ref")).then(|| found.clone())
}

/// Writes out the reference that `item` is; what stands beside it wins.
fn merge(item: &mut Tree, written_out: Tree) {
    item.take("$ref");
    let Content::Map(members) = written_out.content else { return };
    for (key, member) in members {
        if !item.has(&key) {
            item.put_tree(&key, member);
        }
    }
}

/// Puts additional operations beside the others, and an empty object where an operation says nothing of its responses.
fn flatten(item: &mut Tree, version: Version) {
    if let Some(Content::Map(additional)) = item.take("additionalOperations").map(|tree| tree.content) {
        for (method, operation) in additional {
            if is_method_in_capitals(&method) && !item.has(&method) {
                item.put_tree(&method, operation);
            }
        }
    }
    if version == Version::V3_0 {
        return;
    }
    for (key, operation) in item.map_mut().into_iter().flatten() {
        if is_method(key) && operation.map().is_some() {
            operation.entry("responses");
        }
    }
}
