//! Values of new rows that are given none.

use chrono::{SecondsFormat, TimeDelta, Utc};
use openapi_resources::functions::{Supply as _, System};
use serde_json::{Value, json};

use super::row::Computed;

pub(super) const COMPUTED: &[(&str, Computed)] = &[
    ("generate_id", |_, _| json!(System.secret(40))),
    ("generate_key", |_, _| json!(System.secret(128))),
    ("generate_client_secret", |_, _| json!(System.secret(128))),
    ("default_token_key", |_, _| json!(System.secret(60))),
    ("get_cookie_secret", |_, _| json!(System.secret(32))),
    ("generate_code_fixed_length", |_, _| json!(System.secret(9))),
    ("default_key", |_, _| json!(System.uuid().simple().to_string() + &System.secret(8).to_lowercase())),
    ("default_device_classes", |_, _| json!(["static", "totp", "webauthn", "duo", "sms"])),
    ("default_outpost_config", |_, _| json!({})),
    ("reputation_expiry", |_, _| later(TimeDelta::days(1))),
    ("usage_expiry", |_, _| later(TimeDelta::days(360))),
    ("default_event_duration", |_, _| later(TimeDelta::days(365))),
];

/// Returns the time after a while.
fn later(wait: TimeDelta) -> Value {
    json!((Utc::now() + wait).to_rfc3339_opts(SecondsFormat::Micros, true))
}
