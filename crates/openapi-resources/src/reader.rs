//! Reading rows at one moment.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;

use crate::definition::Kind;
use crate::ids::{IndexId, ModelId, RowId};
use crate::key::Key;
use crate::layout::{Layout, Referrer, TemplatePlan};
use crate::path::{Path, Step};
use crate::row::Row;
use crate::state::{State, items};
use crate::supply::Supply;

/// A reader of all rows at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) state: &'a State,
    pub(crate) surroundings: Surroundings<'a>,
}

/// The surroundings that rows are shown in.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Surroundings<'a> {
    /// The words of a program about a request.
    pub(crate) context: Option<&'a (dyn Any + Send + Sync)>,
    /// The model that a row is shown as one of, if it is not that which it was made for.
    pub(crate) seen_as: Option<ModelId>,
    /// The fields that the request that is answered has written.
    pub(crate) written: &'a [String],
}

/// A row that names another.
#[derive(Clone, Copy, Debug)]
pub struct Reference<'a> {
    /// The row that names it.
    pub row: &'a Arc<Row>,
    /// The field that does.
    pub field: &'a str,
    /// The model that has the field.
    pub model: ModelId,
    /// `true` if the field is a list.
    pub many: bool,
    /// The fate of the row when the other is deleted.
    pub on_delete: crate::definition::OnDelete,
}

/// A path from rows of a model to other rows.
#[derive(Clone, Debug)]
pub struct Relation {
    pub(crate) from: ModelId,
    pub(crate) path: Path,
}

/// The rows that a caller may see.
#[derive(Clone, Copy)]
pub enum Only<'a> {
    /// Those that a function says. A list asks for every row.
    If(&'a (dyn Fn(Reader<'_>, &Row) -> bool + Sync)),
    /// All but these few. A page of a list costs its rows.
    But(&'a [RowId]),
}

impl Only<'_> {
    /// Returns `true` if the caller may see a row.
    pub(crate) fn shows(self, reader: Reader<'_>, row: &Row) -> bool {
        match self {
            Self::If(shows) => shows(reader, row),
            Self::But(hidden) => !hidden.contains(&row.id),
        }
    }
}

impl fmt::Debug for Only<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::If(_) => f.write_str("If"),
            Self::But(hidden) => f.debug_tuple("But").field(hidden).finish(),
        }
    }
}

impl<'a> Reader<'a> {
    /// Returns what the program says of the request that rows are shown for.
    #[must_use]
    pub fn context<T: 'static>(self) -> Option<&'a T> {
        self.surroundings.context?.downcast_ref()
    }

    /// Returns the model that a row is shown as one of: that which it was made for, or a base of it where the relation
    /// leads to rows of the base.
    #[must_use]
    pub fn seen(self, row: &Row) -> ModelId {
        self.surroundings.seen_as.unwrap_or(row.model)
    }

