//! The devices of users, of all kinds together.

use std::sync::Arc;

use serde_json::{Value, json};

use super::Action;
use super::kit::{self, Answered, caller, viewed};
use crate::api::departure::Departs;
use crate::api::{Api, Context, viewsets::Viewsets};
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;

pub(super) const ACTIONS: &[(&str, Action)] =
    &[("authenticators_admin_all_list", of_anybody), ("authenticators_all_list", own)];

/// The kinds of devices, and what the program calls their classes.
const KINDS: [(&str, &str); 5] = [
    ("authentik_stages_authenticator_duo.duodevice", "DuoDevice"),
    ("authentik_stages_authenticator_sms.smsdevice", "SMSDevice"),
    ("authentik_stages_authenticator_static.staticdevice", "StaticDevice"),
    ("authentik_stages_authenticator_totp.totpdevice", "TOTPDevice"),
    ("authentik_stages_authenticator_webauthn.webauthndevice", "WebAuthnDevice"),
];

fn shown(viewsets: &Viewsets, reader: Reader<'_>, device: &Row) -> Value {
    let model = reader.model_name(device.model());
    let class = KINDS.iter().find(|(known, _)| *known == model).map_or("", |(_, class)| class);
    let app = model.split('.').next().unwrap_or_default();
    let names = viewsets.models.get(model);
    json!({
        "verbose_name": names.map(|names| &names.name),
        "verbose_name_plural": names.map(|names| &names.plural),
        "meta_model_name": model,
        "pk": reader.key(device),
        "name": reader.value(device, "name"),
        "type": format!("{app}.{class}"),
        "confirmed": reader.value(device, "confirmed"),
        "created": reader.value(device, "created"),
        "last_updated": reader.value(device, "last_updated"),
        "last_used": reader.value(device, "last_used"),
    })
}

fn listed<'a>(api: &Api, reader: Reader<'a>, devices: impl Iterator<Item = &'a Arc<Row>>) -> Answered {
    let devices: Vec<Value> = devices.map(|device| shown(api.viewsets(), reader, device)).collect();
    kit::json(&devices)
}

/// Answers with the devices of the caller that he has confirmed.
fn own(api: &Api, cx: &Context) -> Answered {
    let snapshot = api.store().snapshot();
    let reader = snapshot.reader();
    let user = &caller(cx)?.key;
    let all = KINDS.iter().flat_map(|(model, _)| kit::rows(reader, model));
    let is_own = |device: &&Arc<Row>| {
        reader.value(device, "user") == user && reader.value(device, "confirmed") == true
    };
    listed(api, reader, all.filter(is_own))
}

/// Answers with the devices that the caller may view, or those of one user among them.
fn of_anybody(api: &Api, cx: &Context) -> Answered {
    let snapshot = api.store().snapshot();
    let reader = snapshot.reader();
    let caller = caller(cx)?;
    let user = match cx.query.last("user") {
        None => None,
        Some(text) => {
            let key = openapi_django::server::python::int(text).and_then(|key| i64::try_from(key).ok());
            Some(json!(key.ok_or_else(|| Departs::ParameterUnchecked.broken())?))
        }
    };
    let all = KINDS.iter().flat_map(|(model, _)| viewed(reader, model, caller));
    listed(
        api,
        reader,
        all.filter(|device| user.as_ref().is_none_or(|user| reader.value(device, "user") == user)),
    )
}
