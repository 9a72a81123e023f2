//! The settings of the tenant.

use chrono::{DateTime, TimeDelta, Utc};
use openapi_resources::reader::Reader;
use serde_json::{Map, Value, json};

use super::kit::{self, Answered, rows};
use super::{Action, durations};
use crate::api::{Api, Context};

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("admin_settings_partial_update", change),
    ("admin_settings_retrieve", shown),
    ("admin_settings_update", change),
];

const MODEL: &str = "authentik_tenants.tenant";

/// Returns the settings of a new installation, in the order in which they are shown.
fn initial() -> Map<String, Value> {
    kit::members(json!({
        "avatars": "gravatar,initials",
        "default_user_change_name": true,
        "default_user_change_email": false,
        "default_user_change_username": false,
        "event_retention": "days=365",
        "footer_links": [],
        "gdpr_compliance": true,
        "impersonation": true,
        "default_token_duration": "minutes=30",
        "default_token_length": 60,
    }))
}

/// Returns all settings.
fn settings(reader: Reader<'_>) -> Map<String, Value> {
    let mut settings = initial();
    if let Some(tenant) = rows(reader, MODEL).next() {
        for (name, value) in &mut settings {
            *value = reader.value(tenant, name).clone();
        }
    }
    settings
}

/// Returns one setting.
pub(super) fn setting(reader: Reader<'_>, name: &str) -> Value {
    settings(reader).shift_remove(name).unwrap_or_default()
}

/// Returns the time at which a token that is made now expires.
pub(crate) fn token_expiry(reader: Reader<'_>, now: DateTime<Utc>) -> DateTime<Utc> {
    let lasts = setting(reader, "default_token_duration");
    let lasts = durations::read(lasts.as_str().unwrap_or_default()).unwrap_or_else(|| TimeDelta::minutes(30));
    now.checked_add_signed(lasts).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

fn shown(api: &Api, _: &Context) -> Answered {
    kit::json(&settings(api.store().snapshot().reader()))
}

/// Changes the settings that a body has, and leaves the others.
fn change(api: &Api, cx: &Context) -> Answered {
    let known = initial();
    let given = kit::body(cx).as_object().into_iter().flatten().filter(|(name, _)| known.contains_key(*name));
    let given: Map<String, Value> = given.map(|(name, value)| (name.clone(), value.clone())).collect();
    kit::write(api, |transaction| {
        let tenant = rows(transaction.reader(), MODEL).next().cloned();
        if let Some(tenant) = tenant {
            kit::update(transaction, &tenant, Value::Object(given));
            return;
        }
        let mut values = initial();
        values.extend(given);
        values.insert("schema_name".to_owned(), json!("public"));
        values.insert("name".to_owned(), json!("Default"));
        values.insert("ready".to_owned(), json!(true));
        kit::insert(transaction, MODEL, Value::Object(values));
    })?;
    shown(api, cx)
}
