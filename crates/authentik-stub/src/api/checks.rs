//! What serializers check beyond the rules of their fields, and what happens together with a change.

mod bodies;
mod changes;
mod fields;
mod filters;
mod together;

use std::sync::Arc;

use http::Method;
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_resources::store::Snapshot;
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::schema::Field;
use serde_json::Value;

use super::viewsets::{Part, Viewset};
use super::{Api, Context, access};

pub(crate) use changes::together;
pub(crate) use filters::filters;

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
    fn of(api: &'a Api, cx: &'a Context, body: &'a Value) -> Option<Self> {
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

/// Returns what is wrong with a value of a body that follows the rules of its field.
///
/// # Errors
/// If the program fails on it.
pub(crate) fn field(
    api: &Api,
    cx: &Context,
    field: &'static Field,
    value: &Value,
    body: &Value,
) -> Result<Option<String>, Failure> {
    match fields::of(field.name) {
        Some(_) if value.is_null() => Ok(None),
        Some(checks) => match Subject::of(api, cx, body) {
            Some(subject) => checks
                .iter()
                .find(|check| check.model.is_empty() || check.model == subject.model())
                .map_or(Ok(None), |check| (check.check)(&subject, value)),
            None => Ok(None),
        },
        None => Ok(None),
    }
}

/// Checks a body whose fields follow their rules.
///
/// # Errors
/// 400 with what is wrong with it, or what the program fails with.
pub(crate) fn body(api: &Api, cx: &Context, operation: &'static Operation) -> Result<(), Failure> {
    if !matches!(operation.method, Method::POST | Method::PUT | Method::PATCH) {
        return Ok(());
    }
    let Some(body) = cx.arguments.body.as_value() else { return Ok(()) };
    let Some(subject) = Subject::of(api, cx, body) else { return Ok(()) };
    together::check(&subject)?;
    bodies::check(&subject)
}
