//! Outposts: what they are told when they start, and how they are.

use serde_json::{Value, json};

use openapi_resources::answer::{Only, Request};
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::Failure;

use super::Action;
use super::kit::{self, Answered, Subject, rows, text};
use crate::api::applications::served;
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

/// Lists the providers that an application has: an outpost needs no others.
fn of_applications(api: &Api, cx: &Context) -> Answered {
    let operation = cx.operation.ok_or(Failure::ServerError)?;
    let snapshot = api.store().snapshot();
    let scope = access::Scope::of(api, cx, snapshot.reader());
    let only = |reader: Reader<'_>, row: &Row| scope.sees(reader, row) && served(reader, row).is_some();
    let asked = Request {
        operation: operation.id,
        query: request::query(cx, operation),
        context: Some(Shown::of(api, cx)),
        only: Some(Only::If(&only)),
        ..Request::default()
    };
    let answer = api.store().answer(&asked).map_err(|refusal| refused(&refusal))?;
    Ok(HandlerResponse { body: answer.body.map(bytes::Bytes::from), ..HandlerResponse::empty(answer.status) })
}
