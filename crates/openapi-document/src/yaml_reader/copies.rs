//! What anchors, aliases and merge keys copy, and how much of it is too much.

use serde_json::{Map, Value};

use super::Fault;
use crate::source::{Location, Place};

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
    /// The number of copied values with one more copy of this size, unless that is too many.
    pub(super) fn copied(self, copies: usize, location: Location) -> Result<usize, Fault> {
        let copies = copies.saturating_add(self.values);
        if copies > MOST {
            let message = format!("anchors and aliases copy more than {MOST} values");
            return Err(Fault::new(location, message, "use $ref to share parts of the document"));
        }
        Ok(copies)
    }

    /// Recursive, as values are never deeper than [`super::MAX_DEPTH`].
    pub(super) fn of(value: &Value) -> Self {
        let within = |sum: Size, key: &str, member: &Value| {
            let size = Size::of(member);
            Size {
                values: sum.values.saturating_add(size.values).saturating_add(key.len() / TEXT),
                height: sum.height.max(size.height.saturating_add(1)),
            }
        };
        let empty = Size { values: 1, height: 1 };
        match value {
            Value::Object(map) => map.iter().fold(empty, |sum, (key, member)| within(sum, key, member)),
            Value::Array(items) => items.iter().fold(empty, |sum, item| within(sum, "", item)),
            Value::String(text) => Size { values: 1 + text.len() / TEXT, height: 0 },
            _ => Size { values: 1, height: 0 },
        }
    }
}

pub(super) const MERGE_KEY: &str = "<<";

/// Replaces the merge key of a mapping by the members it stands for; members written out win over them.
pub(super) fn merge(map: Map<String, Value>, place: &mut Place) -> Result<Map<String, Value>, Fault> {
    let mut merged = Map::new();
    let mut members = Vec::new();
    let mut sources = Vec::new();
    for ((key, value), member) in map.into_iter().zip(std::mem::take(&mut place.members)) {
        match value {
            Value::Array(items) if key == MERGE_KEY => sources.extend(items.into_iter().zip(member.members)),
            _ if key == MERGE_KEY => sources.push((value, member)),
            _ => {
                merged.insert(key, value);
                members.push(member);
            }
        }
    }
    for (source, source_place) in sources {
        let Value::Object(source) = source else {
            let help = "merge a mapping or a sequence of mappings";
            return Err(Fault::new(source_place.value, "the merge key `<<` has no mapping to merge", help));
        };
        for ((key, value), member) in source.into_iter().zip(source_place.members) {
            if !merged.contains_key(&key) {
                merged.insert(key, value);
                members.push(member);
            }
        }
    }
    place.members = members;
    Ok(merged)
}
