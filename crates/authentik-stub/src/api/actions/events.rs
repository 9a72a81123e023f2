//! Events: those that actions leave behind, and what can be counted of them.

use chrono::{DateTime, TimeDelta, Utc};
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_resources::transaction::Transaction;
use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::Failure;
use serde_json::{Map, Value, json};

use super::kit::{self, Answered, Subject, caller, rows, text, viewed};
use super::{Action, brands};
use crate::api::departure::Departs;
use crate::api::used_by::names;
use crate::api::{Api, Context, access};

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("admin_metrics_retrieve", all_metrics),
    ("core_applications_metrics_list", of_application),
    ("core_users_metrics_retrieve", of_user),
    ("events_events_per_month_list", per_month),
    ("events_events_top_per_user_list", top_per_user),
    ("events_events_volume_list", volume),
    ("events_notifications_mark_all_seen_create", mark_all_seen),
    ("events_system_tasks_run_create", run),
];

/// An event that is written down.
#[derive(Debug)]
pub(super) struct Entry {
    action: &'static str,
    app: &'static str,
    context: Map<String, Value>,
    /// The user that it is about, if that is not the caller.
    user: Option<Value>,
}

impl Entry {
    pub(super) fn new(action: &'static str, app: &'static str) -> Self {
        Self { action, app, context: Map::new(), user: None }
    }

    /// Says what it is about.
    pub(super) fn with(mut self, context: Value) -> Self {
        self.context = kit::members(context);
        self
    }

    /// Says that it is about a user who need not be the caller.
    pub(super) fn of(mut self, reader: Reader<'_>, user: &Row) -> Self {
        self.user = Some(about_user(reader, user));
        self
    }
}

/// Writes down that the caller did something.
pub(super) fn record(transaction: &mut Transaction<'_>, cx: &Context, entry: Entry) {
    let reader = transaction.reader();
    let caller = || kit::caller_row(reader, cx).map_or_else(|_| json!({}), |user| about_user(reader, user));
    let user = entry.user.unwrap_or_else(caller);
    let mut context = entry.context;
    let args: Map<String, Value> =
        cx.query.iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
    let agent = cx.headers.get("user-agent").and_then(|value| value.to_str().ok()).unwrap_or_default();
    context.insert(
        "http_request".to_owned(),
        json!({
            "args": args,
            "path": kit::path(cx),
            "method": cx.method.as_str(),
            "request_id": cx.request_id,
            "user_agent": agent,
        }),
    );
    let brand =
        brands::current(reader, cx).map(|brand| described(reader, brand, &names::brand(reader, brand)));
    let forwarded = cx.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
    let address = forwarded.and_then(|list| list.split(',').next()).map(str::trim);
    let address = address.filter(|text| text.parse::<std::net::IpAddr>().is_ok()).unwrap_or("127.0.0.1");
    let event = json!({
        "user": user,
        "action": entry.action,
        "app": entry.app,
        "context": context,
        "client_ip": address,
        "brand": brand.unwrap_or_else(|| brands::fallback(reader)),
    });
    kit::insert(transaction, "authentik_events.event", event);
}

/// Returns a row as the context of an event has it: by the name that it has, or else as others call it.
pub(super) fn about(api: &Api, reader: Reader<'_>, row: &Row) -> Value {
    let model = reader.model_name(row.model());
    let name = match reader.value(row, "name").as_str() {
        Some(name) => name.to_owned(),
        None => names::of(api.viewsets(), reader, row, model),
    };
    described(reader, row, &name)
}

fn described(reader: Reader<'_>, row: &Row, name: &str) -> Value {
    let (app, model) = reader.model_name(row.model()).split_once('.').unwrap_or_default();
    let key = match reader.key(row) {
        Value::String(key) => Value::from(kit::hex(key)),
        key => key.clone(),
    };
    json!({"pk": key, "app": app, "name": name, "model_name": model})
}

/// Returns a user as events have them.
pub(super) fn about_user(reader: Reader<'_>, user: &Row) -> Value {
    json!({
        "pk": reader.key(user),
        "email": text(reader, user, "email"),
        "username": text(reader, user, "username"),
    })
}

/// The part of the age of an event that it is counted by.
#[derive(Clone, Copy)]
enum Part {
    /// The hours, without the days.
    Hour,
    Day,
}

/// Returns the numbers of events over a while, the latest first: a point ahead of now and one for each part before.
fn counted(reader: Reader<'_>, events: &[&Row], now: DateTime<Utc>, part: Part) -> Value {
    let (span, points) = match part {
        Part::Hour => (TimeDelta::days(7), 21),
        Part::Day => (TimeDelta::weeks(4), 30),
    };
    let ages = events.iter().filter_map(|event| Some(now - kit::read_time(reader.value(event, "created"))?));
    let ages: Vec<i64> = ages
        .filter(|age| *age <= span)
        .map(|age| match part {
            Part::Hour => age.num_hours() % 24,
            Part::Day => age.num_days(),
        })
        .collect();
    let step = span / points;
    let points = (-1..points).map(|point| {
        let at = (now - step * point).timestamp();
        let count = ages.iter().filter(|age| **age == i64::from(point)).count();
        // The program has times as numbers with a fraction, which there never is.
        let at: Option<f64> = format!("{at}000").parse().ok();
        json!({"x_cord": at, "y_cord": count})
    });
    Value::Array(points.collect())
}

/// Returns the events that the caller may view and that are of an action.
fn seen<'a>(reader: Reader<'a>, cx: &'a Context, action: &str) -> Result<Vec<&'a Row>, Failure> {
    let events = viewed(reader, "authentik_events.event", caller(cx)?).map(AsRef::as_ref);
    Ok(events.filter(|event| text(reader, event, "action") == action).collect())
}