    /// Returns where times, keys and secrets of new rows come from.
    #[must_use]
    pub fn supply(self) -> &'a dyn Supply {
        &*self.layout.supply
    }

    /// Returns the time.
    #[must_use]
    pub fn now(self) -> DateTime<Utc> {
        self.supply().now()
    }

    /// Returns the model of this name.
    #[must_use]
    pub fn model(self, name: &str) -> Option<ModelId> {
        self.layout.named(name)
    }

    /// Returns the name of a model.
    #[must_use]
    pub fn model_name(self, model: ModelId) -> &'a str {
        &self.layout.at(model).name
    }

    /// Returns the names of the fields of a model, those of its bases included.
    pub fn fields(self, model: ModelId) -> impl Iterator<Item = &'a str> {
        self.layout.at(model).columns.iter().map(|column| column.name.as_str())
    }

    /// Returns the number of rows of a model.
    #[must_use]
    pub fn count(self, model: ModelId) -> usize {
        self.state.index(IndexId { model, number: 0 }).len()
    }

    /// Returns the rows of a model, in the order of their creation.
    pub fn rows(self, model: ModelId) -> impl Iterator<Item = &'a Arc<Row>> {
        let all = self.state.rows(self.layout.at(model).root());
        all.filter(move |row| self.layout.is_a(row.model, model))
    }

    /// Returns the row of a model with this number.
    #[must_use]
    pub fn row(self, model: ModelId, id: RowId) -> Option<&'a Arc<Row>> {
        let row = self.state.row(self.layout.at(model).root(), id)?;
        self.layout.is_a(row.model, model).then_some(row)
    }

    /// Returns the row of a model with this key.
    #[must_use]
    pub fn by_key(self, model: ModelId, key: &Value) -> Option<&'a Arc<Row>> {
        self.named(model, self.layout.at(model).key, key).next()
    }

    /// Returns the row of a model that has this key, as the model has it that the row was made for.
    #[must_use]
    pub fn by_own_key(self, model: ModelId, key: &Value) -> Option<&'a Arc<Row>> {
        self.layout.at(model).own_keys.iter().find_map(|(other, column)| {
            self.named(*other, *column, key).find(|row| self.layout.at(row.model).key == *column)
        })
    }

    /// Returns the row of a model that has this value in a field; of several the oldest.
    #[must_use]
    pub fn find(self, model: ModelId, field: &str, value: &Value) -> Option<&'a Arc<Row>> {
        let column = *self.layout.at(model).by_name.get(field)?;
        self.named(model, column, value).next()
    }

    /// Returns the rows of a model that have this value in a field, or among the items of its list; oldest first.
    pub fn find_all(
        self,
        model: ModelId,
        field: &str,
        value: &Value,
    ) -> impl Iterator<Item = &'a Arc<Row>> + use<'a> {
        let column = self.layout.at(model).by_name.get(field);
        column.map(|column| self.named(model, *column, value)).into_iter().flatten()
    }

    /// Returns the rows at the end of a path; none if it is a path of another model.
    #[must_use]
    pub fn related(self, relation: &Relation, row: &Row) -> Vec<&'a Arc<Row>> {
        if self.layout.is_a(row.model, relation.from) {
            self.rows_at(&relation.path, row)
        } else {
            Vec::new()
        }
    }

    /// Returns the value of a field; null if the row has no such field.
    #[must_use]
    pub fn value(self, row: &'a Row, field: &str) -> &'a Value {
        match self.layout.at(row.model).by_name.get(field) {
            Some(column) => row.value(*column),
            None => &Value::Null,
        }
    }

    /// Returns the key of a row.
    #[must_use]
    pub fn key(self, row: &'a Row) -> &'a Value {
        row.value(self.layout.at(row.model).key)
    }

    /// Returns the key of a row as one of `model`, which may be a base of its own.
    #[must_use]
    pub fn key_as(self, row: &'a Row, model: ModelId) -> &'a Value {
        row.value(self.layout.at(model).key)
    }

    /// Returns how a row is called: its model's text, or its key.
    #[must_use]
    pub fn text(self, row: &Row) -> String {
        let template =
            self.layout.at(row.model).lineage.iter().find_map(|id| self.layout.at(*id).text.as_ref());
        match template {
            Some(template) => self.filled(template, row).unwrap_or_default(),
            None => plain(row.value(self.layout.at(row.model).key)),
        }
    }

    /// Returns how a row is called as one of `model`, which may be a base of its own, by the text of this very model.
    #[must_use]
    pub fn text_as(self, row: &Row, model: ModelId) -> Option<String> {
        self.filled(self.layout.at(model).text.as_ref()?, row)
    }

    /// Returns the rows that name a row, model after model.
    pub fn references(self, row: &'a Row) -> impl Iterator<Item = Reference<'a>> {
        self.referrers(row.model).flat_map(move |referrer| {
            let found = self.referring(referrer, row);
            found.into_iter().map(move |other| Reference {
                row: other,
                field: &self.layout.column(referrer.model, referrer.column).name,
                model: referrer.model,
                many: referrer.many,
                on_delete: referrer.on_delete,
            })
        })
    }

    /// Returns the fields that can name a row of `model`.
    pub(crate) fn referrers(self, model: ModelId) -> impl Iterator<Item = &'a Referrer> {
        self.layout.at(model).lineage.iter().flat_map(move |id| &self.layout.at(*id).referrers)
    }

    /// Returns the rows that name `row` by the field `referrer`.
    pub(crate) fn referring(self, referrer: &Referrer, row: &Row) -> Vec<&'a Arc<Row>> {
        let kind = self.layout.column(row.model, referrer.named_by).kind;
        let key = Key::of(kind, row.value(referrer.named_by));
        if key.is_null() { Vec::new() } else { self.indexed(referrer.index, key).collect() }
    }

    /// Returns the rows that have this key in an index.
    fn indexed(self, index: IndexId, key: Key<'_>) -> impl Iterator<Item = &'a Arc<Row>> + use<'a> {
        let root = self.layout.at(index.model).root();
        let found: Vec<RowId> =
            self.state.entries(self.layout, index, &[key]).map(|entry| entry.row).collect();
        found.into_iter().filter_map(move |id| self.state.row(root, id))
    }

    /// Returns the rows of a model that have a value in a field, from its index if it has one.
    pub(crate) fn named(
        self,
        model: ModelId,
        column: usize,
        value: &Value,
    ) -> impl Iterator<Item = &'a Arc<Row>> + use<'a> {
        let field = self.layout.column(model, column);
        let value = field.kind.read(value);
        let with = |value: &Value| -> Vec<&'a Arc<Row>> {
            let key = Key::of(field.kind, value);
            match field.index {
                Some(index) => {
                    self.indexed(index, key).filter(|row| self.layout.is_a(row.model, model)).collect()
                }
                None => {
                    self.rows(model).filter(|row| Key::of(field.kind, row.value(column)) == key).collect()
                }
            }
        };
        let mut found = with(&value);
        // What has no kind may be a number or a flag that a path could only write as text.
        if let (true, Kind::Any, Some(text)) = (found.is_empty(), field.kind, value.as_str()) {
            let written = serde_json::from_str(text).ok().filter(|value: &Value| !value.is_string());
            found = written.as_ref().map(with).unwrap_or_default();
        }
        found.into_iter()
    }

    /// Returns the rows that a step leads to.
    pub(crate) fn step(self, step: &Step, row: &Row) -> Vec<&'a Arc<Row>> {
        match step {
            Step::Forward { column, target, named_by, many } => {
                let keys = items(row.value(*column), *many).iter().filter(|key| !key.is_null());
                keys.flat_map(|key| self.named(*target, *named_by, key)).collect()
            }
            Step::Reverse { model, column, named_by } => {
                let key = row.value(*named_by);
                if key.is_null() { Vec::new() } else { self.named(*model, *column, key).collect() }
            }
        }
    }

    /// Shows `visit` each value at the end of a path, until it returns `true`; returns `true` if it did.
    pub(crate) fn any(self, path: &Path, row: &Row, visit: &mut dyn FnMut(&Value) -> bool) -> bool {
        fn below(
            reader: Reader<'_>,
            path: &Path,
            steps: &[Step],
            row: &Row,
            visit: &mut dyn FnMut(&Value) -> bool,
        ) -> bool {
            match steps {
                [step, rest @ ..] => {
                    reader.step(step, row).into_iter().any(|row| below(reader, path, rest, row, visit))
                }
                [] => inside(row.value(path.end.column), &path.end.inner, visit),
            }
        }
        below(self, path, &path.steps, row, visit)
    }

    /// Returns the rows at the end of a path.
    pub(crate) fn rows_at(self, path: &Path, row: &Row) -> Vec<&'a Arc<Row>> {
        let Some((first, rest)) = path.steps.split_first() else { return Vec::new() };
        rest.iter().fold(self.step(first, row), |rows, step| {
            rows.into_iter().flat_map(|row| self.step(step, row)).collect()
        })
    }

    /// Returns a template with what its paths lead to; `None` if one of them leads to null.
    pub(crate) fn filled(self, template: &TemplatePlan, row: &Row) -> Option<String> {
        let mut text = String::new();
        for (before, path) in &template.parts {
            text.push_str(before);
            if let Some(path) = path {
                let mut found = Value::Null;
                self.any(path, row, &mut |value| {
                    found = value.clone();
                    true
                });
                if found.is_null() {
                    return None;
                }
                text.push_str(&plain(&found));
            }
        }
        Some(text)
    }
}

/// Shows `visit` the items of a value, or of what is inside it.
fn inside(value: &Value, inner: &[String], visit: &mut dyn FnMut(&Value) -> bool) -> bool {
    match (value, inner) {
        (Value::Array(items), _) => items.iter().any(|item| inside(item, inner, visit)),
        (value, []) => visit(value),
        (value, [key, rest @ ..]) => value.get(key).is_some_and(|value| inside(value, rest, visit)),
    }
}

/// Returns a value as text: a text without its quotation marks.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}
