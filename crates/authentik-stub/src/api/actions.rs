//! The operations that are more than reading and changing rows, by their ids. Each family of them has a file of its own.

mod admin;
mod blueprints;
mod brands;
mod crypto;
mod devices;
mod diagrams;
mod durations;
mod events;
mod expressions;
mod fixed;
mod flows;
mod groups;
mod icons;
mod kit;
mod outposts;
mod outside;
mod policies;
mod providers;
mod rbac;
mod saml;
mod sources;
mod stages;
mod syncs;
mod tenants;
mod tokens;
mod transactional;
mod users;
mod yaml;

use std::collections::HashMap;
use std::sync::LazyLock;

use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::Failure;

use super::{Api, Context};

pub(crate) use brands::fallback as fallback_brand;
pub(crate) use expressions::returned_keys;
pub(crate) use kit::{read_time, refuse};
pub(crate) use outside::{failure as would_go_outside, would};
pub(crate) use policies::passes;
pub(crate) use rbac::{give_to_user, permission};
pub(crate) use tenants::token_expiry;
pub(crate) use users::{TOKENS_EXPIRE, token_lifetime};

/// A function that answers an operation.
pub(crate) type Action = fn(&Api, &Context) -> Result<HandlerResponse, Failure>;

/// Every action with the id of its operation, family by family.
const FAMILIES: &[&[(&str, Action)]] = &[
    admin::ACTIONS,
    blueprints::ACTIONS,
    brands::ACTIONS,
    crypto::ACTIONS,
    devices::ACTIONS,
    diagrams::ACTIONS,
    events::ACTIONS,
    fixed::ACTIONS,
    flows::ACTIONS,
    groups::ACTIONS,
    icons::ACTIONS,
    outposts::ACTIONS,
    outside::ACTIONS,
    policies::ACTIONS,
    providers::ACTIONS,
    rbac::ACTIONS,
    sources::ACTIONS,
    stages::ACTIONS,
    syncs::ACTIONS,
    tenants::ACTIONS,
    tokens::ACTIONS,
    transactional::ACTIONS,
    users::ACTIONS,
];

/// The actions by the ids of their operations.
static BY_ID: LazyLock<HashMap<&str, Action>> =
    LazyLock::new(|| FAMILIES.iter().flat_map(|family| family.iter().copied()).collect());

/// Returns the function that answers an operation.
pub(crate) fn of(operation: &str) -> Option<Action> {
    BY_ID.get(operation).copied()
}

/// The actions that read their body themselves, without a serializer.
const READ_ANYTHING: &[&str] = &[
    "core_applications_set_icon_url_create",
    "core_groups_add_user_create",
    "core_groups_remove_user_create",
    "core_tokens_set_key_create",
    "core_users_service_account_create",
    "core_users_set_password_create",
    "flows_instances_set_background_url_create",
    "sources_all_set_icon_url_create",
    "stages_authenticator_duo_import_device_manual_create",
];

/// Returns `true` for an action that reads its body itself.
pub(crate) fn reads_anything(operation: &str) -> bool {
    READ_ANYTHING.contains(&operation)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::api::asset;

    #[test]
    fn every_action_is_an_operation_and_no_operation_is_answered_twice() {
        let tables = asset::tables().expect("the tables are there");
        let known: HashSet<&str> = tables.operations.iter().map(|operation| operation.id).collect();
        let mut seen = HashSet::new();
        for (id, _) in FAMILIES.iter().flat_map(|family| family.iter()) {
            assert!(known.contains(id), "there is no operation {id}");
            assert!(seen.insert(*id), "{id} is answered twice");
        }
    }
}
