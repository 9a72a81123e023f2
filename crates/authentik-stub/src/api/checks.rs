//! Checks of serializers beyond the rules of their fields, and the deeds that belong to a change.

mod bodies;
mod changes;
mod fields;
mod filters;
mod outposts;
mod subject;
mod together;

use http::Method;
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::schema::{Field, Rule};
use serde_json::Value;

use super::departure::Departs;
use super::{Api, Context};
use subject::Subject;

pub(crate) use changes::together;
pub(crate) use filters::filters;

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
    if value.is_null() {
        return Ok(None);
    }
    let found = api.viewsets().of(cx.route).and_then(|(viewset, _)| {
        let check = fields::of(field.name, viewset.model.as_deref().unwrap_or_default())?;
        Some((check, Subject::of(api, cx, body)?))
    });
    found.map_or(Ok(None), |(check, subject)| check(&subject, value))
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
    bodies::check(&subject)?;
    if has_nested(operation, body) { Err(Departs::WriteFails.broken()) } else { Ok(()) }
}

/// Returns `true` if a body has objects that a serializer of their own would have to write, which the framework does not do.
fn has_nested(operation: &'static Operation, body: &Value) -> bool {
    let fields = operation.sent_object().map_or(&[][..], |schema| schema.fields);
    let is_nested = |field: &&Field| match &field.rule {
        Rule::Object(_) => true,
        Rule::List(list) => matches!(list.item, Rule::Object(_)),
        _ => false,
    };
    let mut nested = fields.iter().filter(|field| !field.read_only).filter(is_nested);
    nested.any(|field| body.get(field.name).is_some_and(|value| value.is_array() || value.is_object()))
}
