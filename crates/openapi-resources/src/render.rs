//! Rows as JSON. What a row has itself is written once and kept beside it; what comes from other rows is put between.

use std::sync::Arc;

use serde_json::Value;

use crate::definition::{Access, Seen};
use crate::ids::{ModelId, ViewId};
use crate::path::{Path, Step};
use crate::plan::{PropertyPlan, SeenPlan, SourcePlan, ViewPlan};
use crate::reader::Reader;
use crate::row::Row;
use crate::state::items;

/// A reader of rows, with the views that show them.
#[derive(Clone, Copy)]
pub(crate) struct Renderer<'a> {
    pub(crate) views: &'a [ViewPlan],
    pub(crate) reader: Reader<'a>,
}

impl Renderer<'_> {
    /// Appends a row as JSON.
    pub(crate) fn render(self, view: ViewId, row: &Row, out: &mut Vec<u8>) {
        let plan = &self.views[view.0];
        let other = plan.of.get(&self.reader.seen(row)).filter(|_| !plan.of.is_empty());
        let plan = other.map_or(plan, |other| &self.views[other.0]);
        let kept = match row.rendered(plan.slot) {
            Some(kept) => kept.get_or_init(|| own_parts(plan, row)),
            None => &own_parts(plan, row),
        };
        let mut parts = kept.iter();
        out.push(b'{');
        let open = out.len();
        let divide = |out: &mut Vec<u8>| {
            if out.len() > open {
                out.push(b',');
            }
        };
        let others = shown(plan).filter(|property| !property.source.is_own()).map(Some);
        for other in std::iter::once(None).chain(others) {
            if let Some(property) = other {
                let start = out.len();
                divide(out);
                out.extend_from_slice(property.head.as_bytes());
                let value = out.len();
                self.render_source(&property.source, row, out);
                if property.optional && out.get(value..) == Some(b"null") {
                    out.truncate(start);
                }
            }
            if let Some(part) = parts.next().filter(|part| !part.is_empty()) {
                divide(out);
                out.extend_from_slice(part);
            }
        }
        out.push(b'}');
    }

    /// Returns the model that rows at the end of a path are seen as, if it is not that which they were made for.
    fn seen_as(self, path: &Path, plan: &SeenPlan, row: &Row, found: &[&Arc<Row>]) -> Option<ModelId> {
        if found.iter().any(|found| plan.base_of.contains(&found.model)) {
            return Some(path.model);
        }
        let is_written = || match path.steps.first() {
            Some(Step::Forward { column, .. }) => {
                let name = &self.reader.layout.column(row.model, *column).name;
                self.reader.surroundings.written.contains(name)
            }
            _ => false,
        };
        match plan.seen {
            Seen::Own => None,
            Seen::Base => Some(path.model),
            Seen::Read => Some(path.model).filter(|_| is_written()),
        }
    }

    fn render_source(self, source: &SourcePlan, row: &Row, out: &mut Vec<u8>) {
        match source {
            SourcePlan::Column(column) => write(row.value(*column), out),
            SourcePlan::Constant(constant) => out.extend_from_slice(constant.1.as_bytes()),
            SourcePlan::Path(path) | SourcePlan::Reverse(path) => {
                let rows = if path.steps.is_empty() { None } else { Some(self.reader.rows_at(path, row)) };
                let values = match &rows {
                    None => vec![row.value(path.end.column)],
                    Some(rows) => rows.iter().map(|row| row.value(path.end.column)).collect(),
                };
                let inner = values.into_iter().flat_map(|value| items(value, path.end.listed)).map(|value| {
                    path.end
                        .inner
                        .iter()
                        .try_fold(value, |value, key| step_into(value, key))
                        .unwrap_or(&Value::Null)
                });
                if path.many {
                    // A list names rows, so a row in between that names none adds nothing.
                    let names_rows =
                        || self.reader.layout.column(path.model, path.end.column).reference.is_some();
                    let skips_null = !path.steps.is_empty() && names_rows();
                    list(inner.filter(|value| !(skips_null && value.is_null())), out, write);
                } else {
                    write(inner.into_iter().next().unwrap_or(&Value::Null), out);
                }
            }
            SourcePlan::OwnKey(_, path) => {
                let named = self.reader.rows_at(path, row);
                write(named.first().map_or(&Value::Null, |row| self.reader.key(row)), out);
            }
            SourcePlan::Object(path, view, seen) => {
                let mut rows = self.reader.rows_at(path, row);
                // Over rows that join two models, the others come in the order of their creation.
                if path.many && path.steps.len() > 1 {
                    rows.sort_by_key(|row| row.id);
                }
                let mut inner = self;
                inner.reader.surroundings.seen_as = self.seen_as(path, seen, row, &rows);
                inner.reader.surroundings.written = &[];
                if path.many {
                    list(rows, out, |row, out| inner.render(*view, row, out));
                } else {
                    match rows.first() {
                        Some(row) => inner.render(*view, row, out),
                        None => out.extend_from_slice(b"null"),
                    }
                }
            }
            SourcePlan::Count(path) => {
                let mut count: u64 = 0;
                self.reader.any(path, row, &mut |value| {
                    count += u64::from(!value.is_null());
                    false
                });
                write(&Value::from(count), out);
            }
            SourcePlan::Template(template) => {
                write(&self.reader.filled(template, row).map_or(Value::Null, Value::from), out);
            }
            SourcePlan::Function(function) => {
                let function = Arc::clone(function);
                write(&function(self.reader, row), out);
            }
        }
    }
}

/// Returns the properties that answers have.
fn shown(view: &ViewPlan) -> impl Iterator<Item = &PropertyPlan> {
    view.properties.iter().filter(|property| property.access != Access::WriteOnly)
}

/// Returns the text of what a row has itself: before the first value from elsewhere, between that and the next, and so on.
fn own_parts(view: &ViewPlan, row: &Row) -> Box<[Vec<u8>]> {
    let mut parts = vec![Vec::new()];
    for property in shown(view) {
        let value = match &property.source {
            SourcePlan::Column(column) => row.value(*column),
            SourcePlan::Constant(constant) => &constant.0,
            _ => {
                parts.push(Vec::new());
                continue;
            }
        };
        if let Some(part) = parts.last_mut().filter(|_| !(property.optional && value.is_null())) {
            if !part.is_empty() {
                part.push(b',');
            }
            part.extend_from_slice(property.head.as_bytes());
            write(value, part);
        }
    }
    parts.into_boxed_slice()
}

/// Appends a value.
pub(crate) fn write(value: &Value, out: &mut Vec<u8>) {
    // Writing to memory does not fail, and a value always can be written.
    let _ = serde_json::to_writer(out, value);
}

/// Appends a list.
pub(crate) fn list<T>(
    items: impl IntoIterator<Item = T>,
    out: &mut Vec<u8>,
    mut write: impl FnMut(T, &mut Vec<u8>),
) {
    out.push(b'[');
    for (position, item) in items.into_iter().enumerate() {
        if position > 0 {
            out.push(b',');
        }
        write(item, out);
    }
    out.push(b']');
}

/// Returns the member or item of a value.
fn step_into<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        value => value.get(key),
    }
}
