//! Rows as JSON. What a row has itself is written once and kept beside it; what comes from other rows is put between.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value;

use crate::definition::{Access, Seen};
use crate::functions::{Known, Reads};
use crate::ids::{ModelId, ViewId};
use crate::path::{Path, Step};
use crate::plan::{PropertyPlan, SeenPlan, SourcePlan, ViewPlan};
use crate::reader::{Reader, Surroundings};
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
        // What is kept is for rows that are seen as what they are.
        let may_be_kept = !plan.depends_on_seen || self.reader.seen(row) == row.model;
        let kept = match row.rendered(plan.slot).filter(|_| may_be_kept) {
            Some(kept) => kept.get_or_init(|| self.own_parts(plan, row)),
            None => &self.own_parts(plan, row),
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
                match &property.source {
                    SourcePlan::Function(Known { reads: Reads::RowUnless(exception), .. }) => {
                        let kept = parts.next().map_or(&[][..], Vec::as_slice);
                        match exception(self.reader, row) {
                            Some(value) => write(&value, out),
                            None => out.extend_from_slice(kept),
                        }
                    }
                    source => self.render_source(source, row, out),
                }
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
            SourcePlan::Function(known) => write(&(known.function)(self.reader, row), out),
        }
    }

    /// Returns the text of what a row has itself: before the first value from elsewhere, between that and the next, and so on;
    /// of a value that may be another, its own text is a part too.
    fn own_parts(self, view: &ViewPlan, row: &Row) -> Box<[Vec<u8>]> {
        // What is kept is for every request.
        let seen_as = self.reader.surroundings.seen_as;
        let reader =
            Reader { surroundings: Surroundings { seen_as, ..Surroundings::default() }, ..self.reader };
        let mut parts = vec![Vec::new()];
        for property in shown(view) {
            let value = match &property.source {
                SourcePlan::Column(column) => Cow::Borrowed(row.value(*column)),
                SourcePlan::Constant(constant) => Cow::Borrowed(&constant.0),
                SourcePlan::Function(Known { function, reads: Reads::Row }) => {
                    Cow::Owned(function(reader, row))
                }
                SourcePlan::Function(Known { function, reads: Reads::RowUnless(_) }) => {
                    let mut text = Vec::new();
                    write(&function(reader, row), &mut text);
                    parts.extend([text, Vec::new()]);
                    continue;
                }
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
                write(&value, part);
            }
        }
        parts.into_boxed_slice()
    }
}

/// Returns the properties that answers have.
fn shown(view: &ViewPlan) -> impl Iterator<Item = &PropertyPlan> {
    view.properties.iter().filter(|property| property.access != Access::WriteOnly)
}

/// Appends a value.
pub(crate) fn write(value: &Value, out: &mut Vec<u8>) {
    // Writing to memory does not fail, and a value always can be written.
    let _ = serde_json::to_writer(out, value);
}

/// The most bytes that are reserved for a list.
const MAX_RESERVED: usize = 1 << 20;

/// Appends a list.
pub(crate) fn list<T>(
    items: impl IntoIterator<Item = T>,
    out: &mut Vec<u8>,
    mut write: impl FnMut(T, &mut Vec<u8>),
) {
    let mut items = items.into_iter();
    out.push(b'[');
    if let Some(first) = items.next() {
        let start = out.len();
        write(first, out);
        // The others are taken to be as long.
        let length = (out.len() - start).saturating_mul(items.size_hint().0);
        out.reserve(length.min(MAX_RESERVED));
    }
    for item in items {
        out.push(b',');
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
