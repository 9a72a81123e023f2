//! References to one kind of thing where another is wanted that says as much.

use crate::error::Diagnostic;
use crate::grammar::{DOCUMENT, Shape};
use crate::tree::{Content, Tree};
use crate::{pointer, walk};

/// References that are followed to find what a reference leads to; a longer chain is a circle.
const MAX_CHAIN: usize = 16;

/// Puts in place of each such reference what it means.
pub(super) fn mend(tree: &mut Tree) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    search(tree, tree, Shape::Object(&DOCUMENT), &mut String::new(), &mut found);
    let mut warnings = Vec::new();
    for (warning, meant) in found {
        if let Some(reference) = tree.at_pointer_mut(&warning.pointer) {
            reference.content = meant;
            warnings.push(warning);
        }
    }
    warnings
}

fn search(root: &Tree, tree: &Tree, shape: Shape, at: &mut String, found: &mut Vec<(Diagnostic, Content)>) {
    if matches!(shape, Shape::Any) {
        return;
    }
    if let (Some(object), Some(reference)) = (shape.object(), tree.get("$ref")) {
        if let Some(text) = reference.as_text()
            && let Some((kind, meant, help)) = meant(root, object.name, text, reference)
        {
            let message = format!("`{text}` leads to a {kind} where a {} is needed", object.name);
            let warning =
                Diagnostic { message, location: reference.at, pointer: at.clone(), help: help.to_owned() };
            found.push((warning, meant));
        }
        return;
    }
    let length = at.len();
    let mut step = |key: &str, member: &Tree| {
        pointer::push(at, key);
        search(root, member, shape.step(key), at, found);
        at.truncate(length);
    };
    match &tree.content {
        Content::Map(map) => map.iter().for_each(|(key, member)| step(key, member)),
        Content::List(items) => {
            items.iter().enumerate().for_each(|(index, item)| step(&index.to_string(), item));
        }
        _ => {}
    }
}

/// Returns what is meant by a reference where a `wanted` stands: what it leads to, what stands in its place, and a word on
/// it.
fn meant(
    root: &Tree,
    wanted: &str,
    reference: &str,
    node: &Tree,
) -> Option<(&'static str, Content, &'static str)> {
    let target_at = pointer::of_reference(reference)?;
    let kind = walk::shape_at(&target_at).object()?.name;
    let map = |key: &str, member: Tree| Content::Map([(key.to_owned(), member)].into_iter().collect());
    let tree = |content: Content| Tree::new(node.at, content);
    match (wanted, kind) {
        ("header", "parameter") => {
            let mut target = followed(root, &target_at)?.clone();
            for key in ["name", "in", "allowReserved", "style", "explode"] {
                target.take(key);
            }
            Some((kind, target.content, "it is read as a header of that schema"))
        }
        ("response" | "request body", "schema") => {
            root.at_pointer(&target_at)?;
            let schema = tree(map("$ref", node.clone()));
            let media = tree(map("schema", schema));
            let mut meant = map("content", tree(map("application/json", media)));
            if let Content::Map(members) = &mut meant
                && wanted == "response"
            {
                members.insert("description".to_owned(), tree(Content::Text(String::new())));
            }
            Some((kind, meant, "it is read as JSON of that schema"))
        }
        ("schema", "response" | "request body") => {
            let content = followed(root, &target_at)?.get("content")?.map()?;
            let schema = content.values().next().filter(|_| content.len() == 1)?.get("schema")?;
            Some((kind, schema.content.clone(), "it is read as the schema of its content"))
        }
        _ => None,
    }
}

/// Returns what stands at `at`, references followed.
fn followed<'a>(root: &'a Tree, at: &str) -> Option<&'a Tree> {
    let mut target = root.at_pointer(at)?;
    for _ in 0..MAX_CHAIN {
        let Some(reference) = target.text("$ref") else { return Some(target) };
        target = root.at_pointer(&pointer::of_reference(reference)?)?;
    }
    None
}
