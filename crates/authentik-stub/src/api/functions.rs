//! Values that the program computes: of properties, and of fields of new rows.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{SecondsFormat, TimeDelta, Utc};
use openapi_resources::functions::{Functions, Supply, System};
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use serde_json::{Value, json};

use super::{caller, certificates};
use super::viewsets::Viewsets;

/// Returns all functions.
pub(super) fn all(viewsets: &Viewsets) -> Functions {
    let names: Arc<HashMap<String, (String, String)>> = Arc::new(
        viewsets
            .models
            .iter()
            .map(|(model, about)| (model.clone(), (about.name.clone(), about.plural.clone())))
            .collect(),
    );
    let components: HashMap<String, String> = viewsets
        .models
        .iter()
        .filter_map(|(model, about)| Some((model.clone(), about.component.clone()?)))
        .collect();
    let (singular, plural) = (Arc::clone(&names), names);
    let mut functions = Functions::new()
        .with("verbose_name", move |reader, row| {
            singular.get(reader.model_name(row.model())).map_or(Value::Null, |names| titled(&names.0))
        })
        .with("verbose_name_plural", move |reader, row| {
            plural.get(reader.model_name(row.model())).map_or(Value::Null, |names| titled(&names.1))
        })
        .with("component", move |reader, row| {
            json!(components.get(reader.model_name(row.model())).map_or("", String::as_str))
        })
        .with("meta_model_name", |reader, row| json!(reader.model_name(row.model())));
    for (name, function) in COMPUTED.iter().chain(certificates::COMPUTED) {
        functions = functions.with(*name, *function);
    }
    functions
}

fn titled(name: &str) -> Value {
    json!(name)
}

type Computed = fn(Reader<'_>, &Row) -> Value;

/// The functions that need nothing but the rows.
const COMPUTED: &[(&str, Computed)] = &[
    ("user.is_superuser", |reader, row| {
        json!(caller::groups(reader, row).iter().any(|group| reader.value(group, "is_superuser") == true))
    }),
    ("group.num_pk", |reader, row| {
        let digits: String = text(reader, row, "group_uuid").chars().filter(|letter| *letter != '-').collect();
        let number = u128::from_str_radix(&digits, 16).unwrap_or_default();
        json!(number.to_string().get(..5).and_then(|number| number.parse::<u64>().ok()))
    }),
    ("generate_id", |_, _| json!(System.secret(40))),
    ("generate_key", |_, _| json!(System.secret(128))),
    ("generate_client_secret", |_, _| json!(System.secret(128))),
    ("default_token_key", |_, _| json!(System.secret(60))),
    ("get_cookie_secret", |_, _| json!(System.secret(32))),
    ("generate_code_fixed_length", |_, _| json!(System.secret(9))),
    ("default_key", |_, _| json!(System.secret(40))),
    ("default_device_classes", |_, _| json!(["static", "totp", "webauthn", "duo", "sms"])),
    ("default_outpost_config", |_, _| json!({})),
    ("reputation_expiry", |_, _| later(TimeDelta::days(1))),
    ("usage_expiry", |_, _| later(TimeDelta::days(360))),
    ("default_event_duration", |_, _| later(TimeDelta::days(365))),
    ("access_token_validity", nothing),
    ("app_label_verbose", nothing),
    ("application.get_meta_icon", nothing),
    ("application.get_provider", nothing),
    ("application_slug", nothing),
    ("asn", nothing),
    ("authorizationcode.is_expired", nothing),
    ("authorizationcode.scope", nothing),
    ("avatar", nothing),
    ("bound_to", |_, _| json!(0)),
    ("cache_count", |_, _| json!(0)),
    ("callback_url", nothing),
    ("connectivity", nothing),
    ("current", nothing),
    ("dockerserviceconnection.component", |_, _| json!("ak-service-connection-docker-form")),
    ("export_url", |reader, row| json!(format!("/api/v3/flows/instances/{}/export/", text(reader, row, "slug")))),
    ("flow.background_url", |_, _| json!("/static/dist/assets/images/flow_background.jpg")),
    ("full_name", nothing),
    ("geo_ip", nothing),
    ("id_token", nothing),
    ("kubernetesserviceconnection.component", |_, _| json!("ak-service-connection-kubernetes-form")),
    ("launch_url", nothing),
    ("ldapsource.icon_url", nothing),
    ("mode_verbose", |reader, row| {
        json!(match text(reader, row, "mode") {
            "local" => "authentik inbuilt notifications",
            "webhook" => "Generic Webhook",
            "webhook_slack" => "Slack Webhook (Slack/Discord)",
            "email" => "Email",
            other => other,
        })
    }),
    ("model_verbose", nothing),
    ("oauthsource.icon_url", nothing),
    ("object_description", nothing),
    ("oidc_configuration", nothing),
    ("outpost.token_identifier", nothing),
    ("outpostserviceconnection.component", nothing),
    ("plexsource.icon_url", nothing),
    ("refresh_interval_s", nothing),
    ("refreshtoken.is_expired", nothing),
    ("refreshtoken.scope", nothing),
    ("root_url", nothing),
    ("samlsource.icon_url", nothing),
    ("scopes_to_request", nothing),
    ("source.icon_url", nothing),
    ("type", nothing),
    ("url_download_metadata", nothing),
    ("url_slo_post", nothing),
    ("url_slo_redirect", nothing),
    ("url_sso_init", nothing),
    ("url_sso_post", nothing),
    ("url_sso_redirect", nothing),
    ("user.uid", nothing),
    ("user_agent", nothing),
];

fn nothing(_: Reader<'_>, _: &Row) -> Value {
    Value::Null
}

fn text<'a>(reader: Reader<'a>, row: &'a Row, field: &str) -> &'a str {
    reader.value(row, field).as_str().unwrap_or_default()
}

/// Returns the time after a while.
fn later(wait: TimeDelta) -> Value {
    json!((Utc::now() + wait).to_rfc3339_opts(SecondsFormat::Micros, true))
}
