//! Cuts a document to the operations that are wanted and exactly the components these need.
//!
//! The slice is a document like any other, in the order of the whole, and what is said about it is found in the whole's
//! text. Nothing is renamed or rewritten here, and no component is judged: what an operation refers to comes along.

mod names;
mod needs;

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::Document;
use crate::document::Retain;
use crate::error::{Error, Result};
use crate::ids::made_of;
use crate::tree::Tree;
use crate::{operations, pointer};
use needs::Needs;

/// Selects operations: those that either list names, or all if both are empty, besides those that are excepted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Globs of `operationId`s: `*` stands for any text, `?` for any one character.
    pub operations: Vec<String>,
    /// Tags, each as the operations have it.
    pub tags: Vec<String>,
    /// Globs of `operationId`s that are left out whatever else is selected.
    pub except: Vec<String>,
}

impl Selection {
    /// Returns `true` if every operation is selected.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.operations.is_empty() && self.tags.is_empty() && self.except.is_empty()
    }

    /// Returns a selection for each name.
    pub fn each(&self) -> impl Iterator<Item = Selection> + '_ {
        let operations = self.operations.iter();
        let operations =
            operations.map(|glob| Selection { operations: vec![glob.clone()], ..Selection::default() });
        let tags = self.tags.iter();
        operations.chain(tags.map(|tag| Selection { tags: vec![tag.clone()], ..Selection::default() }))
    }
}

/// Returns the part of `document` that the wanted operations need: these operations, what their paths share, the
/// components they lead to – through references, discriminators and security requirements –, their tags, and whatever
/// the document says at its top. An operation that another refers into comes along, and so does a path item that is a
/// reference.
///
/// # Errors
/// If a glob or a tag names no operation; the error then has the nearest names.
pub fn slice(document: &Document, selection: &Selection) -> Result<Document> {
    if selection.is_everything() {
        return Ok(document.clone());
    }
    let (wanted, errors) = wanted(document, selection);
    Error::gather(errors)?;
    Ok(cut(document, wanted))
}

/// Keeps of `tree`, which need not be valid, the part that [`slice()`] takes of it.
pub(crate) fn slice_tree(tree: &mut Tree, document: &Document, selection: &Selection) -> Result<()> {
    let (wanted, errors) = wanted(document, selection);
    Error::gather(errors)?;
    cut_tree(tree, document, wanted);
    Ok(())
}

/// Keeps of `tree` the part that [`slice_if_known`] takes of it.
pub(crate) fn slice_tree_if_known(tree: &mut Tree, document: &Document, selection: &Selection) {
    cut_tree(tree, document, wanted(document, selection).0);
}

fn cut_tree(tree: &mut Tree, document: &Document, wanted: BTreeSet<String>) {
    let needs = Needs::of(document, wanted);
    let tags = needs.tags(document);
    tree.retain(&mut String::new(), &|at| retain(document, &needs, &tags, at));
}

/// Takes a part like [`slice()`], but ignores globs and tags that name no operation. The part may have no operations.
#[must_use]
pub fn slice_if_known(document: &Document, selection: &Selection) -> Document {
    if selection.is_everything() { document.clone() } else { cut(document, wanted(document, selection).0) }
}

fn cut(document: &Document, wanted: BTreeSet<String>) -> Document {
    let needs = Needs::of(document, wanted);
    let tags = needs.tags(document);
    document.part(&|at| retain(document, &needs, &tags, at))
}

/// An operation of a document, with what it is chosen by.
struct Candidate<'a> {
    at: String,
    id: Cow<'a, str>,
    tags: Vec<&'a str>,
}

