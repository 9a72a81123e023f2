//! The actions of users: who is calling, passwords, accounts for programs, recovery and impersonation.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use openapi_django::server::python;
use openapi_resources::answer::Refusal;
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_resources::server::not_kept;
use openapi_resources::supply::{Supply, timestamp};
use openapi_resources::transaction::Transaction;
use openapi_resources::violation::Violation;
use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::Failure;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::kit::{self, Answered, Subject, caller, caller_row, refuse, rows, text, viewed};
use super::{Action, brands, durations, events, outside, tenants};
use crate::api::caller::{ANONYMOUS, groups};
use crate::api::departure::Departs;
use crate::api::functions::Shown;
use crate::api::{Api, Context, access, request};

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("core_users_impersonate_create", impersonate),
    ("core_users_impersonate_end_retrieve", impersonate_end),
    ("core_users_me_retrieve", me),
    ("core_users_paths_retrieve", paths),
    ("core_users_recovery_create", recovery),
    ("core_users_recovery_email_create", recovery_email),
    ("core_users_service_account_create", service_account),
    ("core_users_set_password_create", set_password),
];

const USER: &str = "authentik_core.user";
const GROUP: &str = "authentik_core.group";
const TOKEN: &str = "authentik_core.token";
/// The path of accounts for programs.
const SERVICE_ACCOUNTS: &str = "goauthentik.io/service-accounts";
/// The attribute that says whether the tokens of an account expire.
pub(crate) const TOKENS_EXPIRE: &str = "goauthentik.io/user/token-expires";

/// Answers with the caller.
fn me(api: &Api, cx: &Context) -> Answered {
    let snapshot = kit::snapshot(api, cx);
    let reader = snapshot.reader();
    let user = caller_row(reader, cx)?;
    let view = snapshot.plan().view("User").ok_or(Failure::ServerError)?;
    let shown = snapshot.object(view, user);
    let mut groups = groups(reader, user);
    groups.sort_by_key(|group| text(reader, group, "name"));
    let attributes = attributes(reader, cx, user, &groups);
    let groups: Vec<Value> = groups
        .iter()
        .map(|group| json!({"name": text(reader, group, "name"), "pk": reader.key(group)}))
        .collect();
    let settings = attributes.get("settings").cloned().unwrap_or_else(|| json!({}));
    kit::json(&json!({
        "user": {
            "pk": shown["pk"],
            "username": shown["username"],
            "name": shown["name"],
            "is_active": shown["is_active"],
            "is_superuser": shown["is_superuser"],
            "groups": groups,
            "email": shown["email"],
            "avatar": shown["avatar"],
            "uid": shown["uid"],
            "settings": settings,
            "type": shown["type"],
            "system_permissions": system_permissions(reader, cx)?,
        },
    }))
}

/// Returns the attributes of a user over those of the groups, and these over those of the brand.
fn attributes(reader: Reader<'_>, cx: &Context, user: &Row, groups: &[&Row]) -> Map<String, Value> {
    let mut merged = Map::new();
    let brand = brands::current(reader, cx).map(AsRef::as_ref);
    for row in brand.into_iter().chain(groups.iter().copied()).chain([user]) {
        if let Value::Object(attributes) = reader.value(row, "attributes") {
            merge(&mut merged, attributes);
        }
    }
    merged
}

/// Returns how long a password for programs is good at most, if that is said of a user.
pub(crate) fn token_lifetime(reader: Reader<'_>, cx: &Context, user: &Row) -> Option<TimeDelta> {
    let attributes = attributes(reader, cx, user, &groups(reader, user));
    durations::read(attributes.get("goauthentik.io/user/token-maximum-lifetime")?.as_str()?)
}

/// Puts the members of an object over those of another, and those of objects in it over those of objects in that; items of lists
/// come behind those that are there.
fn merge(below: &mut Map<String, Value>, above: &Map<String, Value>) {
    for (name, value) in above {
        match (below.get_mut(name), value) {
            (Some(Value::Object(below)), Value::Object(above)) => merge(below, above),
            (Some(Value::Array(below)), Value::Array(above)) => below.extend(above.iter().cloned()),
            _ => drop(below.insert(name.clone(), value.clone())),
        }
    }
}

