//! The members of groups.

use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::Failure;
use serde_json::{Value, json};

use super::Action;
use super::kit::{self, Answered, Subject, caller};
use crate::api::departure::Departs;
use crate::api::{Api, Context};

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("core_groups_add_user_create", |api, cx| change(api, cx, true)),
    ("core_groups_remove_user_create", |api, cx| change(api, cx, false)),
];

/// Adds a user to a group, or takes him out of it.
fn change(api: &Api, cx: &Context, is_added: bool) -> Answered {
    let wanted = kit::dictionary(cx)?.get("pk").cloned().unwrap_or_default();
    let wanted = match &wanted {
        Value::Null => return Err(Failure::not_found()),
        Value::Number(_) => wanted,
        Value::Bool(flag) => json!(i64::from(*flag)),
        // A text has to be a number for the database.
        Value::String(text) => {
            match openapi_django::server::python::int(text).and_then(|key| i64::try_from(key).ok()) {
                Some(key) => json!(key),
                None => return Err(Departs::BodyUnchecked.broken()),
            }
        }
        _ => return Err(Departs::BodyUnchecked.broken()),
    };
    let subject = Subject::of(api, cx)?;
    let reader = subject.reader();
    let user = kit::by_key(reader, "authentik_core.user", &wanted).ok_or_else(Failure::not_found)?;
    if !kit::may(reader, caller(cx)?, "authentik_core.view_user", user) {
        return Err(Failure::not_found());
    }
    let (group, user) = (reader.key(&subject.row).clone(), user.clone());
    kit::write(api, |transaction| {
        let reader = transaction.reader();
        let Some(user) = reader.row(user.model(), user.id()).cloned() else { return };
        let known = reader.value(&user, "ak_groups").as_array().into_iter().flatten();
        let others = known.filter(|known| **known != group).cloned();
        let groups: Vec<Value> = others.chain(is_added.then(|| group.clone())).collect();
        kit::update(transaction, &user, json!({"ak_groups": groups}));
    })?;
    Ok(HandlerResponse::empty(204))
}
