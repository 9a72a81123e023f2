//! The system as a whole: its version, its workers, and where it runs; and the licences that it has not.

use chrono::TimeDelta;
use openapi_resources::reader::Reader;
use openapi_resources::supply::timestamp;
use serde_json::{Map, Value, json};

use super::kit::{self, Answered, VERSION, rows, text};
use super::{Action, brands};
use crate::api::caller::ANONYMOUS;
use crate::api::used_by::names;
use crate::api::{Api, Context, request};

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("admin_system_create", system),
    ("admin_system_retrieve", system),
    ("admin_version_retrieve", version),
    ("admin_workers_retrieve", workers),
    ("enterprise_license_forecast_retrieve", forecast),
    ("enterprise_license_install_id_retrieve", install_id),
    ("enterprise_license_summary_retrieve", summary),
];

/// The outpost that is a part of the program.
const EMBEDDED: &str = "goauthentik.io/outposts/embedded";

fn version(_: &Api, _: &Context) -> Answered {
    kit::json(&json!({
        "version_current": VERSION,
        "version_latest": VERSION,
        "version_latest_valid": true,
        "build_hash": "",
        "outdated": false,
        "outpost_outdated": false,
    }))
}

fn workers(_: &Api, _: &Context) -> Answered {
    kit::json(&json!({"count": 0}))
}

fn system(api: &Api, cx: &Context) -> Answered {
    let snapshot = api.store().snapshot();
    let reader = snapshot.reader();
    let brand = brands::current(reader, cx)
        .map_or_else(|| "Brand fallback".to_owned(), |brand| names::brand(reader, brand));
    let embedded = rows(reader, "authentik_outposts.outpost")
        .find(|outpost| text(reader, outpost, "managed") == EMBEDDED);
    let host = embedded
        .map(|outpost| reader.value(outpost, "_config")["authentik_host"].as_str().unwrap_or_default());
    let headers: Map<String, Value> = cx
        .headers
        .iter()
        .filter(|(name, _)| *name != "authorization" && *name != "cookie")
        .filter_map(|(name, value)| {
            let name = format!("HTTP_{}", name.as_str().to_uppercase().replace('-', "_"));
            Some((name, json!(value.to_str().ok()?)))
        })
        .collect();
    let origin = request::origin(cx);
    kit::json(&json!({
        "http_headers": headers,
        "http_host": origin.rsplit("//").next().unwrap_or_default(),
        "http_is_secure": origin.starts_with("https:"),
        "runtime": {
            "architecture": std::env::consts::ARCH,
            "authentik_version": VERSION,
            "environment": "custom",
            "openssl_fips_enabled": null,
            "openssl_version": "none",
            "platform": std::env::consts::OS,
            "python_version": "none",
            "uname": std::env::consts::OS,
        },
        "brand": brand,
        "server_time": timestamp(api.supply().now()),
        "embedded_outpost_disabled": embedded.is_none(),
        "embedded_outpost_host": host.unwrap_or_default(),
    }))
}

/// Returns the numbers of users of a type: of those who are active, and of those who joined in the last month, among whom
/// the anonymous one is counted.
fn counted(reader: Reader<'_>, kind: &str) -> (usize, usize) {
    let since = reader.now() - TimeDelta::days(30);
    let (mut active, mut joined, mut has_anonymous) = (0, 0, false);
    for user in rows(reader, "authentik_core.user").filter(|user| text(reader, user, "type") == kind) {
        let is_anonymous = text(reader, user, "username") == ANONYMOUS;
        has_anonymous |= is_anonymous;
        active += usize::from(reader.value(user, "is_active") == true && !is_anonymous);
        joined +=
            usize::from(kit::read_time(reader.value(user, "date_joined")).is_some_and(|at| at >= since));
    }
    (active, joined + usize::from(kind == "internal" && !has_anonymous))
}

fn forecast(api: &Api, _: &Context) -> Answered {
    let snapshot = api.store().snapshot();
    let (internal, internal_joined) = counted(snapshot.reader(), "internal");
    let (external, external_joined) = counted(snapshot.reader(), "external");
    kit::json(&json!({
        "internal_users": internal,
        "external_users": external,
        "forecasted_internal_users": internal_joined * 12,
        "forecasted_external_users": external_joined * 12,
    }))
}

fn install_id(api: &Api, _: &Context) -> Answered {
    kit::json(&json!({"install_id": api.viewsets().install_id}))
}

fn summary(_: &Api, _: &Context) -> Answered {
    kit::json(&json!({
        "internal_users": 0,
        "external_users": 0,
        "status": "unlicensed",
        "latest_valid": "1970-01-01T00:00:00Z",
        "license_flags": [],
    }))
}
