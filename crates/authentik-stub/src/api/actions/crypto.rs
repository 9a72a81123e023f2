//! Certificate-key pairs: new ones, and what is in them.

use http::StatusCode;
use openapi_server_runtime::failure::Failure;
use serde_json::json;

use super::kit::{self, Answered, Subject};
use super::{Action, events};
use crate::api::certificates::{self, Algorithm};
use crate::api::departure::Departs;
use crate::api::{Api, Context};

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("crypto_certificatekeypairs_generate_create", generate),
    ("crypto_certificatekeypairs_view_certificate_retrieve", |api, cx| view(api, cx, "certificate")),
    ("crypto_certificatekeypairs_view_private_key_retrieve", |api, cx| view(api, cx, "private_key")),
];

const MODEL: &str = "authentik_crypto.certificatekeypair";

/// Makes a certificate that signs itself.
fn generate(api: &Api, cx: &Context) -> Answered {
    if cfg!(not(feature = "certificates")) {
        let detail = "The stub was built without the feature `certificates`, and makes none.";
        return Err(Failure::detail(StatusCode::NOT_IMPLEMENTED, detail));
    }
    let body = kit::body(cx);
    let common_name = body["common_name"].as_str().unwrap_or_default();
    let names: Vec<&str> = body["subject_alt_name"]
        .as_str()
        .filter(|names| !names.is_empty())
        .map_or_else(Vec::new, |names| names.split(',').collect());
    let days = body["validity_days"].as_i64().ok_or_else(|| Departs::WriteFails.broken())?;
    let algorithm = if body["alg"] == "ecdsa" { Algorithm::Ecdsa } else { Algorithm::Rsa };
    let made = certificates::generate(common_name, &names, days, algorithm, api.supply().now())
        .ok_or_else(|| Departs::WriteFails.broken())?;
    let row = kit::write(api, |transaction| {
        let values = json!({"name": common_name, "certificate_data": made.certificate, "key_data": made.key});
        kit::insert(transaction, MODEL, values)
    })?;
    let row = row.ok_or(Failure::ServerError)?;
    let snapshot = kit::snapshot(api, cx);
    let view = snapshot.plan().view("CertificateKeyPair").ok_or(Failure::ServerError)?;
    kit::json(&snapshot.object(view, &row))
}

/// Answers with a part of a pair, and writes down that somebody saw it.
fn view(api: &Api, cx: &Context, part: &str) -> Answered {
    let subject = Subject::of(api, cx)?;
    let context = json!({"secret": events::about(api, subject.reader(), &subject.row), "type": part});
    let viewed = events::Entry::new("secret_view", "authentik.crypto.api").with(context);
    kit::write(api, |transaction| events::record(transaction, cx, viewed))?;
    let data = subject.text(if part == "certificate" { "certificate_data" } else { "key_data" }).to_owned();
    if cx.query.last("download").is_some() {
        let name = format!("{}_{part}.pem", subject.text("name"));
        return Ok(kit::download(cx, "application/x-pem-file", &name, data));
    }
    kit::json(&json!({"data": data}))
}
