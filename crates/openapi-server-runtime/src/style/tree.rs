//! Names with brackets, such as `filter[size][min]`, taken apart.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// How deep values may stand in one another.
pub(super) const MAX_DEPTH: usize = 32;

/// Texts, or what stands in brackets.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// The texts under one name.
    Texts(Vec<String>),
    /// The names in brackets after a name.
    Members(Members),
}

pub(super) type Members = BTreeMap<String, Node>;

/// Adds a text under a name.
pub(super) fn add(members: &mut Members, name: &str, text: String) {
    match members.entry(name.to_owned()).or_insert_with(|| Node::Texts(Vec::new())) {
        Node::Texts(texts) => texts.push(text),
        Node::Members(_) => {}
    }
}

/// Returns `true` if a name is another one with brackets after it.
pub(super) fn is_below(name: &str, root: &str) -> bool {
    name.strip_prefix(root).is_some_and(|rest| rest.starts_with('['))
}

/// Returns what stands in brackets after the name `root`; `None` if nothing does.
///
/// # Errors
/// If brackets are not closed or too many, or a name has a text as well as brackets.
pub(super) fn below(
    root: &str,
    pairs: &[(Cow<'_, str>, Cow<'_, str>)],
    decode: impl Fn(&str) -> String,
) -> Result<Option<Node>, String> {
    let mut all = Members::new();
    for (name, text) in pairs {
        let segments = name.strip_prefix(root).and_then(segments);
        let segments = segments.ok_or("A bracket in the name is not closed.")?;
        let Some((last, inner)) = segments.split_last().filter(|(_, inner)| inner.len() < MAX_DEPTH) else {
            return Err("There are too many brackets in the name.".to_owned());
        };
        let both = || "A name has a value of its own, and one in brackets.".to_owned();
        let mut members = &mut all;
        for segment in inner {
            let node = members.entry((*segment).to_owned()).or_insert_with(|| Node::Members(Members::new()));
            let Node::Members(found) = node else { return Err(both()) };
            members = found;
        }
        match members.entry((*last).to_owned()).or_insert_with(|| Node::Texts(Vec::new())) {
            Node::Texts(texts) => texts.push(decode(text)),
            Node::Members(_) => return Err(both()),
        }
    }
    Ok((!all.is_empty()).then_some(Node::Members(all)))
}

/// Returns what stands in the brackets of a text that has nothing else; `None` if one is not closed.
fn segments(mut text: &str) -> Option<Vec<&str>> {
    let mut segments = Vec::new();
    while !text.is_empty() {
        let (segment, rest) = text.strip_prefix('[')?.split_once(']')?;
        segments.push(segment);
        text = rest;
    }
    Some(segments)
}
