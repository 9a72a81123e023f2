//! What serializers check beyond their fields, and what happens together with a change.

use openapi_resources::answer::{Change, Refusal};
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_resources::transaction::Transaction;
use openapi_server_runtime::failure::{Failure, FieldErrors};
use openapi_server_runtime::operation::Operation;
use serde_json::Value;

use super::{Api, Context};

/// A filter of a list that is a function.
pub(crate) type Filter<'a> = Box<dyn Fn(Reader<'_>, &Row) -> bool + Send + Sync + 'a>;

/// Returns the filters of a request that are functions.
pub(crate) fn filters<'a>(api: &Api, cx: &Context) -> Vec<Filter<'a>> {
    let _ = (api, cx);
    Vec::new()
}

/// Looks at a body before it is held to its schema.
pub(crate) fn before(api: &Api, cx: &Context, body: &Value) -> Result<(), Failure> {
    let _ = (api, cx, body);
    Ok(())
}

/// Returns what is answered to a body that breaks the rules of its schema.
pub(crate) fn errors(api: &Api, cx: &Context, body: &Value, errors: FieldErrors) -> Failure {
    let _ = (api, cx, body);
    errors.into()
}

/// Does what has to happen together with a change.
pub(crate) fn together(
    api: &Api,
    cx: &Context,
    operation: &'static Operation,
    transaction: &mut Transaction<'_>,
    change: Change,
) -> Result<(), Refusal> {
    let _ = (api, cx, operation, transaction, change);
    Ok(())
}
