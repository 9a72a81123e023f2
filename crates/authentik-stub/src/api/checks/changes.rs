//! Deeds that belong to a change of a row, in the same transaction.

use std::sync::Arc;

use openapi_django::server::python;
use openapi_resources::answer::Change;
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_resources::supply::timestamp;
use openapi_resources::transaction::Transaction;
use serde_json::{Map, Value, json};

use super::super::Context;
use super::super::actions::{TOKENS_EXPIRE, fallback_brand, give_to_user, token_expiry};
use super::super::members::members;
use super::outposts;

/// Does what has to happen together with a change.
///
/// As the program does before it saves anything, it lets expire what has no time for that yet and is to.
pub(crate) fn together(cx: &Context, transaction: &mut Transaction<'_>, change: &Change) {
    let (row, is_new) = match change {
        Change::Made(row) => (row, true),
        Change::Changed(_, row) => (row, false),
        Change::Deleting(row) => return leave(transaction, row),
    };
    let model = transaction.reader().model_name(row.model()).to_owned();
    let body = cx.arguments.body.as_value().cloned().unwrap_or_default();
    let values = match model.as_str() {
        "authentik_providers_proxy.proxyprovider" => proxy(transaction, row),
        "authentik_core.token" => token(transaction, row, cx, &body, is_new),
        "authentik_stages_invitation.invitation" if is_new => caller(cx, "created_by"),
        "authentik_rbac.role" if is_new => role(transaction, row),
        "authentik_sources_scim.scimsource" => of_source(transaction, row),
        "authentik_outposts.outpost" => {
            // A worker does this right afterwards, where one is running: it leaves its tasks behind.
            if has_worker(transaction.reader()) {
                account(transaction, &of_outpost(transaction.reader(), row));
            }
            Map::new()
        }
        "authentik_events.event" if is_new && body.get("brand").is_none() => {
            members(json!({"brand": fallback_brand(transaction.reader())}))
        }
        _ => Map::new(),
    };
    if !values.is_empty() {
        transaction.update(row.model(), row.id(), values);
    }
    if outposts::PERMITTING.contains(&model.as_str()) && has_worker(transaction.reader()) {
        outposts::permit(transaction, row);
    }
    let reader = transaction.reader();
    if let Some(saved) = reader.row(row.model(), row.id())
        && reader.value(saved, "expiring") == true
        && reader.value(saved, "expires").is_null()
    {
        let values = members(json!({"expires": expiry(reader)}));
        transaction.update(row.model(), row.id(), values);
    }
}

/// Gives a role the group of the framework that has its name and keeps its permissions.
fn role(transaction: &mut Transaction<'_>, row: &Row) -> Map<String, Value> {
    let reader = transaction.reader();
    let Some(groups) = reader.model("auth.group") else { return Map::new() };
    let name = reader.value(row, "name").clone();
    let known = reader.find(groups, "name", &name).map(|group| group.id());
    let group = known.unwrap_or_else(|| transaction.insert(groups, members(json!({"name": name}))));
    let reader = transaction.reader();
    let key = reader.row(groups, group).map(|group| reader.key(group).clone());
    members(json!({"group": key}))
}

/// The account of a program that uses the API, and its token.
struct Account {
    username: String,
    name: String,
    path: &'static str,
    token: String,
    managed: String,
    description: String,
}

/// Returns the name of the account of a source, and the identifier of its token.
fn source_identifier(reader: Reader<'_>, row: &Row) -> String {
    format!("ak-source-scim-{}", reader.key(row).as_str().unwrap_or_default())
}

/// Gives a source an account.
fn of_source(transaction: &mut Transaction<'_>, row: &Row) -> Map<String, Value> {
    let reader = transaction.reader();
    let key = reader.key(row).as_str().unwrap_or_default();
    let name = reader.value(row, "name").as_str().unwrap_or_default();
    let identifier = source_identifier(reader, row);
    let made = account(
        transaction,
        &Account {
            name: format!("SCIM Source {name} Service-Account"),
            path: "goauthentik.io/sources/scim",
            token: identifier.clone(),
            managed: format!("goauthentik.io/sources/scim/{key}"),
            description: String::new(),
            username: identifier,
        },
    );
    made.map(|token| members(json!({"token": token}))).unwrap_or_default()
}

/// Returns the account of an outpost.
fn of_outpost(reader: Reader<'_>, row: &Row) -> Account {
    let key = reader.key(row).as_str().unwrap_or_default();
    let name = reader.value(row, "name").as_str().unwrap_or_default();
    let token = format!("ak-outpost-{key}-api");
    Account {
        username: outposts::username(reader, row),
        name: format!("Outpost {name} Service-Account"),
        path: "goauthentik.io/outposts",
        managed: format!("goauthentik.io/outpost/{token}"),
        description: format!("Autogenerated by authentik for Outpost {name}"),
        token,
    }
}

