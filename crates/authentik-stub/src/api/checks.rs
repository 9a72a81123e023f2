//! Checks of serializers beyond the rules of their fields, and the deeds that belong to a change.

mod bodies;
mod changes;
mod fields;
mod filters;
mod subject;
mod together;

use http::Method;
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::schema::Field;
use serde_json::Value;

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
    bodies::check(&subject)
}