/// Answers with the events of three actions that `is_wanted` says are meant.
fn metrics(reader: Reader<'_>, cx: &Context, is_wanted: impl Fn(&str, &Row) -> bool) -> Answered {
    let mut answer = Map::new();
    let actions =
        [("logins", "login"), ("logins_failed", "login_failed"), ("authorizations", "authorize_application")];
    for (name, action) in actions {
        let mut events = seen(reader, cx, action)?;
        events.retain(|event| is_wanted(action, event));
        answer.insert(name.to_owned(), counted(reader, &events, reader.now(), Part::Hour));
    }
    kit::json(&answer)
}

fn all_metrics(api: &Api, cx: &Context) -> Answered {
    metrics(api.store().snapshot().reader(), cx, |_, _| true)
}

fn of_user(api: &Api, cx: &Context) -> Answered {
    let subject = Subject::of(api, cx)?;
    let (key, name) = (subject.reader().key(&subject.row), subject.value("username"));
    metrics(subject.reader(), cx, |action, event| match action {
        "login_failed" => subject.reader().value(event, "context").get("username") == Some(name),
        _ => subject.reader().value(event, "user").get("pk") == Some(key),
    })
}

fn of_application(api: &Api, cx: &Context) -> Answered {
    let subject = Subject::of(api, cx)?;
    let reader = subject.reader();
    let key = kit::hex(&access::key(reader, &subject.row));
    let mut events = seen(reader, cx, "authorize_application")?;
    events.retain(|event| reader.value(event, "context")["authorized_application"]["pk"] == key.as_str());
    kit::json(&counted(reader, &events, reader.now(), Part::Hour))
}

/// Counts the events that the list would have.
fn volume(api: &Api, cx: &Context) -> Answered {
    let snapshot = kit::snapshot(api, cx);
    let events = kit::listed(&snapshot, cx, "events_events_list", "authentik_events.event")?;
    let events: Vec<&Row> = events.iter().map(AsRef::as_ref).collect();
    kit::json(&counted(snapshot.reader(), &events, snapshot.reader().now(), Part::Hour))
}

fn per_month(api: &Api, cx: &Context) -> Answered {
    let snapshot = api.store().snapshot();
    let reader = snapshot.reader();
    let events = seen(reader, cx, cx.query.last("action").unwrap_or("login"))?;
    let query: Value = match cx.query.last("query").map(serde_json::from_str) {
        None => json!({}),
        Some(Ok(query)) => query,
        Some(Err(_)) => return Ok(HandlerResponse::empty(400)),
    };
    let query = query.as_object().ok_or_else(|| Departs::ParameterUnchecked.broken())?;
    let model = reader.model("authentik_events.event").ok_or(Failure::ServerError)?;
    let is_known = |path: &String| {
        let first = path.split("__").next().unwrap_or_default();
        first == "pk" || reader.fields(model).any(|field| field == first)
    };
    if !query.keys().all(is_known) {
        return Err(Departs::QueryFails.broken());
    }
    let matches = |event: &&Row| {
        query.iter().all(|(path, value)| {
            let mut steps = path.split("__");
            let first = match steps.next().unwrap_or_default() {
                "pk" => reader.key(event),
                field => reader.value(event, field),
            };
            steps.fold(first, |value, step| &value[step]) == value
        })
    };
    let events: Vec<&Row> = events.into_iter().filter(matches).collect();
    kit::json(&counted(reader, &events, reader.now(), Part::Day))
}

fn top_per_user(api: &Api, cx: &Context) -> Answered {
    let snapshot = api.store().snapshot();
    let reader = snapshot.reader();
    let most = match cx.query.last("top_n").map(openapi_django::server::python::int) {
        None => 15,
        Some(Some(number)) => usize::try_from(number).map_err(|_| Departs::ParameterUnchecked.broken())?,
        Some(None) => return Err(Departs::ParameterUnchecked.broken()),
    };
    let mut tops: Vec<(&Value, u64, Vec<&Value>)> = Vec::new();
    for event in seen(reader, cx, cx.query.last("action").unwrap_or("login"))? {
        let Some(application) = reader.value(event, "context").get("authorized_application") else {
            continue;
        };
        let user = &reader.value(event, "user")["pk"];
        match tops.iter_mut().find(|(known, ..)| *known == application) {
            Some((_, count, users)) => {
                *count += 1;
                if !users.contains(&user) {
                    users.push(user);
                }
            }
            None => tops.push((application, 1, vec![user])),
        }
    }
    tops.sort_by_key(|(_, count, _)| std::cmp::Reverse(*count));
    let tops: Vec<Value> = tops
        .into_iter()
        .take(most)
        .map(|(application, count, users)| {
            json!({"application": application, "counted_events": count, "unique_users": users.len()})
        })
        .collect();
    kit::json(&tops)
}

/// Answers as if the task had been handed to a worker, which nobody waits for.
fn run(api: &Api, cx: &Context) -> Answered {
    Subject::of(api, cx)?;
    Ok(HandlerResponse::empty(204))
}

/// Marks all notifications of the caller as seen.
fn mark_all_seen(api: &Api, cx: &Context) -> Answered {
    let user = caller(cx)?.key.clone();
    kit::write(api, |transaction| {
        let reader = transaction.reader();
        let own =
            rows(reader, "authentik_events.notification").filter(|row| *reader.value(row, "user") == user);
        for row in own.cloned().collect::<Vec<_>>() {
            kit::update(transaction, &row, json!({"seen": true}));
        }
    })?;
    // The answer says that it has content, and has none.
    let body = Some(bytes::Bytes::new());
    Ok(HandlerResponse { body, ..HandlerResponse::empty(204) })
}
