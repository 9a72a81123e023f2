//! A part of a document as a document of its own, everything in it standing where it stood in the whole.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::Document;
use crate::pointer;
use crate::source::SpanTree;

/// Tells which of the members of a document a part keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stays with all it holds.
    Whole,
    /// It stays; its members have fates of their own.
    Parts,
    /// It goes.
    Gone,
}

impl Document {
    /// Returns the document without what `fate` lets go, by pointer. Name, text and positions stay those of the whole,
    /// so that whatever is said about the part can be found in the file it came from.
    ///
    /// The part is as valid as the whole if nothing is let go that something else needs; that is for the caller to see
    /// to.
    #[must_use]
    pub fn part(&self, fate: &dyn Fn(&str) -> Fate) -> Document {
        let (value, spans) = part(&self.value, &self.spans, &mut String::new(), fate);
        let (sources, spans, names) = (Arc::clone(&self.sources), Arc::new(spans), Arc::default());
        Document { sources, kept: self.kept.clone(), version: self.version, value, spans, names }
    }
}

/// Takes the part of a value. It is recursive, as a document is never deeper than its reader allows.
fn part(value: &Value, place: &SpanTree, at: &mut String, fate: &dyn Fn(&str) -> Fate) -> (Value, SpanTree) {
    let mut members = Vec::new();
    let mut descend = |key: &str, member: &Value, place: &SpanTree| {
        let length = at.len();
        pointer::push(at, key);
        let kept = match fate(at) {
            Fate::Whole => Some((member.clone(), place.clone())),
            Fate::Parts => Some(part(member, place, at, fate)),
            Fate::Gone => None,
        };
        at.truncate(length);
        kept.map(|(member, place)| {
            members.push(place);
            member
        })
    };
    let value = match value {
        Value::Object(map) => {
            let kept = map.iter().zip(&place.members).filter_map(|((key, member), place)| {
                descend(key, member, place).map(|member| (key.clone(), member))
            });
            Value::Object(kept.collect::<Map<_, _>>())
        }
        Value::Array(items) => {
            let kept = items.iter().zip(&place.members).enumerate();
            let kept = kept.filter_map(|(index, (item, place))| descend(&index.to_string(), item, place));
            Value::Array(kept.collect())
        }
        scalar => scalar.clone(),
    };
    (value, SpanTree { members, ..*place })
}