fn candidates(document: &Document) -> Vec<Candidate<'_>> {
    let paths = document.value().get("paths").and_then(Value::as_object);
    let mut found = Vec::new();
    for (path, item) in paths.into_iter().flatten() {
        let path_at = pointer::child("/paths", path);
        let methods = document.resolve(item).as_object();
        for (method, operation) in methods.into_iter().flatten().filter(|(key, _)| operations::is_method(key))
        {
            let tags = operation.get("tags").and_then(Value::as_array).into_iter().flatten();
            found.push(Candidate {
                // A path item that is a reference cannot be cut.
                at: if item.get("$ref").is_some() {
                    path_at.clone()
                } else {
                    pointer::child(&path_at, method)
                },
                id: match operation.get("operationId").and_then(Value::as_str) {
                    Some(id) => Cow::Borrowed(id),
                    None => Cow::Owned(made_of(path, method)),
                },
                tags: tags.filter_map(Value::as_str).collect(),
            });
        }
    }
    found
}

/// Returns the pointers of the selected operations, and an error for each name without one.
fn wanted(document: &Document, selection: &Selection) -> (BTreeSet<String>, Vec<Error>) {
    let candidates = candidates(document);
    let mut wanted = BTreeSet::new();
    let mut errors = Vec::new();
    let mut take = |fits: &dyn Fn(&Candidate<'_>) -> bool, unknown: &dyn Fn() -> Error| {
        let found: Vec<_> = candidates.iter().filter(|candidate| fits(candidate)).collect();
        if found.is_empty() {
            errors.push(unknown());
        }
        wanted.extend(found.into_iter().map(|candidate| candidate.at.clone()));
    };
    for glob in &selection.operations {
        let pattern = wildmatch::WildMatch::new(glob);
        take(&|candidate| pattern.matches(&candidate.id), &|| {
            let ids = candidates.iter().map(|candidate| candidate.id.as_ref());
            document.error("/paths", format!("no operation is called `{glob}`"), names::advice(glob, ids))
        });
    }
    if selection.operations.is_empty() && selection.tags.is_empty() {
        take(&|_| true, &|| document.error("/paths", "the document has no operation", "add one"));
    }
    for tag in &selection.tags {
        take(&|candidate| candidate.tags.contains(&tag.as_str()), &|| {
            let tags = candidates.iter().flat_map(|candidate| candidate.tags.iter().copied());
            document.error("/paths", format!("no operation has the tag `{tag}`"), names::advice(tag, tags))
        });
    }
    for glob in &selection.except {
        let pattern = wildmatch::WildMatch::new(glob);
        let left_out: Vec<_> = candidates.iter().filter(|candidate| pattern.matches(&candidate.id)).collect();
        if left_out.is_empty() {
            let ids = candidates.iter().map(|candidate| candidate.id.as_ref());
            let advice = names::advice(glob, ids);
            errors.push(document.error("/paths", format!("no operation is called `{glob}`"), advice));
        }
        for candidate in left_out {
            wanted.remove(&candidate.at);
        }
    }
    (wanted, errors)
}

/// Decides which of the member at `at` is kept.
fn retain(document: &Document, needs: &Needs, tags: &BTreeSet<String>, at: &str) -> Retain {
    let steps: Vec<&str> = at.split('/').skip(1).collect();
    let stays = |stays: bool, how: Retain| if stays { how } else { Retain::Drop };
    match steps.as_slice() {
        ["paths" | "tags"] => Retain::Descend,
        ["paths" | "components", _] if needs.holds(at) => Retain::All,
        ["paths" | "components", extension] if extension.starts_with("x-") => Retain::All,
        ["components"] | ["paths" | "components", _] => stays(needs.holds_below(at), Retain::Descend),
        ["paths", _, method] => stays(!operations::is_method(method) || needs.holds(at), Retain::All),
        ["components", _, _] => stays(needs.holds(at), Retain::All),
        ["tags", _] => {
            let name = document.value().pointer(at).and_then(|tag| tag.get("name")).and_then(Value::as_str);
            stays(name.is_some_and(|name| tags.contains(name)), Retain::All)
        }
        _ => Retain::All,
    }
}

#[cfg(test)]
mod tests;
