//! The actions that read their bodies as they come, without the serializer that their document names.

use serde_json::{Value, json};

/// The actions, as methods and paths.
const AS_THEY_COME: &[(&str, &str)] = &[
    ("post", "/core/applications/{slug}/set_icon_url/"),
    ("post", "/core/groups/{group_uuid}/add_user/"),
    ("post", "/core/groups/{group_uuid}/remove_user/"),
    ("post", "/core/tokens/{identifier}/set_key/"),
    ("post", "/core/users/{id}/set_password/"),
    ("post", "/core/users/service_account/"),
    ("post", "/flows/instances/{slug}/set_background_url/"),
    ("post", "/sources/all/{slug}/set_icon_url/"),
    ("post", "/sources/plex/redeem_token/"),
    ("post", "/sources/plex/redeem_token_authenticated/"),
    ("post", "/stages/authenticator/duo/{stage_uuid}/import_device_manual/"),
];

/// The component for a provider of any kind, which is checked when it is made: its kind is beside it, not in it.
const ANY_PROVIDER: &str = "$.components.schemas['modelRequest']";

/// Returns the actions of an overlay that take the schemas of such bodies away.
pub(super) fn overlay() -> impl Iterator<Item = Value> {
    let schemas = AS_THEY_COME.iter().map(|(method, path)| {
        format!("$.paths['{path}'].{method}.requestBody.content['application/json'].schema")
    });
    let parts = ["oneOf", "discriminator"].into_iter().map(|part| format!("{ANY_PROVIDER}.{part}"));
    let removed = schemas.chain(parts).map(|target| json!({"target": target, "remove": true}));
    removed.chain([json!({"target": ANY_PROVIDER, "update": {"type": "object", "additionalProperties": {}}})])
}
