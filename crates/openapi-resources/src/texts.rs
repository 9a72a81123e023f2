//! The texts of rows side by side and without case, so that a search reads memory in its order instead of every row.

use std::sync::Arc;

use memchr::memmem;

use crate::ids::RowId;
use crate::ordered::Ordered;

/// The most rows whose texts stand side by side.
const MAX_ROWS: usize = 128;

/// The texts of rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Texts(Ordered<Arc<Block>>);

/// The texts of some rows, in the order of their numbers.
#[derive(Clone, Debug, Default)]
struct Block {
    /// The rows, each with the position after its text.
    rows: Vec<(RowId, usize)>,
    text: String,
}

impl Block {
    fn first(&self) -> RowId {
        self.rows.first().map_or(RowId(0), |(id, _)| *id)
    }

    /// Returns the rows with their texts.
    fn texts(&self) -> impl Iterator<Item = (RowId, &str)> {
        let mut start = 0;
        self.rows.iter().map(move |(id, end)| {
            let text = self.text.get(start..*end).unwrap_or_default();
            start = *end;
            (*id, text)
        })
    }

    fn push(&mut self, id: RowId, text: &str) {
        self.text.push_str(text);
        self.rows.push((id, self.text.len()));
    }
}

impl Texts {
    /// Sets the text of a row, or removes it.
    pub(crate) fn set(&mut self, id: RowId, text: Option<&str>) {
        // Most are of new rows, which come behind all others.
        if let (Some(text), Some(last)) = (text, self.0.last_mut())
            && last.rows.len() < MAX_ROWS
            && last.rows.last().is_some_and(|(known, _)| *known < id)
        {
            return Arc::make_mut(last).push(id, text);
        }
        let position = self.0.rank(|block| block.first().cmp(&id).then(std::cmp::Ordering::Less));
        let before =
            position.checked_sub(1).and_then(|position| self.0.from(position).next()).map(Arc::clone);
        let mut blocks = vec![Block::default()];
        let mut given = text.map(|text| (id, text));
        let known = before.iter().flat_map(|block| block.texts()).filter(|(known, _)| *known != id);
        let (mut rest, mut is_done) = (known.peekable(), false);
        while !is_done {
            let is_next = given.is_some_and(|(id, _)| rest.peek().is_none_or(|(other, _)| id < *other));
            let next = if is_next { given.take() } else { rest.next() };
            match next {
                Some((id, text)) => {
                    if blocks.last().is_some_and(|block| block.rows.len() >= MAX_ROWS) {
                        blocks.push(Block::default());
                    }
                    if let Some(block) = blocks.last_mut() {
                        block.push(id, text);
                    }
                }
                None => is_done = true,
            }
        }
        if let Some(before) = &before {
            self.0.remove(&|block: &Arc<Block>| block.first().cmp(&before.first()));
        }
        for block in blocks.into_iter().filter(|block| !block.rows.is_empty()) {
            self.0.insert(Arc::new(block), &|one, other| one.first().cmp(&other.first()));
        }
    }

    /// Returns the rows whose text has `term` in it, which has no case either.
    pub(crate) fn containing(&self, term: &str) -> Vec<RowId> {
        let finder = memmem::Finder::new(term);
        let mut found = Vec::new();
        for block in self.0.iter() {
            let mut from = 0;
            while let Some(at) = block.text.as_bytes().get(from..).and_then(|text| finder.find(text)) {
                let row = block.rows.partition_point(|(_, end)| *end <= from + at);
                let Some((id, end)) = block.rows.get(row) else { break };
                if from + at + term.len() <= *end {
                    found.push(*id);
                    from = *end;
                } else {
                    // It begins in one text and ends in the next.
                    from += at + 1;
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_finds_what_a_map_of_texts_has(
            steps in prop::collection::vec((0_u64..400, prop::option::of("[ab\n]{0,4}")), 0..900),
            term in "[ab]{1,3}",
        ) {
            let (mut texts, mut map) = (Texts::default(), BTreeMap::new());
            for (id, text) in steps {
                texts.set(RowId(id), text.as_deref());
                match text {
                    Some(text) => drop(map.insert(id, text)),
                    None => drop(map.remove(&id)),
                }
            }
            let expected: Vec<RowId> =
                map.iter().filter(|(_, text)| text.contains(&term)).map(|(id, _)| RowId(*id)).collect();
            prop_assert_eq!(texts.containing(&term), expected);
            let all: Vec<(RowId, String)> = texts.0.iter().flat_map(|block| block.texts()).map(|(id, text)| (id, text.to_owned())).collect();
            prop_assert_eq!(all, map.into_iter().map(|(id, text)| (RowId(id), text)).collect::<Vec<_>>());
        }
    }
}
