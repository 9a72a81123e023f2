//! The operations that are more than reading and changing rows, by their ids.

use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::Failure;

use super::{Api, Context};

/// A function that answers an operation.
pub(crate) type Action = fn(&Api, &Context) -> Result<HandlerResponse, Failure>;

/// Every action, by the id of its operation.
const ACTIONS: &[(&str, Action)] = &[];

/// Returns the function that answers an operation.
pub(crate) fn of(operation: &str) -> Option<Action> {
    ACTIONS.iter().find(|(id, _)| *id == operation).map(|(_, action)| *action)
}
