//! Rows and sequences as the entries of a journal: rows by their numbers, with the names of their models and fields, so
//! that they can still be read when fields have come or gone.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::ids::{ModelId, RowId};
use crate::journal::{Change, JournalError};
use crate::layout::Layout;
use crate::row::Row;
use crate::state::State;

/// The beginning of the keys of rows, before their numbers.
const ROW: &str = "row/";

/// The beginning of the keys of sequences, before the names of their models and fields.
const SEQUENCE: &str = "sequence/";

/// A row as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    model: String,
    values: Map<String, Value>,
}

/// Returns everything as entries.
pub(crate) fn all(layout: &Layout, state: &State) -> Vec<Change> {
    let roots = (0..layout.models.len()).map(ModelId).filter(|model| layout.at(*model).root() == *model);
    let rows = roots.flat_map(|root| state.rows(root)).map(|row| put(layout, row));
    rows.chain(state.sequences().map(|sequence| number(layout, sequence))).collect()
}

/// Returns the entries that rows have become, and those of the sequences that went on.
pub(crate) fn changed(
    layout: &Layout,
    before: &State,
    after: &State,
    touched: &[(ModelId, RowId)],
) -> Vec<Change> {
    let rows = touched.iter().map(|(model, id)| match after.row(layout.at(*model).root(), *id) {
        Some(row) => put(layout, row),
        None => Change { key: key_of(*id), value: None },
    });
    let sequences = after.sequences_since(before).map(|sequence| number(layout, sequence));
    rows.chain(sequences).collect()
}

/// Returns the entries that a value of JSON describes; none if it is no object.
pub(crate) fn of_value(value: &Value) -> Option<Vec<Change>> {
    let members = value.as_object()?.iter();
    let entry = |(key, value): (&String, &Value)| Change {
        key: key.clone(),
        value: Some(value.to_string().into_bytes()),
    };
    Some(members.map(entry).collect())
}

fn key_of(id: RowId) -> String {
    format!("{ROW}{:016x}", id.0)
}

fn put(layout: &Layout, row: &Row) -> Change {
    let plan = layout.at(row.model);
    let values = plan
        .columns
        .iter()
        .zip(&row.values)
        .map(|(column, value)| (column.name.clone(), Value::clone(value)));
    let kept = Kept { model: plan.name.clone(), values: values.collect() };
    // Names and values of JSON can always be written.
    Change { key: key_of(row.id), value: Some(serde_json::to_vec(&kept).unwrap_or_default()) }
}

fn number(layout: &Layout, (model, column, last): (ModelId, usize, i64)) -> Change {
    let key = format!("{SEQUENCE}{}/{}", layout.at(model).name, layout.column(model, column).name);
    Change { key, value: Some(last.to_string().into_bytes()) }
}

/// Returns the state that entries describe.
///
/// # Errors
/// If an entry is none that a store with this layout keeps.
pub(crate) fn read(layout: &Layout, entries: &[Change]) -> Result<State, JournalError> {
    let (mut state, mut rows) = (State::empty(layout), Vec::new());
    for Change { key, value } in entries {
        let Some(value) = value else { continue };
        let damaged =
            |reason: &str| JournalError::Damaged(format!("the entry `{key}` is unreadable: {reason}"));
        if let Some(id) = key.strip_prefix(ROW) {
            let id = u64::from_str_radix(id, 16).map_err(|error| damaged(&error.to_string()))?;
            if id > u64::MAX >> 1 || key_of(RowId(id)) != *key {
                return Err(damaged("its number is none that a store gives"));
            }
            let kept: Kept = serde_json::from_slice(value).map_err(|error| damaged(&error.to_string()))?;
            let model = layout.named(&kept.model).ok_or_else(|| damaged("there is no such model"))?;
            state.next = state.next.max(id.saturating_add(1));
            rows.push(Arc::new(row(layout, RowId(id), model, kept.values)));
        } else if let Some((model, field)) = key.strip_prefix(SEQUENCE).and_then(|key| key.rsplit_once('/')) {
            let model = layout.named(model).ok_or_else(|| damaged("there is no such model"))?;
            let last = std::str::from_utf8(value).ok().and_then(|text| text.parse().ok());
            let last = last.ok_or_else(|| damaged("it is no number"))?;
            if let Some(column) = layout.at(model).by_name.get(field) {
                state.saw(model, *column, last);
            }
        } else {
            return Err(damaged("this is neither a row nor a sequence"));
        }
    }
    state.extend(layout, &rows);
    Ok(state)
}

/// Returns a row with the values that were kept; a field that was unknown then has what a new row is given.
pub(crate) fn row(layout: &Layout, id: RowId, model: ModelId, mut values: Map<String, Value>) -> Row {
    let plan = layout.at(model);
    let columns = plan.columns.iter().map(|column| match values.remove(&column.name) {
        Some(value) => Arc::new(value),
        None => Arc::clone(&column.initial),
    });
    Row::new(id, model, columns.collect(), plan.slots)
}
