//! The files of blueprints: those that there are instances of.

use openapi_server_runtime::failure::Failure;
use serde_json::{Value, json};

use super::kit::{self, Answered, Subject, caller_row, rows, text};
use super::{Action, brands, events, outside};
use crate::api::{Api, Context};

pub(super) const ACTIONS: &[(&str, Action)] =
    &[("events_transports_test_create", test_transport), ("managed_blueprints_available_list", available)];

fn available(api: &Api, _: &Context) -> Answered {
    let snapshot = api.store().snapshot();
    let reader = snapshot.reader();
    let instances = rows(reader, "authentik_blueprints.blueprintinstance");
    let mut files: Vec<Value> = instances
        .filter(|instance| !text(reader, instance, "path").is_empty())
        .map(|instance| {
            json!({
                "path": reader.value(instance, "path"),
                "last_m": reader.value(instance, "last_applied"),
                "hash": reader.value(instance, "last_applied_hash"),
                "meta": reader.value(instance, "metadata"),
            })
        })
        .collect();
    files.sort_by_key(|file| file["path"].as_str().unwrap_or_default().to_owned());
    files.dedup_by_key(|file| file["path"].clone());
    kit::json(&files)
}

/// Sends a notification to the caller, if that needs no more than a row.
fn test_transport(api: &Api, cx: &Context) -> Answered {
    let transport = Subject::of(api, cx)?;
    if transport.text("mode") != "local" {
        return Err(outside::failure(cx));
    }
    let reader = transport.reader();
    let caller = caller_row(reader, cx)?;
    let (user, about) = (reader.key(caller).clone(), events::about_user(reader, caller));
    let body = format!("Test Notification from transport {}", transport.text("name"));
    let made = kit::write(api, |transaction| {
        let event = json!({
            "user": {},
            "action": "custom_notification_test",
            "app": "authentik.events.api.notification_transports",
            "context": {"user": about, "context": {"foo": "bar"}},
            "brand": brands::fallback(transaction.reader()),
        });
        let event = kit::insert(transaction, "authentik_events.event", event)?;
        let event = transaction.reader().key(&event).clone();
        let notification = json!({"severity": "notice", "body": body, "user": user, "event": event});
        kit::insert(transaction, "authentik_events.notification", notification)
    })?;
    made.ok_or(Failure::ServerError)?;
    kit::json(&json!({"messages": []}))
}
