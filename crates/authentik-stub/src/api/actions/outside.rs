//! Actions that need the world outside, and are answered with 501: one sentence says what would have been done.

use http::StatusCode;
use openapi_server_runtime::failure::Failure;

use super::Action;
use super::kit::Answered;
use crate::api::{Api, Context};

/// The actions, and what they would have done.
const WOULD: &[(&str, &str)] = &[
    (
        "core_applications_check_access_retrieve",
        "run the policies that are bound to the application, one of which is more than a comparison",
    ),
    ("core_users_recovery_email_create", "send the link to the user by mail"),
    ("events_transports_test_create", "send a notification by mail or to a web hook"),
    ("flows_executor_get", "run the flow up to its next stage"),
    ("flows_executor_solve", "hand the answer to the stage of the flow"),
    ("flows_inspector_get", "show the flow that the session is in"),
    (
        "flows_instances_execute_retrieve",
        "run the policies that are bound to the flow, one of which is more than a comparison",
    ),
    ("flows_instances_import_create", "apply the blueprint"),
    ("managed_blueprints_apply_create", "hand the blueprint to a worker"),
    ("outposts_ldap_access_check", "run the policies of the application for the outpost"),
    ("outposts_radius_access_check", "run the policies of the application for the outpost"),
    ("policies_all_test_create", "run the policy, which is more than a comparison"),
    ("propertymappings_all_test_create", "run the expression, which is more than a constant or a comparison"),
    ("providers_google_workspace_sync_object_create", "send the object to Google Workspace"),
    ("providers_microsoft_entra_sync_object_create", "send the object to Microsoft Entra"),
    (
        "providers_oauth2_preview_user_retrieve",
        "run the property mappings, one of which is more than a constant or a comparison",
    ),
    ("providers_saml_import_metadata_create", "read the metadata and make a provider of it"),
    (
        "providers_saml_preview_user_retrieve",
        "run the property mappings, one of which is more than a constant or a comparison",
    ),
    ("providers_scim_sync_object_create", "send the object to the SCIM server"),
    ("sources_ldap_debug_retrieve", "ask the LDAP server for users and groups"),
    ("sources_plex_redeem_token_authenticated_create", "ask plex.tv whose token this is"),
    ("sources_plex_redeem_token_create", "ask plex.tv whose token this is"),
    (
        "stages_prompt_prompts_preview_create",
        "run an expression of the prompt, which is more than a constant or a comparison",
    ),
    ("stages_authenticator_duo_import_devices_automatic_create", "ask Duo for its users and their devices"),
];

/// The actions of which nothing is done before.
pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("flows_executor_solve", refuse),
    ("managed_blueprints_apply_create", refuse),
    ("providers_google_workspace_sync_object_create", refuse),
    ("providers_microsoft_entra_sync_object_create", refuse),
    ("providers_scim_sync_object_create", refuse),
    ("sources_ldap_debug_retrieve", refuse),
];

/// Returns what an operation would do in the world outside, if it would.
pub(crate) fn would(operation: &str) -> Option<&'static str> {
    WOULD.iter().find(|(id, _)| *id == operation).map(|(_, would)| *would)
}

fn refuse(_: &Api, cx: &Context) -> Answered {
    Err(failure(cx))
}

/// Returns the failure of an action that needs the world outside.
pub(crate) fn failure(cx: &Context) -> Failure {
    let id = cx.operation.map_or("", |operation| operation.id);
    let would = would(id).unwrap_or("do something outside");
    Failure::detail(StatusCode::NOT_IMPLEMENTED, format!("authentik would now {would}; this stub does not."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_actions_need_the_world_outside_and_each_says_for_what() {
        assert!(WOULD.len() < 25, "{}", WOULD.len());
        let tables = crate::api::asset::tables().expect("the tables are there");
        for (id, would) in WOULD {
            assert!(tables.operations.iter().any(|operation| operation.id == *id), "{id}");
            let is_typed = authentik_sources_api::OPERATIONS.iter().any(|operation| operation.id == *id);
            assert!(is_typed || super::super::of(id).is_some(), "{id} is answered by nothing");
            assert!(!would.is_empty() && !would.ends_with('.'), "{would}");
        }
        for (id, _) in ACTIONS {
            assert!(WOULD.iter().any(|(known, _)| known == id), "{id} does not say what it would do");
        }
    }
}
