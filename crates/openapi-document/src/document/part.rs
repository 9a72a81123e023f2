//! A part of a document as a document of its own, everything in it standing where it stood in the whole.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::Document;
use super::retain::Retain;
use crate::pointer;
use crate::source::SpanTree;

impl Document {
    /// Returns the document with the members that `retain` keeps, by pointer. Name, text and positions stay those of
    /// the whole, so that errors in the part are found in the file it came from.
    ///
    /// The part is as valid as the whole if nothing is dropped that the rest needs, which the caller ensures.
    #[must_use]
    pub fn part(&self, retain: &dyn Fn(&str) -> Retain) -> Document {
        let (value, spans) = part(&self.value, &self.spans, &mut String::new(), retain);
        let (sources, spans, names) = (Arc::clone(&self.sources), Arc::new(spans), Arc::default());
        let warnings = Arc::clone(&self.warnings);
        Document { sources, version: self.version, value, spans, names, warnings }
    }
}

/// Takes the part of a value. It is recursive, as a document is never deeper than its reader allows.
fn part(
    value: &Value,
    place: &SpanTree,
    at: &mut String,
    retain: &dyn Fn(&str) -> Retain,
) -> (Value, SpanTree) {
    let mut members = Vec::new();
    let mut descend = |key: &str, member: &Value, place: &SpanTree| {
        let length = at.len();
        pointer::push(at, key);
        let kept = match retain(at) {
            Retain::All => Some((member.clone(), place.clone())),
            Retain::Descend => Some(part(member, place, at, retain)),
            Retain::Drop => None,
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
