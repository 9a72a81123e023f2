//! Columns: what a viewset can filter, order and search by, as data. A column turns a row into a [`Cell`], and cells
//! compare the way PostgreSQL compares them; what is done with the comparison is for [`crate::filter`],
//! [`crate::ordering`] and [`crate::search`].

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::state::State;

/// One value of one row.
///
/// Cells of a column are of one kind or [`Cell::Null`], which is greater than everything: ascending it comes last and
/// descending first. Text compares by code point, `false` before `true`, arrays element by element.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cell<'a> {
    /// A truth value.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A UUID.
    Uuid(Uuid),
    /// A point in time.
    DateTime(DateTime<Utc>),
    /// Text.
    Text(Cow<'a, str>),
    /// An array.
    Array(Vec<Cell<'a>>),
    /// No value. The order of the variants makes it the greatest.
    Null,
}

impl<'a> Cell<'a> {
    /// Makes a cell of the text of a row, or of no text.
    pub fn text(text: impl Into<Option<&'a str>>) -> Self {
        text.into().map_or(Self::Null, |text| Self::Text(Cow::Borrowed(text)))
    }

    /// Makes a cell of anything that can be written as text.
    pub fn word(word: &impl ToString) -> Self {
        Self::Text(Cow::Owned(word.to_string()))
    }

    /// Returns a UUID, or none.
    pub fn uuid(key: impl Into<Option<Uuid>>) -> Self {
        key.into().map_or(Self::Null, Self::Uuid)
    }

    /// Returns one cell for each of several UUIDs.
    #[must_use]
    pub fn uuids(keys: &[Uuid]) -> Vec<Self> {
        keys.iter().copied().map(Self::Uuid).collect()
    }

    /// Returns an array of texts.
    #[must_use]
    pub fn texts(texts: &'a [String]) -> Self {
        Self::Array(texts.iter().map(|text| Self::text(text.as_str())).collect())
    }
}

/// Gets the value of a column out of a row. The state is there for columns that follow a reference.
#[derive(Debug)]
pub enum Value<R> {
    /// One value a row.
    One(for<'a> fn(&'a R, &'a State) -> Cell<'a>),
    /// Any number of values a row, from a table of their own.
    Many(for<'a> fn(&'a R, &'a State) -> Vec<Cell<'a>>),
}

/// A column of the rows of a viewset.
#[derive(Debug)]
pub struct Column<R> {
    /// The name in queries.
    pub name: &'static str,
    /// Gets the value.
    pub value: Value<R>,
    /// `true` if lists can be filtered by it.
    pub filterable: bool,
    /// `true` if lists can be ordered by it.
    pub orderable: bool,
    /// `true` if it is searched.
    pub searchable: bool,
}

impl<R> Column<R> {
    /// Returns a column with one value a row. No query uses it yet.
    pub const fn one(name: &'static str, value: for<'a> fn(&'a R, &'a State) -> Cell<'a>) -> Self {
        Self { name, value: Value::One(value), filterable: false, orderable: false, searchable: false }
    }

    /// Returns a column with any number of values a row. No query uses it yet.
    pub const fn many(name: &'static str, value: for<'a> fn(&'a R, &'a State) -> Vec<Cell<'a>>) -> Self {
        Self { name, value: Value::Many(value), filterable: false, orderable: false, searchable: false }
    }

    /// Returns the column, by which lists can now be filtered.
    #[must_use]
    pub const fn filter(mut self) -> Self {
        self.filterable = true;
        self
    }

    /// Returns the column, by which lists can now be ordered.
    #[must_use]
    pub const fn order(mut self) -> Self {
        self.orderable = true;
        self
    }

    /// Returns the column, which is now searched.
    #[must_use]
    pub const fn search(mut self) -> Self {
        self.searchable = true;
        self
    }

    /// Returns the values of a row, as a left join does: at least one, [`Cell::Null`] if there is none.
    pub fn cells<'a>(&self, row: &'a R, state: &'a State) -> Vec<Cell<'a>> {
        match self.value {
            Value::One(value) => vec![value(row, state)],
            Value::Many(values) => {
                let cells = values(row, state);
                if cells.is_empty() { vec![Cell::Null] } else { cells }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_compare_like_postgresql() {
        let text = |text| Cell::Text(Cow::Borrowed(text));
        let array = |items: &[&'static str]| Cell::Array(items.iter().map(|item| text(item)).collect());
        let ascending: [&[Cell<'_>]; 5] = [
            &[Cell::Boolean(false), Cell::Boolean(true), Cell::Null],
            &[Cell::Integer(-1), Cell::Integer(5), Cell::Integer(40), Cell::Null],
            &[text(""), text("-dash"), text("B"), text("_"), text("a"), text("Ü"), text("🎬"), Cell::Null],
            &[array(&[]), array(&["a"]), array(&["a", "a"]), array(&["a", "b"]), array(&["b"]), Cell::Null],
            &[Cell::Uuid(Uuid::from_u128(1)), Cell::Uuid(Uuid::from_u128(1 << 100)), Cell::Null],
        ];
        for cells in ascending {
            assert!(cells.is_sorted(), "{cells:?}");
        }
    }
}
