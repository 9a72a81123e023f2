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

/// The actions that read their body themselves, without a serializer.
const READ_ANYTHING: &[&str] = &[
    "core_groups_add_user_create",
    "core_groups_remove_user_create",
    "core_tokens_set_key_create",
    "core_applications_set_icon_url_create",
    "sources_all_set_icon_url_create",
    "flows_instances_set_background_url_create",
    "core_users_set_password_create",
];

/// Returns `true` for an action that reads its body itself.
pub(crate) fn reads_anything(operation: &str) -> bool {
    READ_ANYTHING.contains(&operation)
}
