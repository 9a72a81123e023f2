//! Outposts: what they are told when they start, and how they are.

use serde_json::{Value, json};

use openapi_resources::answer::{Only, Request};
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::Failure;

use super::Action;
use super::kit::{self, Answered, Subject, by_key, rows, text};
use crate::api::functions::Shown;
use crate::api::{Api, Context, access, refused, request};

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("outposts_instances_default_settings_retrieve", default_settings),
    ("outposts_instances_health_list", health),
    ("outposts_ldap_list", of_applications),
    ("outposts_proxy_list", of_applications),
    ("outposts_radius_list", of_applications),
    ("outposts_service_connections_all_state_retrieve", state),
];

/// The outpost that is a part of the program and has its settings.
const EMBEDDED: &str = "goauthentik.io/outposts/embedded";
/// The level of logs where there is no such outpost: that of the program that the facts are taken from.
const LOG_LEVEL: &str = "critical";

/// Returns the settings of a new outpost of an installation at an address.
fn defaults(host: &str, log_level: &str) -> Value {
    json!({
        "authentik_host": host,
        "authentik_host_insecure": false,
        "authentik_host_browser": "",
        "log_level": log_level,
        "object_naming_template": "ak-outpost-%(name)s",
        "refresh_interval": "minutes=5",
        "container_image": null,
        "docker_network": null,
        "docker_map_ports": true,
        "docker_labels": null,
        "kubernetes_replicas": 1,
        "kubernetes_namespace": "default",
        "kubernetes_ingress_annotations": {},
        "kubernetes_ingress_secret_name": "authentik-outpost-tls",
        "kubernetes_ingress_class_name": null,
        "kubernetes_service_type": "ClusterIP",
        "kubernetes_disabled_components": [],
        "kubernetes_image_pull_secrets": [],
        "kubernetes_json_patches": null,
    })
}

fn default_settings(api: &Api, cx: &Context) -> Answered {
    let snapshot = kit::snapshot(api, cx);
    let reader = snapshot.reader();
    let mut outposts = rows(reader, "authentik_outposts.outpost");
    let embedded = outposts.find(|outpost| text(reader, outpost, "managed") == EMBEDDED);
    let log_level = embedded.and_then(|outpost| reader.value(outpost, "_config")["log_level"].as_str());
    let config = defaults(&format!("{}/", request::origin(cx)), log_level.unwrap_or(LOG_LEVEL));
    kit::json(&json!({"config": config}))
}

/// Answers with the instances of an outpost that have reported, which none has.
fn health(api: &Api, cx: &Context) -> Answered {
    Subject::of(api, cx)?;
    kit::json(&json!([]))
}

/// Answers with the state of a connection, which nothing has asked about.
fn state(api: &Api, cx: &Context) -> Answered {
    Subject::of(api, cx)?;
    kit::json(&json!({"version": "", "healthy": false}))
}

/// The model of the providers that an application can have besides its own.
const LDAP: &str = "authentik_providers_ldap.ldapprovider";

/// Returns the application that has a provider besides its own.
fn backchannel<'a>(reader: Reader<'a>, provider: &Row) -> Option<&'a Row> {
    let key = reader.value(provider, "backchannel_application");
    let is_asked = reader.model_name(provider.model()) == LDAP;
    by_key(reader, "authentik_core.application", key).filter(|_| is_asked).map(AsRef::as_ref)
}

/// Shows of each provider the application that has it besides its own, before the one whose own it is.
fn with_backchannels(reader: Reader<'_>, body: Vec<u8>) -> Vec<u8> {
    let Ok(mut page) = serde_json::from_slice::<Value>(&body) else { return body };
    let objects = page.get_mut("results").and_then(Value::as_array_mut);
    for object in objects.into_iter().flatten().filter_map(Value::as_object_mut) {
        let provider = object.get("pk").and_then(|key| by_key(reader, LDAP, key));
        if let Some(application) = provider.and_then(|provider| backchannel(reader, provider)) {
            object.insert("application_slug".to_owned(), json!(text(reader, application, "slug")));
        }
    }
    page.to_string().into_bytes()
}

/// Lists the providers that an application has: an outpost needs no others.
fn of_applications(api: &Api, cx: &Context) -> Answered {
    let operation = cx.operation.ok_or(Failure::ServerError)?;
    let snapshot = api.store().snapshot();
    let scope = access::Scope::of(api, cx, snapshot.reader());
    let is_used = |reader: Reader<'_>, row: &Row| {
        let key = reader.key(row);
        backchannel(reader, row).is_some()
            || rows(reader, "authentik_core.application")
                .any(|application| reader.value(application, "provider") == key)
    };
    let only = |reader: Reader<'_>, row: &Row| scope.sees(reader, row) && is_used(reader, row);
    let asked = Request {
        operation: operation.id,
        query: request::query(cx, operation),
        context: Some(Shown::of(api, cx)),
        only: Some(Only::If(&only)),
        ..Request::default()
    };
    let answer = api.store().answer(&asked).map_err(|refusal| refused(&refusal))?;
    let body = answer.body.map(|body| with_backchannels(answer.snapshot.reader(), body));
    Ok(HandlerResponse { body: body.map(bytes::Bytes::from), ..HandlerResponse::empty(answer.status) })
}
