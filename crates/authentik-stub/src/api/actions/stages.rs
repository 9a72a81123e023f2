//! Stages: what users can set up themselves, how a prompt looks, and devices of Duo.

use openapi_django::server::python;
use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::Failure;
use serde_json::{Value, json};

use super::expressions::{self, Names};
use super::kit::{self, Answered, Subject, by_key, caller_row, rows, text};
use super::{Action, outside};
use crate::api::{Api, Context};

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("stages_all_user_settings_list", user_settings),
    ("stages_authenticator_duo_enrollment_status_create", enrollment_status),
    ("stages_authenticator_duo_import_device_manual_create", import_device),
    ("stages_authenticator_duo_import_devices_automatic_create", import_devices),
    ("stages_prompt_prompts_preview_create", preview),
];

/// The stages that users can set up, and what of the user interface does that.
const CONFIGURABLE: [(&str, &str); 6] = [
    ("authentik_stages_authenticator_duo.authenticatorduostage", "authenticator-duo"),
    ("authentik_stages_authenticator_sms.authenticatorsmsstage", "authenticator-sms"),
    ("authentik_stages_authenticator_static.authenticatorstaticstage", "authenticator-static"),
    ("authentik_stages_authenticator_totp.authenticatortotpstage", "authenticator-totp"),
    ("authentik_stages_authenticator_webauthn.authenticatorwebauthnstage", "authenticator-webauthn"),
    ("authentik_stages_password.passwordstage", "password"),
];

fn user_settings(api: &Api, _: &Context) -> Answered {
    let snapshot = api.store().snapshot();
    let reader = snapshot.reader();
    let mut settings = Vec::new();
    for (model, component) in CONFIGURABLE {
        let mut stages: Vec<_> = rows(reader, model).collect();
        stages.sort_by_key(|stage| text(reader, stage, "name"));
        for stage in stages {
            let flow = by_key(reader, "authentik_flows.flow", reader.value(stage, "configure_flow"));
            // A password is set by a flow only.
            if flow.is_none() && component == "password" {
                continue;
            }
            let kind = api.viewsets().models.get(model).map_or(model, |model| &model.name);
            let title =
                Some(text(reader, stage, "friendly_name")).filter(|name| !name.is_empty()).unwrap_or(kind);
            let key = text(reader, stage, "stage_uuid");
            let mut setting = kit::members(json!({
                "title": title,
                "component": format!("ak-user-settings-{component}"),
                "object_uid": key,
            }));
            if flow.is_some() {
                setting.insert("configure_url".to_owned(), json!(format!("/flows/-/configure/{key}/")));
            }
            settings.push(setting);
        }
    }
    kit::json(&settings)
}

/// Refuses with one sentence about the whole.
fn refused(sentence: &str) -> Failure {
    let value = json!({"non_field_errors": [sentence]});
    Failure::Body { status: http::StatusCode::BAD_REQUEST, value }
}

/// Refuses to tell how far the session is with enrolling a device, because what calls with a token has none.
fn enrollment_status(api: &Api, cx: &Context) -> Answered {
    Subject::of(api, cx)?;
    Ok(HandlerResponse::empty(400))
}

/// Does everything up to asking Duo for its devices.
fn import_devices(api: &Api, cx: &Context) -> Answered {
    let stage = Subject::of(api, cx)?;
    if stage.text("admin_integration_key").is_empty() {
        return Err(refused(
            "Stage does not have Admin API configured, which is required for automatic imports.",
        ));
    }
    Err(outside::failure(cx))
}

/// Gives a user a device of Duo that was enrolled elsewhere.
fn import_device(api: &Api, cx: &Context) -> Answered {
    let body = kit::dictionary(cx)?;
    let stage = Subject::of(api, cx)?;
    let reader = stage.reader();
    let name = body.get("username").and_then(Value::as_str).unwrap_or_default();
    let id = body.get("duo_user_id").cloned().unwrap_or_default();
    let user = rows(reader, "authentik_core.user").find(|user| text(reader, user, "username") == name);
    let user = reader.key(user.ok_or_else(|| refused("User does not exist."))?).clone();
    let stage_key = reader.key(&stage.row).clone();
    let is_known = rows(reader, "authentik_stages_authenticator_duo.duodevice").any(|device| {
        *reader.value(device, "duo_user_id") == id
            && *reader.value(device, "user") == user
            && *reader.value(device, "stage") == stage_key
    });
    if is_known {
        return Err(refused("Device exists already."));
    }
    kit::write(api, |transaction| {
        let device = json!({
            "duo_user_id": id,
            "user": user,
            "stage": stage_key,
            "confirmed": true,
            "name": "Imported Duo Authenticator",
        });
        kit::insert(transaction, "authentik_stages_authenticator_duo.duodevice", device);
    })?;
    Ok(HandlerResponse::empty(204))
}

/// Returns a value as a challenge shows it, which has texts only.
fn shown(value: &Value) -> Value {
    json!(python::strip(&python::str(value)))
}

/// Answers with the challenge that a prompt would be.
fn preview(api: &Api, cx: &Context) -> Answered {
    let snapshot = api.store().snapshot();
    let reader = snapshot.reader();
    let body = kit::body(cx);
    let context = json!({});
    let names = Names { reader, user: Some(caller_row(reader, cx)?), context: Some(&context) };
    let value = |name: &str| -> Result<Value, Failure> {
        let text = body[name].as_str().unwrap_or_default();
        if body[format!("{name}_expression")] == true {
            return expressions::evaluate(text, &names).ok_or_else(|| outside::failure(cx));
        }
        Ok(json!(text))
    };
    let (placeholder, initial) = (value("placeholder")?, value("initial_value")?);
    let offers_choices = ["radio-button-group", "dropdown"].iter().any(|kind| body["type"] == *kind);
    // The choices are told as the placeholder, and the first of them stands for what is none of them.
    let choices = match &placeholder {
        Value::Array(items) => items.as_slice(),
        one => std::slice::from_ref(one),
    };
    let choices = if offers_choices { choices } else { &[] };
    let initial = match choices.first() {
        Some(first) if !choices.contains(&initial) => first.clone(),
        None if offers_choices => json!(""),
        _ => initial,
    };
    let choices: Vec<Value> = choices.iter().map(shown).collect();
    let field = json!({
        "field_key": body["field_key"],
        "label": body["label"],
        "type": body["type"],
        "required": body.get("required").cloned().unwrap_or(json!(true)),
        "placeholder": if offers_choices { json!("") } else { shown(&placeholder) },
        "initial_value": shown(&initial),
        "order": body.get("order").cloned().unwrap_or(json!(0)),
        "sub_text": body.get("sub_text").cloned().unwrap_or(json!("")),
        "choices": if choices.is_empty() { Value::Null } else { json!(choices) },
    });
    kit::json(&json!({"component": "ak-stage-prompt", "fields": [field]}))
}
