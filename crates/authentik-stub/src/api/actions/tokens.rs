//! The keys of tokens, which no other answer shows.

use openapi_server_runtime::dispatch::HandlerResponse;
use serde_json::{Value, json};

use super::kit::{self, Answered, Subject};
use super::{Action, events};
use crate::api::departure::Departs;
use crate::api::{Api, Context};

pub(super) const ACTIONS: &[(&str, Action)] =
    &[("core_tokens_set_key_create", set_key), ("core_tokens_view_key_retrieve", view_key)];

const APP: &str = "authentik.core.api.tokens";

fn view_key(api: &Api, cx: &Context) -> Answered {
    let subject = Subject::of(api, cx)?;
    let context = json!({"secret": events::about(api, subject.reader(), &subject.row)});
    let viewed = events::Entry::new("secret_view", APP).with(context);
    kit::write(api, |transaction| events::record(transaction, cx, viewed))?;
    kit::json(&json!({"key": subject.value("key")}))
}

fn set_key(api: &Api, cx: &Context) -> Answered {
    let key = match kit::dictionary(cx)?.get("key") {
        Some(Value::String(key)) if !key.is_empty() => key.clone(),
        None | Some(Value::Null | Value::String(_)) => return Ok(HandlerResponse::empty(400)),
        Some(_) => return Err(Departs::BodyUnchecked.broken()),
    };
    let subject = Subject::of(api, cx)?;
    let context = json!({"model": events::about(api, subject.reader(), &subject.row)});
    let updated = events::Entry::new("model_updated", APP).with(context);
    kit::write(api, |transaction| {
        kit::update(transaction, &subject.row, json!({"key": key}));
        events::record(transaction, cx, updated);
    })?;
    Ok(HandlerResponse::empty(204))
}
