//! Limits what anchors, aliases and merge keys copy.

use indexmap::IndexMap;

use super::super::syntax_error::SyntaxError;
use crate::source::Location;
use crate::tree::{Content, Tree};

/// Values that anchors and aliases may copy, which is what bounds an alias bomb.
const MOST: usize = 500_000;
/// Bytes of text that count as one more value.
const TEXT: usize = 64;

/// How much a value holds.
#[derive(Clone, Copy)]
pub(super) struct Size {
    values: usize,
    /// Nested mappings and sequences.
    pub(super) height: usize,
}

impl Size {
    /// Returns the number of copied values with one more copy of this size, unless that is too many.
    pub(super) fn copied(self, copies: usize, location: Location) -> Result<usize, SyntaxError> {
        let copies = copies.saturating_add(self.values);
        if copies > MOST {
            let message = format!("anchors and aliases copy more than {MOST} values");
            return Err(SyntaxError::new(location, message, "use $ref to share parts of the document"));
        }
        Ok(copies)
    }

    /// Counts values. It is recursive, as values are never deeper than [`super::super::syntax_error::MAX_DEPTH`].
    pub(super) fn of(tree: &Tree) -> Self {
        let within = |sum: Size, key: &str, member: &Tree| {
            let size = Size::of(member);
            Size {
                values: sum.values.saturating_add(size.values).saturating_add(key.len() / TEXT),
                height: sum.height.max(size.height.saturating_add(1)),
            }
        };
        let empty = Size { values: 1, height: 1 };
        match &tree.content {
            Content::Map(map) => map.iter().fold(empty, |sum, (key, member)| within(sum, key, member)),
            Content::List(items) => items.iter().fold(empty, |sum, item| within(sum, "", item)),
            Content::Text(text) => Size { values: 1 + text.len() / TEXT, height: 0 },
            _ => Size { values: 1, height: 0 },
        }
    }
}

pub(super) const MERGE_KEY: &str = "<<";

/// Replaces the merge key of a mapping by the members it stands for; members written out win over them.
pub(super) fn merge(map: IndexMap<String, Tree>) -> Result<IndexMap<String, Tree>, SyntaxError> {
    let mut merged = IndexMap::new();
    let mut sources = Vec::new();
    for (key, member) in map {
        match member.content {
            Content::List(items) if key == MERGE_KEY => sources.extend(items),
            _ if key == MERGE_KEY => sources.push(member),
            _ => {
                merged.insert(key, member);
            }
        }
    }
    for source in sources {
        let Content::Map(members) = source.content else {
            let help = "merge a mapping or a sequence of mappings";
            return Err(SyntaxError::new(source.at, "the merge key `<<` has no mapping to merge", help));
        };
        for (key, member) in members {
            if !merged.contains_key(&key) {
                merged.insert(key, member);
            }
        }
    }
    Ok(merged)
}
