//! `ORDER BY`: reads the `ordering` parameter and puts rows in that order. Which columns take part is the viewset's
//! declaration; how two values compare is [`crate::column::Cell`]'s.

use std::cmp::Ordering as Comparison;

use openapi_django::server::python;

use crate::column::{Cell, Column};
use crate::state::State;

/// An order of rows.
#[derive(Debug)]
pub struct Ordering<'c, R> {
    /// The columns that are compared, each once.
    columns: Vec<&'c Column<R>>,
    /// The columns to compare, first to last.
    keys: Vec<Key>,
}

#[derive(Debug, Clone, Copy)]
struct Key {
    column: usize,
    descending: bool,
}

impl<'c, R> Ordering<'c, R> {
    /// Reads the parameter: names separated by commas, each with a minus sign for descending. Names of columns that
    /// cannot be ordered by are dropped; if none is left, the default order holds.
    #[must_use]
    pub fn parse(text: Option<&str>, columns: &'c [Column<R>], default: &[&str]) -> Self {
        let mut ordering = Self { columns: Vec::new(), keys: Vec::new() };
        for term in text.unwrap_or_default().split(',') {
            ordering.push(python::strip(term), columns, |column| column.orderable);
        }
        if ordering.keys.is_empty() {
            for term in default {
                ordering.push(term, columns, |_| true);
            }
        }
        ordering
    }

    fn push(&mut self, term: &str, columns: &'c [Column<R>], usable: fn(&Column<R>) -> bool) {
        let (name, descending) = term.strip_prefix('-').map_or((term, false), |name| (name, true));
        let Some(column) = columns.iter().find(|column| column.name == name && usable(column)) else {
            return;
        };
        let known = self.columns.iter().position(|known| known.name == column.name);
        let position = known.unwrap_or_else(|| {
            self.columns.push(column);
            self.columns.len() - 1
        });
        self.keys.push(Key { column: position, descending });
    }

    /// Returns the rows in this order; rows that compare equal keep theirs.
    ///
    /// A column with several values a row makes a row appear once for each of them, as joining their table does.
    #[must_use]
    pub fn sort<'a>(&self, rows: impl IntoIterator<Item = &'a R>, state: &'a State) -> Vec<&'a R> {
        let mut joined: Vec<(Vec<Cell<'a>>, &'a R)> = rows.into_iter().map(|row| (Vec::new(), row)).collect();
        for column in &self.columns {
            joined = joined
                .into_iter()
                .flat_map(|(cells, row)| {
                    column.cells(row, state).into_iter().map(move |cell| {
                        let mut cells = cells.clone();
                        cells.push(cell);
                        (cells, row)
                    })
                })
                .collect();
        }
        joined.sort_by(|(left, _), (right, _)| self.compare(left, right));
        joined.into_iter().map(|(_, row)| row).collect()
    }

    fn compare(&self, left: &[Cell<'_>], right: &[Cell<'_>]) -> Comparison {
        let compared = self.keys.iter().map(|key| {
            let comparison = left.get(key.column).cmp(&right.get(key.column));
            if key.descending { comparison.reverse() } else { comparison }
        });
        compared.fold(Comparison::Equal, Comparison::then)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name, whether something is on, a note, and a list.
    type Row = (&'static str, bool, Option<&'static str>, &'static [i64]);

    const COLUMNS: &[Column<Row>] = &[
        Column::one("name", |row: &Row, _| Cell::text(row.0)).order(),
        Column::one("on", |row: &Row, _| Cell::Boolean(row.1)).order(),
        Column::one("note", |row: &Row, _| Cell::text(row.2)).order(),
        Column::many("list", |row: &Row, _| row.3.iter().map(|item| Cell::Integer(*item)).collect()).order(),
        Column::one("hidden", |row: &Row, _| Cell::Boolean(!row.1)),
    ];

    const ROWS: &[Row] =
        &[("b", true, None, &[2, 1]), ("a", false, Some("x"), &[]), ("c", true, Some("w"), &[3])];

    fn order(ordering: Option<&str>) -> String {
        let state = State::default();
        let sorted = Ordering::parse(ordering, COLUMNS, &["hidden", "name"]).sort(ROWS, &state);
        sorted.iter().map(|row| row.0).collect()
    }

    #[test]
    fn rows_are_ordered_by_every_key_in_turn() {
        let cases = [
            ("name", "abc"),
            ("-name", "cba"),
            ("on,-name", "acb"),
            ("-on, name", "bca"),
            ("name,-name", "abc"),
            (" name ", "abc"),
            ("on", "abc"),
            ("-on", "bca"),
        ];
        for (ordering, expected) in cases {
            assert_eq!(order(Some(ordering)), expected, "{ordering}");
        }
    }

    #[test]
    fn nulls_are_last_ascending_and_first_descending() {
        assert_eq!(order(Some("note")), "cab");
        assert_eq!(order(Some("-note")), "bac");
    }

    #[test]
    fn what_cannot_be_ordered_by_is_dropped() {
        for ordering in [
            None,
            Some(""),
            Some("hidden"),
            Some("-"),
            Some("--name"),
            Some("Name"),
            Some("name asc"),
            Some(","),
        ] {
            assert_eq!(order(ordering), "bca", "{ordering:?}");
        }
        assert_eq!(order(Some("hidden,bogus,-name")), "cba");
    }

    #[test]
    fn a_row_appears_once_for_each_value_of_a_joined_table() {
        assert_eq!(order(Some("list")), "bbca");
        assert_eq!(order(Some("-list")), "acbb");
        assert_eq!(order(Some("list,-list,name")), "bbca");
    }
}
