//! Deeds that belong to a change of a row, in the same transaction.

use std::sync::Arc;

use chrono::{SecondsFormat, TimeDelta};
use openapi_resources::answer::Change;
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_resources::transaction::Transaction;
use serde_json::{Map, Value, json};

use super::super::Context;

/// Does what has to happen together with a change.
pub(crate) fn together(cx: &Context, transaction: &mut Transaction<'_>, change: &Change) {
    let (row, is_new) = match change {
        Change::Made(row) => (row, true),
        Change::Changed(_, row) => (row, false),
        Change::Deleting(_) => return,
    };
    let model = transaction.reader().model_name(row.model()).to_owned();
    let body = cx.arguments.body.as_value().cloned().unwrap_or_default();
    let values = match model.as_str() {
        "authentik_providers_proxy.proxyprovider" => proxy(transaction, row),
        "authentik_core.token" => token(transaction.reader(), cx, &body, is_new),
        "authentik_stages_invitation.invitation" if is_new => {
            let mut values = caller(cx, "created_by");
            if body.get("expires").is_none() {
                values.insert("expires".to_owned(), half_an_hour_later(transaction.reader()));
            }
            values
        }
        "authentik_rbac.role" if is_new => role(transaction, row),
        "authentik_sources_scim.scimsource" => {
            account(transaction, row);
            return;
        }
        "authentik_events.event" if is_new => event(transaction),
        _ => return,
    };
    if !values.is_empty() {
        transaction.update(row.model(), row.id(), values);
    }
}

/// Gives a role the group of the framework that has its name and keeps its permissions.
fn role(transaction: &mut Transaction<'_>, row: &Row) -> Map<String, Value> {
    let reader = transaction.reader();
    let Some(groups) = reader.model("auth.group") else { return Map::new() };
    let name = reader.value(row, "name").clone();
    let known = reader.find(groups, "name", &name).map(|group| group.id());
    let group = known.unwrap_or_else(|| transaction.insert(groups, object(json!({"name": name}))));
    let reader = transaction.reader();
    let key = reader.row(groups, group).map(|group| reader.key(group).clone());
    object(json!({"group": key}))
}

/// Gives a source an account and a token for it.
fn account(transaction: &mut Transaction<'_>, row: &Row) {
    let reader = transaction.reader();
    let (Some(users), Some(tokens)) =
        (reader.model("authentik_core.user"), reader.model("authentik_core.token"))
    else {
        return;
    };
    let key = reader.key(row).as_str().unwrap_or_default().to_owned();
    let name = reader.value(row, "name").as_str().unwrap_or_default().to_owned();
    let identifier = format!("ak-source-scim-{key}");
    let known = reader.find(users, "username", &json!(identifier)).cloned();
    let about = json!({
        "username": identifier,
        "name": format!("SCIM Source {name} Service-Account"),
        "type": "internal_service_account",
        "path": "goauthentik.io/sources/scim",
    });
    if let Some(user) = known {
        transaction.update(users, user.id(), object(about));
        return;
    }
    let user = transaction.insert(users, object(about));
    let user = transaction.reader().row(users, user).map(|user| transaction.reader().key(user).clone());
    let token = transaction.insert(
        tokens,
        object(json!({
            "identifier": identifier,
            "user": user,
            "intent": "api",
            "expiring": false,
            "managed": format!("goauthentik.io/sources/scim/{key}"),
        })),
    );
    let token = transaction.reader().row(tokens, token).map(|token| transaction.reader().key(token).clone());
    transaction.update(row.model(), row.id(), object(json!({"token": token})));
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

fn caller(cx: &Context, field: &str) -> Map<String, Value> {
    let key = cx.user.as_ref().map(|caller| caller.key.clone()).unwrap_or_default();
    object(json!({ field: key }))
}

/// The mappings that every provider for proxies has.
const PROXY_MAPPINGS: [&str; 4] = [
    "goauthentik.io/providers/proxy/scope-proxy",
    "goauthentik.io/providers/oauth2/scope-openid",
    "goauthentik.io/providers/oauth2/scope-email",
    "goauthentik.io/providers/oauth2/scope-profile",
];

/// Sets what makes a provider for proxies one of OAuth.
fn proxy(transaction: &Transaction<'_>, row: &Row) -> Map<String, Value> {
    let reader = transaction.reader();
    let host = reader.value(row, "external_host").as_str().unwrap_or_default();
    let base = if host.ends_with('/') { host.to_owned() } else { format!("{host}/") };
    let callback = format!("{base}outpost.goauthentik.io/callback\\?X-authentik-auth-callback=true");
    let direct = format!("{host}\\?X-authentik-auth-callback=true");
    let mut mappings = reader.value(row, "property_mappings").as_array().cloned().unwrap_or_default();
    let scopes = reader.model("authentik_providers_oauth2.scopemapping");
    for managed in PROXY_MAPPINGS {
        let named = |scope: &&Arc<Row>| reader.value(scope, "managed") == managed;
        let scope = scopes.and_then(|scopes| reader.rows(scopes).find(named));
        mappings.extend(scope.map(|scope| reader.key(scope).clone()).filter(|key| !mappings.contains(key)));
    }
    object(json!({
        "redirect_uris": format!("{callback}\n{direct}"),
        "client_type": "confidential",
        "property_mappings": mappings,
    }))
}

/// Gives a token to the caller unless somebody else is named, and lets it expire.
fn token(reader: Reader<'_>, cx: &Context, body: &Value, is_new: bool) -> Map<String, Value> {
    let mut values = Map::new();
    let is_superuser = cx.user.as_ref().is_some_and(|caller| caller.is_superuser);
    if is_new && !is_superuser || body.get("user").is_none() {
        values.extend(caller(cx, "user"));
    }
    if body.get("intent").is_none() {
        values.insert("intent".to_owned(), json!("api"));
    }
    let intent = body.get("intent").and_then(Value::as_str).unwrap_or("api");
    if intent == "api" {
        values.insert("expires".to_owned(), half_an_hour_later(reader));
    }
    values
}

/// Returns the time until which tokens and invitations are good.
fn half_an_hour_later(reader: Reader<'_>) -> Value {
    json!((reader.now() + TimeDelta::minutes(30)).to_rfc3339_opts(SecondsFormat::Micros, true))
}

/// Notes for which brand an event happened.
fn event(transaction: &Transaction<'_>) -> Map<String, Value> {
    let reader = transaction.reader();
    let brands = reader.model("authentik_brands.brand");
    let brand =
        brands.and_then(|brands| reader.rows(brands).find(|brand| reader.value(brand, "default") == true));
    let (key, name) = match brand {
        Some(brand) => {
            let domain = reader.value(brand, "domain").as_str().unwrap_or_default().to_owned();
            (reader.key(brand).as_str().unwrap_or_default().replace('-', ""), format!("Brand {domain}"))
        }
        None => (reader.supply().uuid().simple().to_string(), "Brand fallback".to_owned()),
    };
    object(json!({"brand": {"app": "authentik_brands", "model_name": "brand", "pk": key, "name": name}}))
}
