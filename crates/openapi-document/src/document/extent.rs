//! Finds the lines of a part of the document, for edits that leave all other lines alone.

use std::ops::Range;

use serde_json::Value;

use super::Document;
use crate::source::SpanTree;

impl Document {
    /// Returns the bytes of the lines from the key of `pointer`'s target to its last value. Comments around them are
    /// not counted in. Only of a document in block style are these lines nothing else's.
    #[must_use]
    pub fn lines_of(&self, pointer: &str) -> Option<Range<usize>> {
        let (value, place) = self.walk_to(pointer)?;
        let text = self.text();
        let first = place.key.unwrap_or(place.value).span().start;
        let start = text.get(..first)?.rfind('\n').map_or(0, |at| at + 1);
        let last = text.get(..end(value, place))?.trim_end().len().max(first);
        let end = text.get(last..)?.find('\n').map_or(text.len(), |at| last + at + 1);
        Some(start..end)
    }

    /// Returns the column of the key of `pointer`'s target, or of the dash in front of an item; it counts from 0.
    #[must_use]
    pub fn indentation_of(&self, pointer: &str) -> Option<usize> {
        let (_, place) = self.walk_to(pointer)?;
        let at = |column: usize, dash: usize| column.saturating_sub(1 + dash);
        Some(place.key.map_or_else(|| at(place.value.column, 2), |key| at(key.column, 0)))
    }
}

/// Returns the end of the last scalar of a value.
fn end(value: &Value, place: &SpanTree) -> usize {
    let members: Vec<&Value> = match value {
        Value::Object(map) => map.values().collect(),
        Value::Array(items) => items.iter().collect(),
        _ => Vec::new(),
    };
    let ends = members.into_iter().zip(&place.members).map(|(member, place)| end(member, place));
    ends.max().unwrap_or_default().max(place.value.span().end)
}