/// Returns the permissions of the caller that concern the system as a whole.
fn system_permissions(reader: Reader<'_>, cx: &Context) -> Result<Vec<String>, Failure> {
    let caller = caller(cx)?;
    let apps = reader.model("contenttypes.contenttype");
    let of_system = rows(reader, "auth.permission").filter(|permission| {
        let app = apps.and_then(|apps| reader.by_key(apps, reader.value(permission, "content_type")));
        app.is_some_and(|app| text(reader, app, "app_label") == "authentik_rbac")
    });
    let names = of_system.map(|permission| text(reader, permission, "codename"));
    Ok(names.filter(|name| caller.has(&format!("authentik_rbac.{name}"))).map(str::to_owned).collect())
}

/// Answers with the paths of the users that the caller may view.
fn paths(api: &Api, cx: &Context) -> Answered {
    let snapshot = kit::snapshot(api, cx);
    let reader = snapshot.reader();
    let seen = kit::listed(&snapshot, cx, "core_users_list", USER)?;
    let seen = seen.iter().filter(|user| text(reader, user, "username") != ANONYMOUS);
    let paths: BTreeSet<&str> = seen.map(|user| text(reader, user, "path")).collect();
    kit::json(&json!({"paths": paths}))
}

/// Sets the password of a user; without one, no password will do.
fn set_password(api: &Api, cx: &Context) -> Answered {
    let password = kit::dictionary(cx)?.get("password").cloned().unwrap_or_default();
    let user = Subject::of(api, cx)?.row;
    let hash = match &password {
        Value::Null => unusable(api.supply()),
        Value::String(password) => hashed(api.supply(), password),
        _ => return Err(Departs::BodyUnchecked.broken()),
    };
    kit::write(api, |transaction| {
        kit::update(
            transaction,
            &user,
            json!({"password": hash, "password_change_date": timestamp(api.supply().now())}),
        );
        let set = events::Entry::new("password_set", "authentik.events.signals");
        let set = set.of(transaction.reader(), &user);
        events::record(transaction, cx, set);
    })?;
    api.worlds.current().extra.kept.forget();
    Ok(HandlerResponse::empty(204))
}

/// Returns what is kept of a password that no login can have.
fn unusable(supply: &dyn Supply) -> String {
    format!("!{}", supply.secret(40))
}

/// Returns what is kept of a password.
fn hashed(supply: &dyn Supply, password: &str) -> String {
    let salt = supply.secret(22);
    let hash = Sha256::digest(format!("{salt}{password}"));
    format!("salted_sha256${salt}${}", kit::digits(&hash))
}

/// The most letters of the name of a user.
const MAX_NAME: usize = 150;

/// The most letters of a token that is made.
const MAX_TOKEN: usize = 10_000;

/// Makes an account for a program, with a token, and a group if it is asked for.
fn service_account(api: &Api, cx: &Context) -> Answered {
    let body = kit::dictionary(cx)?;
    let expiring = body.get("expiring").is_none_or(python::truth);
    // The field writes whatever it is given as text.
    let name = match body.get("name") {
        None | Some(Value::Null) => Value::Null,
        Some(name) => Value::from(python::str(name)),
    };
    let now = api.supply().now();
    let expires = match body.get("expires") {
        None => json!(timestamp(now + TimeDelta::days(360))),
        Some(Value::Null) if expiring => {
            json!(timestamp(tenants::token_expiry(api.store().snapshot().reader(), now)))
        }
        Some(expires) if expires.is_null() || kit::read_time(expires).is_some() => expires.clone(),
        Some(_) => return Err(Departs::BodyUnchecked.broken()),
    };
    if name.as_str().is_some_and(|name| name.chars().count() > MAX_NAME) {
        return Err(Departs::WriteFails.broken());
    }
    let with_group = body.get("create_group").is_some_and(python::truth);
    let length = tenants::setting(api.store().snapshot().reader(), "default_token_length").as_u64();
    let length = usize::try_from(length.unwrap_or(60)).unwrap_or(60).min(MAX_TOKEN);
    let made: Result<_, Refusal> = api
        .store()
        .write(|transaction| Ok(account(transaction, &name, expiring, &expires, with_group, length)));
    let (made, snapshot) = made.map_err(|refusal| {
        if let Refusal::NotKept(error) = &refusal {
            return not_kept(error);
        }
        // The database has given the number away, although it did not take the row.
        let spent = kit::write(api, |transaction| {
            spend(transaction, USER, json!({"username": api.supply().secret(40)}));
        });
        tracing::debug!(?spent, "a number is spent");
        match refusal {
            Refusal::Violations(violations) => refused(&name, &violations),
            _ => Departs::WriteFails.broken(),
        }
    })?;
    let (user, group, key) = made.ok_or(Failure::ServerError)?;
    api.worlds.current().extra.kept.forget();
    let snapshot = snapshot.with_context(Some(Shown::of(api, cx)));
    let reader = snapshot.reader();
    let view = snapshot.plan().view("User").ok_or(Failure::ServerError)?;
    let user = kit::by_key(reader, USER, &user).ok_or(Failure::ServerError)?;
    let shown = snapshot.object(view, user);
    let mut answer = kit::members(json!({
        "username": shown["username"],
        "user_uid": shown["uid"],
        "user_pk": shown["pk"],
    }));
    if let Some(group) = group {
        answer.insert("group_pk".to_owned(), group);
    }
    answer.insert("token".to_owned(), json!(key));
    kit::json(&answer)
}

