//! Values of new rows that are given none.

use chrono::{DateTime, TimeDelta, Utc};
use openapi_resources::supply::timestamp;
use serde_json::{Value, json};

use super::row::Computed;

pub(super) const COMPUTED: &[(&str, Computed)] = &[
    ("generate_id", |reader, _| json!(reader.supply().secret(40))),
    ("generate_key", |reader, _| json!(reader.supply().secret(128))),
    ("generate_client_secret", |reader, _| json!(reader.supply().secret(128))),
    ("default_token_key", |reader, _| json!(reader.supply().secret(60))),
    ("get_cookie_secret", |reader, _| json!(reader.supply().secret(32))),
    ("generate_code_fixed_length", |reader, _| json!(reader.supply().secret(9))),
    ("default_key", |reader, _| {
        let supply = reader.supply();
        json!(supply.uuid().simple().to_string() + &supply.secret(8).to_lowercase())
    }),
    ("default_device_classes", |_, _| json!(["static", "totp", "webauthn", "duo", "sms"])),
    ("default_outpost_config", |_, _| json!({})),
    ("reputation_expiry", |reader, _| later(reader.now(), TimeDelta::days(1))),
    ("usage_expiry", |reader, _| later(reader.now(), TimeDelta::days(360))),
    ("default_event_duration", |reader, _| later(reader.now(), TimeDelta::days(365))),
];

/// Returns the time a while after now.
fn later(now: DateTime<Utc>, wait: TimeDelta) -> Value {
    json!(timestamp(now + wait))
}
