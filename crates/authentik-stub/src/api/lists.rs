//! The lists of what a user can launch: the program keeps the rows that it found for a user and a page, and shows them
//! again until something new is made, whatever became of them meanwhile.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::StatusCode;
use openapi_django::server::python;
use openapi_resources::answer::{Answer, Change};
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::operation::Operation;
use serde_json::{Value, json};

use super::actions::{passes, refuse};
use super::caller::Caller;
use super::{Api, Context, access, functions};

/// The operations that list what a user can launch, and the models of their rows.
const LISTS: [(&str, &str); 2] = [
    ("core_applications_list", "authentik_core.application"),
    ("rac_endpoints_list", "authentik_providers_rac.endpoint"),
];

/// The models of the rows that decide what a user can launch.
const DECIDING: [&str; 3] =
    ["authentik_core.group", "authentik_core.user", "authentik_policies.policybinding"];

/// The operation that can show what somebody else can launch.
const FOR_USER: &str = "core_applications_list";

/// A page of a list as a user sees it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Page {
    operation: &'static str,
    user: String,
    number: String,
}

/// The rows that were found, by pages.
#[derive(Debug, Default)]
pub(super) struct Kept(Mutex<HashMap<Page, Vec<Arc<Row>>>>);

impl Kept {
    fn pages(&self) -> MutexGuard<'_, HashMap<Page, Vec<Arc<Row>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets all rows.
    pub(super) fn forget(&self) {
        self.pages().clear();
    }

    /// Forgets all rows if a change makes it necessary: if something was made that can be launched, or what decides who may launch
    /// it was saved. A policy does not count, since the program looks for changes of the base of all policies alone.
    pub(super) fn notice(&self, reader: Reader<'_>, change: &Change) {
        let (row, is_new) = match change {
            Change::Made(row) => (row, true),
            Change::Changed(_, row) => (row, false),
            Change::Deleting(_) => return,
        };
        let model = reader.model_name(row.model());
        let is_launched = LISTS.iter().any(|(_, launched)| *launched == model);
        if is_new && is_launched || DECIDING.contains(&model) {
            self.forget();
        }
    }
}

/// Returns `true` for an operation that lists what a user can launch.
pub(super) fn is_launched(operation: &str) -> bool {
    LISTS.iter().any(|(id, _)| *id == operation)
}

/// Answers a list of what a user can launch.
pub(super) fn launched(
    api: &Api,
    cx: &Context,
    operation: &'static Operation,
) -> Result<HandlerResponse, Failure> {
    let caller = cx.require_user()?;
    let asked = |name: &str| cx.query.last(name).map(str::to_owned).unwrap_or_default();
    let answer = api.answer(cx, operation)?;
    let Answer { status, body, rows, snapshot, .. } = answer;
    let mut body: Value = serde_json::from_slice(&body.unwrap_or_default()).unwrap_or_default();
    let is_asked = |name: &str| asked(name).eq_ignore_ascii_case("true");
    if is_asked("superuser_full_list") && caller.is_superuser {
        return HandlerResponse::json(status, &body);
    }
    let reader = snapshot.reader();
    let other = match cx.query.last("for_user").filter(|_| operation.id == FOR_USER) {
        Some(text) => Some(named(reader, caller, text)?),
        None => None,
    };
    let users = reader.model("authentik_core.user");
    let user = other.or_else(|| users.and_then(|users| reader.by_key(users, &caller.key)));
    let allowed = || -> Vec<Arc<Row>> {
        let may = |row: &&Arc<Row>| user.is_some_and(|user| passes(reader, user, row));
        rows.iter().filter(may).cloned().collect()
    };
    let shown = if asked("search").is_empty() && other.is_none() {
        let number = body["pagination"]["current"].to_string();
        let page = Page { operation: operation.id, user: caller.key.to_string(), number };
        let world = api.worlds.current();
        let known = world.extra.kept.pages().get(&page).filter(|rows| !rows.is_empty()).cloned();
        known.unwrap_or_else(|| {
            let rows = allowed();
            world.extra.kept.pages().insert(page, rows.clone());
            rows
        })
    } else {
        allowed()
    };
    let plan = snapshot.plan();
    let view = plan.operation(operation.id).and_then(|(_, described)| described.answer.as_ref());
    let view = view.and_then(|view| plan.view(view)).ok_or(Failure::ServerError)?;
    let context = Some(functions::Shown::of(api, cx));
    let snapshot = snapshot.clone().with_context(context);
    let objects = shown.iter().map(|row| snapshot.object(view, row));
    let only_launched = is_asked("only_with_launch_url") && other.is_none();
    let is_launched = |object: &Value| object["launch_url"].as_str().is_some_and(|url| !url.is_empty());
    let objects = objects.filter(|object| !only_launched || is_launched(object));
    body["results"] = objects.collect();
    HandlerResponse::json(status, &body)
}

/// Returns the user whose applications a caller wants to see.
///
/// # Errors
/// 400 if there is no such user, or the caller may not see what he can launch.
fn named<'a>(reader: Reader<'a>, caller: &Caller, text: &str) -> Result<&'a Arc<Row>, Failure> {
    const MODEL: &str = "authentik_core.user";
    const NEEDED: &str = "authentik_core.view_user_applications";
    let Some(key) = python::int(text) else {
        let value = json!(["Invalid input."]);
        return Err(Failure::Body { status: StatusCode::BAD_REQUEST, value });
    };
    let key = i64::try_from(key).map(Value::from).unwrap_or_default();
    let found = reader.model(MODEL).and_then(|users| reader.by_key(users, &key));
    let may =
        |row: &&Arc<Row>| caller.has(NEEDED) || caller.has_on_one(NEEDED, MODEL, &access::key(reader, row));
    found.filter(may).ok_or_else(|| refuse("for_user", "User not found"))
}

/// The parameters by which a request can do without what is laborious to show, with their viewsets and properties.
const PARTS: [(&str, &str, &[&str]); 3] = [
    ("/core/groups/", "include_users", &["users_obj"]),
    ("/core/users/", "include_groups", &["groups_obj"]),
    (
        "/crypto/certificatekeypairs/",
        "include_details",
        &["fingerprint_sha256", "fingerprint_sha1", "cert_expiry", "cert_subject", "private_key_type"],
    ),
];

/// Leaves out the parts of the objects of a viewset that a request does not want.
pub(super) fn without_parts(viewset: &str, cx: &Context, body: Vec<u8>) -> Vec<u8> {
    let unwanted: Vec<&str> = PARTS
        .iter()
        .filter(|(path, ..)| *path == viewset)
        .filter(|(_, parameter, _)| {
            cx.query.last(parameter).is_some_and(|text| !text.eq_ignore_ascii_case("true"))
        })
        .flat_map(|(.., properties)| properties.iter().copied())
        .collect();
    if unwanted.is_empty() {
        return body;
    }
    let Ok(mut value) = serde_json::from_slice::<Value>(&body) else { return body };
    let without = |object: &mut Value| {
        for part in &unwanted {
            if object.get(*part).is_some() {
                object[*part] = Value::Null;
            }
        }
    };
    match value.get_mut("results").and_then(Value::as_array_mut) {
        Some(objects) => objects.iter_mut().for_each(without),
        None => without(&mut value),
    }
    value.to_string().into_bytes()
}