/// Makes the rows of an account; returns the keys of the user and the group, and the key of the token.
fn account(
    transaction: &mut Transaction<'_>,
    name: &Value,
    expiring: bool,
    expires: &Value,
    with_group: bool,
    length: usize,
) -> Option<(Value, Option<Value>, String)> {
    let user = json!({
        "username": name,
        "name": if name.is_null() { json!("") } else { name.clone() },
        "type": "service_account",
        "attributes": {TOKENS_EXPIRE: expiring},
        "path": SERVICE_ACCOUNTS,
        "password": unusable(transaction.reader().supply()),
    });
    let user = kit::insert(transaction, USER, user)?;
    let key = transaction.reader().key(&user).clone();
    let mut group_key = None;
    if with_group {
        let group = kit::insert(transaction, GROUP, json!({"name": name}))?;
        let group = transaction.reader().key(&group).clone();
        kit::update(transaction, &user, json!({"ak_groups": [group.clone()]}));
        group_key = Some(group);
    }
    let secret = transaction.reader().supply().secret(length);
    let token = json!({
        "identifier": kit::slug(&format!("service-account-{}-password", python::str(name))),
        "intent": "app_password",
        "user": key,
        "key": secret,
        "expires": expires,
        "expiring": expiring,
    });
    kit::insert(transaction, TOKEN, token)?;
    Some((key, group_key, secret))
}

/// Takes the next number of a model as a row does that is not kept.
pub(super) fn spend(transaction: &mut Transaction<'_>, model: &str, values: Value) {
    if let Some(row) = kit::insert(transaction, model, values) {
        transaction.delete(row.model(), row.id());
    }
}

/// Returns the words of the database about an account that it refuses.
fn refused(name: &Value, violations: &[Violation]) -> Failure {
    let first = violations.first();
    let sentence = match first {
        Some(Violation::Missing { .. }) => {
            "null value in column \"username\" of relation \"authentik_core_user\" violates not-null constraint".to_owned()
        }
        Some(Violation::Unique { model, fields }) => {
            let table = model.replace('.', "_");
            let columns = fields.join("_");
            let value = openapi_django::server::python::str(name);
            format!(
                "duplicate key value violates unique constraint \"{table}_{columns}_key\"\nDETAIL:  Key ({})=({value}) already exists.",
                fields.join(", ")
            )
        }
        _ => return Departs::WriteFails.broken(),
    };
    let value = json!({"non_field_errors": [sentence]});
    Failure::Body { status: http::StatusCode::BAD_REQUEST, value }
}

/// Makes a link by which a user can set a new password.
fn recovery(api: &Api, cx: &Context) -> Answered {
    let user = Subject::of(api, cx)?.row;
    let link = link(api, cx, &user)?;
    kit::json(&json!({"link": link}))
}

