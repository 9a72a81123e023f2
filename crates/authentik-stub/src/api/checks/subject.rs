//! Bodies that are checked.

use std::sync::Arc;

use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_resources::store::Snapshot;
use serde_json::Value;

use super::super::viewsets::{Part, Viewset};
use super::super::{Api, Context, access};

/// A body that is checked, and what it is for.
pub(crate) struct Subject<'a> {
    pub(crate) cx: &'a Context,
    pub(crate) viewset: &'a Viewset,
    /// The kinds of OAuth sources.
    pub(crate) source_types: &'a [Value],
    pub(crate) snapshot: Snapshot,
    /// The row that is changed, if one is.
    pub(crate) row: Option<Arc<Row>>,
    pub(crate) body: &'a Value,
}

impl<'a> Subject<'a> {
    pub(super) fn of(api: &'a Api, cx: &'a Context, body: &'a Value) -> Option<Self> {
        let (viewset, part) = api.viewsets().of(cx.route)?;
        if !matches!(part, Part::List | Part::Detail) {
            return None;
        }
        let snapshot = api.store().snapshot();
        let row = if part == Part::Detail { access::find(api, cx, viewset, &snapshot).ok() } else { None };
        let source_types = &api.viewsets().source_types;
        Some(Self { cx, viewset, source_types, snapshot, row, body })
    }

    pub(crate) fn reader(&self) -> Reader<'_> {
        self.snapshot.reader()
    }

    pub(crate) fn model(&self) -> &str {
        self.viewset.model.as_deref().unwrap_or_default()
    }

    /// Returns a member of the body; null if it has none.
    pub(crate) fn get(&self, name: &str) -> &Value {
        self.body.get(name).unwrap_or(&Value::Null)
    }

    /// Returns `true` if a member of the body is there and means something: no null, no `false`, nothing empty.
    pub(crate) fn is_set(&self, name: &str) -> bool {
        match self.get(name) {
            Value::Null => false,
            Value::Bool(flag) => *flag,
            Value::String(text) => !text.is_empty(),
            Value::Array(items) => !items.is_empty(),
            Value::Object(members) => !members.is_empty(),
            Value::Number(number) => number.as_f64() != Some(0.0),
        }
    }

    /// Returns the other rows of the model.
    pub(crate) fn others(&self) -> impl Iterator<Item = &Row> {
        let reader = self.reader();
        let model = reader.model(self.model());
        let own = self.row.as_ref().map(|row| row.id());
        let rows = model.into_iter().flat_map(move |model| reader.rows(model)).map(AsRef::as_ref);
        rows.filter(move |row: &&Row| Some(row.id()) != own)
    }
}