/// Returns `true` if a worker has done anything yet.
pub(super) fn has_worker(reader: Reader<'_>) -> bool {
    let tasks = reader.model("authentik_events.systemtask");
    tasks.is_some_and(|tasks| reader.rows(tasks).next().is_some())
}

/// Makes an account, or changes what it is called, and returns the key of its token if that is new.
fn account(transaction: &mut Transaction<'_>, about: &Account) -> Option<Value> {
    let reader = transaction.reader();
    let (users, tokens) = (reader.model("authentik_core.user")?, reader.model("authentik_core.token")?);
    let known = reader.find(users, "username", &json!(about.username)).cloned();
    let values = members(json!({
        "username": about.username,
        "name": about.name,
        "type": "internal_service_account",
        "path": about.path,
    }));
    if let Some(user) = known {
        transaction.update(users, user.id(), values);
        return None;
    }
    let user = transaction.insert(users, values);
    let user = transaction.reader().row(users, user).map(|user| transaction.reader().key(user).clone());
    let token = transaction.insert(
        tokens,
        members(json!({
            "identifier": about.token,
            "user": user,
            "intent": "api",
            "expiring": false,
            "managed": about.managed,
            "description": about.description,
        })),
    );
    transaction.reader().row(tokens, token).map(|token| transaction.reader().key(token).clone())
}

/// Removes the account of an outpost or a source that is deleted.
fn leave(transaction: &mut Transaction<'_>, row: &Row) {
    let reader = transaction.reader();
    let username = match reader.model_name(row.model()) {
        "authentik_outposts.outpost" => of_outpost(reader, row).username,
        "authentik_sources_scim.scimsource" => source_identifier(reader, row),
        _ => return,
    };
    let Some(users) = reader.model("authentik_core.user") else { return };
    if let Some(user) = reader.find(users, "username", &json!(username)).map(|user| user.id()) {
        transaction.delete(users, user);
    }
}

fn caller(cx: &Context, field: &str) -> Map<String, Value> {
    let key = cx.user.as_ref().map(|caller| caller.key.clone()).unwrap_or_default();
    members(json!({ field: key }))
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
    // As a relative reference, from the last part of the path on.
    let host_alone = host.split(['?', '#']).next().unwrap_or_default();
    let path = host_alone.find("://").map_or(0, |scheme| scheme + 3);
    let base = match host_alone.get(path..).and_then(|rest| rest.rfind('/')) {
        Some(last) => host_alone.get(..path + last).unwrap_or_default(),
        None => host_alone,
    };
    let callback = format!("{base}/outpost.goauthentik.io/callback\\?X-authentik-auth-callback=true");
    let direct = format!("{host}\\?X-authentik-auth-callback=true");
    let mut mappings = reader.value(row, "property_mappings").as_array().cloned().unwrap_or_default();
    let scopes = reader.model("authentik_providers_oauth2.scopemapping");
    for managed in PROXY_MAPPINGS {
        let named = |scope: &&Arc<Row>| reader.value(scope, "managed") == managed;
        let scope = scopes.and_then(|scopes| reader.rows(scopes).find(named));
        mappings.extend(scope.map(|scope| reader.key(scope).clone()).filter(|key| !mappings.contains(key)));
    }
    members(json!({
        "redirect_uris": format!("{callback}\n{direct}"),
        "client_type": "confidential",
        "property_mappings": mappings,
    }))
}

/// Gives a token to the caller unless somebody else is named, and lets it expire. Who is no superuser may see the key of a token
/// of his own.
fn token(
    transaction: &mut Transaction<'_>,
    row: &Row,
    cx: &Context,
    body: &Value,
    is_new: bool,
) -> Map<String, Value> {
    let mut values = Map::new();
    let user = cx.user.as_ref();
    let is_superuser = user.is_some_and(|caller| caller.is_superuser);
    if is_new && !is_superuser || body.get("user").is_none() {
        values.extend(caller(cx, "user"));
    }
    if let Some(user) = user.filter(|_| is_new && !is_superuser) {
        let reader = transaction.reader();
        let users = reader.model("authentik_core.user");
        let own = users.and_then(|users| reader.by_key(users, &user.key));
        let expire = own.and_then(|own| reader.value(own, "attributes").get(TOKENS_EXPIRE));
        values.insert("expiring".to_owned(), json!(expire.is_none_or(python::truth)));
        give_to_user(transaction, "authentik_core.view_token_key", &user.key, row);
    }
    if body.get("intent").is_none() {
        values.insert("intent".to_owned(), json!("api"));
    }
    let intent = body.get("intent").and_then(Value::as_str).unwrap_or("api");
    if intent == "api" {
        values.insert("expires".to_owned(), expiry(transaction.reader()));
    }
    values
}

/// Returns the time until which something is good that is saved now.
fn expiry(reader: Reader<'_>) -> Value {
    json!(timestamp(token_expiry(reader, reader.now())))
}
