//! How far providers and sources are with carrying users and groups to others, or from others.

use serde_json::{Value, json};

use super::Action;
use super::kit::{self, Answered, Subject, text, viewed};
use crate::api::{Api, Context};

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("providers_google_workspace_sync_status_retrieve", |api, cx| {
        status(api, cx, "google_workspace_sync", "name")
    }),
    ("providers_microsoft_entra_sync_status_retrieve", |api, cx| {
        status(api, cx, "microsoft_entra_sync", "name")
    }),
    ("providers_scim_sync_status_retrieve", |api, cx| status(api, cx, "scim_sync", "name")),
    ("sources_ldap_sync_status_retrieve", |api, cx| status(api, cx, "ldap_sync", "slug")),
];

const MODEL: &str = "authentik_events.systemtask";

/// Answers with the tasks of a name that are about the row: their own name begins with what it is called.
fn status(api: &Api, cx: &Context, name: &str, field: &str) -> Answered {
    let subject = Subject::of(api, cx)?;
    let reader = subject.reader();
    let own = kit::slug(subject.text(field));
    let view = subject.snapshot.plan().view("SystemTask");
    let tasks = cx.user.as_deref().into_iter().flat_map(|caller| viewed(reader, MODEL, caller));
    let tasks = tasks
        .filter(|task| text(reader, task, "name") == name && text(reader, task, "uid").starts_with(&own));
    let tasks: Vec<Value> =
        tasks.filter_map(|task| view.map(|view| subject.snapshot.object(view, task))).collect();
    kit::json(&json!({"is_running": false, "tasks": tasks}))
}
