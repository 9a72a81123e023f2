//! `WHERE`: whether a row has the values a query asks for. Reading those values from the query is done before.

use openapi_server_runtime::filters::FilterValue;

use crate::column::{Cell, Column};
use crate::state::State;

/// Returns `true` if a row has every value asked for. A filter for which the viewset has no column matches no row,
/// since it cannot be answered.
#[must_use]
pub fn matches<R>(
    filters: &[(&'static str, FilterValue)],
    row: &R,
    columns: &[Column<R>],
    state: &State,
) -> bool {
    filters.iter().all(|(name, wanted)| {
        let mut usable = columns.iter().filter(|column| column.filterable);
        let column = usable.find(|column| column.name == *name);
        column.is_some_and(|column| column.cells(row, state).iter().any(|cell| equals(cell, wanted)))
    })
}

fn equals(cell: &Cell<'_>, wanted: &FilterValue) -> bool {
    match (cell, wanted) {
        (Cell::Text(text), FilterValue::Text(wanted) | FilterValue::Choice(wanted)) => text == wanted,
        (Cell::Boolean(value), FilterValue::Boolean(wanted)) => value == wanted,
        (Cell::Integer(value), FilterValue::Integer(wanted)) => value == wanted,
        (Cell::Uuid(value), FilterValue::Uuid(wanted)) => value == wanted,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Row = (&'static str, Option<bool>);

    const COLUMNS: &[Column<Row>] = &[
        Column::one("name", |row: &Row, _| Cell::text(row.0)).filter(),
        Column::one("on", |row: &Row, _| row.1.map_or(Cell::Null, Cell::Boolean)).filter(),
        Column::one("other", |_, _| Cell::text("x")),
    ];

    #[test]
    fn a_row_has_to_match_every_filter() {
        let text = |text: &str| FilterValue::Text(text.to_owned());
        let row = &("Plex", Some(true));
        let cases = [
            (vec![], true),
            (vec![("name", text("Plex"))], true),
            (vec![("name", text("plex"))], false),
            (vec![("name", text("Plex")), ("on", FilterValue::Boolean(true))], true),
            (vec![("name", text("Plex")), ("on", FilterValue::Boolean(false))], false),
            (vec![("other", text("x"))], false),
        ];
        for (filters, expected) in cases {
            assert_eq!(matches(&filters, row, COLUMNS, &State::default()), expected, "{filters:?}");
        }
        let null = ("Plex", None);
        assert!(!matches(&[("on", FilterValue::Boolean(false))], &null, COLUMNS, &State::default()));
    }
}
