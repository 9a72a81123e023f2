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

/// Checks that a view outside the viewsets may be used.
///
/// # Errors
/// 403 if not.
pub(crate) fn permit(_: &Api, cx: &Context) -> Result<(), Failure> {
    let is_open = cx.operation.is_none_or(openapi_server_runtime::operation::Operation::allows_anonymous);
    if is_open { Ok(()) } else { cx.require_user().map(drop) }
}

/// Returns `true` for the actions on objects that answer anybody without looking at the caller.
pub(crate) fn is_open(cx: &Context) -> bool {
    const OPEN: [&str; 4] = [
        "flows_instances_diagram_retrieve",
        "providers_oauth2_setup_urls_retrieve",
        "providers_saml_metadata_retrieve",
        "core_applications_check_access_retrieve",
    ];
    cx.operation.is_some_and(|operation| OPEN.contains(&operation.id))
}