fn link(api: &Api, cx: &Context, user: &Row) -> Result<String, Failure> {
    let snapshot = kit::snapshot(api, cx);
    let reader = snapshot.reader();
    let brand = brands::current(reader, cx);
    let flow = brand.and_then(|brand| brands::flow(reader, brand, "flow_recovery"));
    let flow = flow.ok_or_else(|| refuse("non_field_errors", "No recovery flow set."))?;
    let uid = kit::uid(&snapshot, user);
    let identifier = json!(format!("{}-password-reset", uid.as_str().unwrap_or_default()));
    let (flow_key, user_key) = (reader.key(flow).clone(), reader.key(user).clone());
    let flow_slug = text(reader, flow, "slug").to_owned();
    let expires = tenants::token_expiry(reader, reader.now());
    let key = kit::write(api, |transaction| {
        let reader = transaction.reader();
        let known = rows(reader, "authentik_flows.flowtoken")
            .find(|token| *reader.value(token, "identifier") == identifier);
        if let Some(known) = known.cloned() {
            kit::update(transaction, &known, json!({"user": user_key, "flow": flow_key}));
            return text(transaction.reader(), &known, "key").to_owned();
        }
        let key = api.supply().secret(60);
        let token = json!({
            "identifier": identifier,
            "user": user_key,
            "flow": flow_key,
            "key": key,
            "expires": timestamp(expires),
        });
        kit::insert(transaction, "authentik_flows.flowtoken", token);
        key
    })?;
    let token = utf8_percent_encode(&key, NON_ALPHANUMERIC);
    Ok(format!("{}/if/flow/{flow_slug}/?flow_token={token}", request::origin(cx)))
}

/// Does everything up to sending the link by mail.
fn recovery_email(api: &Api, cx: &Context) -> Answered {
    let subject = Subject::of(api, cx)?;
    if subject.text("email").is_empty() {
        return Err(refuse("non_field_errors", "User does not have an email address set."));
    }
    link(api, cx, &subject.row)?;
    let reader = subject.reader();
    let named = |text: &str| {
        let key = python::uuid(text).map(|key| key.to_string());
        key.ok_or_else(|| Departs::ParameterUnchecked.broken())
    };
    let wanted = cx.query.last("email_stage").map(named).transpose()?;
    let mut stages = viewed(reader, "authentik_stages_email.emailstage", caller(cx)?);
    if !stages.any(|stage| reader.key(stage).as_str() == wanted.as_deref()) {
        return Err(refuse("non_field_errors", "Email stage does not exist."));
    }
    Err(outside::failure(cx))
}

/// Begins to act as another user. What does not log in has no session to keep that in.
fn impersonate(api: &Api, cx: &Context) -> Answered {
    let subject = Subject::of(api, cx)?;
    let reader = subject.reader();
    let caller = caller(cx)?;
    // The permission for all users lets the request come here, but only that for this one counts.
    let key = access::key(reader, &subject.row);
    let may = caller.is_superuser || caller.has_on_one("authentik_core.impersonate", USER, &key);
    let is_allowed = tenants::setting(reader, "impersonation") == true && may;
    if !is_allowed || *reader.key(&subject.row) == caller.key {
        return Ok(HandlerResponse::empty(401));
    }
    let context = json!({"reason": kit::body(cx)["reason"].as_str().unwrap_or_default()});
    kit::write(api, |transaction| {
        let started = events::Entry::new("impersonation_started", "authentik.core.api.users");
        events::record(transaction, cx, started.with(context));
    })?;
    Ok(HandlerResponse::empty(201))
}

/// Ends what [`impersonate`] began, of which nothing is left.
fn impersonate_end(_: &Api, cx: &Context) -> Answered {
    caller(cx)?;
    Ok(HandlerResponse::empty(204))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_merged_member_by_member() {
        let mut below = kit::members(json!({"a": {"b": 1, "c": 2}, "d": 1, "l": [1]}));
        merge(&mut below, &kit::members(json!({"a": {"c": 3}, "d": {"e": 1}, "l": [2]})));
        assert_eq!(Value::Object(below), json!({"a": {"b": 1, "c": 3}, "d": {"e": 1}, "l": [1, 2]}));
    }

    #[test]
    fn a_refused_account_is_told_in_the_words_of_the_database() {
        let unique = Violation::Unique { model: USER.to_owned(), fields: vec!["username".to_owned()] };
        let shape = openapi_django::server::shape(&refused(&json!("svc"), &[unique])).1;
        let expected = "duplicate key value violates unique constraint \"authentik_core_user_username_key\"\n\
                        DETAIL:  Key (username)=(svc) already exists.";
        assert_eq!(shape, Some(json!({"non_field_errors": [expected]})));
    }
}
