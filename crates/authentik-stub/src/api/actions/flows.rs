//! Actions on a flow: starting it, and carrying it to another installation.

use std::collections::HashSet;
use std::sync::Arc;

use openapi_resources::definition::{Access, Source};
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::Failure;
use serde_json::{Map, Value, json};

use super::kit::{self, Answered, Subject, by_key, caller_row, rows, text};
use super::{Action, outside, policies, yaml};
use crate::api::departure::Departs;
use crate::api::{Api, Context, access, request};
use openapi_server_runtime::arguments::RequestBody;
use openapi_wire::form::Field;

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("flows_executor_get", executor),
    ("flows_inspector_get", inspector),
    ("flows_instances_execute_retrieve", execute),
    ("flows_instances_export_retrieve", export),
    ("flows_instances_import_create", import),
];

/// Returns the flow of a path that is no path of a viewset.
///
/// # Errors
/// The page for unknown paths, if there is no such flow.
fn flow<'a>(reader: Reader<'a>, cx: &Context) -> Result<&'a Arc<Row>, Failure> {
    let model = reader.model("authentik_flows.flow").ok_or(Failure::ServerError)?;
    reader.find(model, "slug", &json!(cx.path_parameter("flow_slug"))).ok_or(Failure::UnknownPath)
}

fn executor(api: &Api, cx: &Context) -> Answered {
    flow(api.store().snapshot().reader(), cx)?;
    Err(outside::failure(cx))
}

/// Refuses to show a session, because what calls with a token has none.
fn inspector(api: &Api, cx: &Context) -> Answered {
    let snapshot = api.store().snapshot();
    let reader = snapshot.reader();
    let flow = flow(reader, cx)?;
    let is_allowed =
        cx.user.as_ref().is_some_and(|caller| kit::may(reader, caller, "authentik_flows.inspect_flow", flow));
    if is_allowed { Ok(HandlerResponse::empty(400)) } else { Err(Failure::permission_denied()) }
}

/// Answers with where the caller can execute a flow, if he passes what is bound to it. One of which no stage is left for
/// him cannot be planned.
fn execute(api: &Api, cx: &Context) -> Answered {
    let subject = Subject::of(api, cx)?;
    let reader = subject.reader();
    let user = caller_row(reader, cx)?;
    let passes = |row: &Row| policies::known_to_pass(reader, user, row);
    if !passes(&subject.row).ok_or_else(|| outside::failure(cx))? {
        return Ok(kit::page(400));
    }
    let key = subject.value("flow_uuid");
    let bindings = rows(reader, "authentik_flows.flowstagebinding")
        .filter(|binding| reader.value(binding, "target") == key);
    let is_left = |binding: &Arc<Row>| {
        let is_evaluated = reader.value(binding, "evaluate_on_plan") == true;
        if is_evaluated { passes(binding) } else { Some(true) }
    };
    let is_left: Vec<Option<bool>> = bindings.map(is_left).collect();
    if !is_left.contains(&Some(true)) {
        let is_known = !is_left.contains(&None);
        return Err(if is_known { Departs::FlowUnplanned.broken() } else { outside::failure(cx) });
    }
    if subject.text("authentication") == "require_unauthenticated" {
        return Ok(kit::page(400));
    }
    kit::json(&json!({"link": format!("{}/if/flow/{}/", request::origin(cx), subject.text("slug"))}))
}

/// Checks that a file was sent.
fn import(_: &Api, cx: &Context) -> Answered {
    let has_file = match &cx.arguments.body {
        RequestBody::Form(fields) => {
            fields.iter().any(|(name, value)| name == "file" && matches!(value, Field::File(_)))
        }
        _ => false,
    };
    if has_file {
        return Err(outside::failure(cx));
    }
    HandlerResponse::json(400, &json!({"logs": [], "success": false}))
}

/// The parts of a flow that a blueprint makes again.
struct Export<'a> {
    api: &'a Api,
    subject: &'a Subject,
    entries: Vec<Value>,
    seen: HashSet<String>,
}

impl Export<'_> {
    /// Adds an object, unless it is there.
    fn add(&mut self, row: &Row, identifiers: &[&str]) {
        let reader = self.subject.reader();
        let model = reader.model_name(row.model());
        if !self.seen.insert(format!("{model} {}", access::key(reader, row))) {
            return;
        }
        let mut attributes = self.attributes(model, row);
        let mut by = Map::new();
        by.insert("pk".to_owned(), reader.key(row).clone());
        for name in identifiers {
            by.insert((*name).to_owned(), attributes.shift_remove(*name).unwrap_or_default());
        }
        self.entries.push(json!({
            "attrs": attributes,
            "conditions": [],
            "id": null,
            "identifiers": by,
            "model": model,
            "permissions": [],
            "state": "present",
        }));
    }

    /// Returns what a body has that makes an object.
    fn attributes(&self, model: &str, row: &Row) -> Map<String, Value> {
        let (snapshot, definition) = (&self.subject.snapshot, self.api.plan().definition());
        let mut collections = definition.collections.values().filter(|collection| collection.model == model);
        let operations = collections.find_map(|collection| {
            collection
                .operations
                .values()
                .find(|operation| operation.request.is_some() && operation.answer.is_some())
        });
        let Some((request, answer)) = operations.and_then(|it| it.request.as_ref().zip(it.answer.as_ref()))
        else {
            return Map::new();
        };
        let shown = snapshot.plan().view(answer).map(|view| kit::members(snapshot.object(view, row)));
        let mut shown = shown.unwrap_or_default();
        let written = definition.views.get(request.as_str()).map(|view| &view.properties);
        let is_written = |name: &str| {
            written.and_then(|written| written.get(name)).is_some_and(|property| {
                property.access != Access::ReadOnly && !matches!(property.source, Some(Source::Function(_)))
            })
        };
        shown.retain(|name, _| is_written(name));
        shown
    }
}

/// Answers with a blueprint of the flow and everything that belongs to it.
fn export(api: &Api, cx: &Context) -> Answered {
    let subject = Subject::of(api, cx)?;
    let reader = subject.reader();
    let mut export = Export { api, subject: &subject, entries: Vec::new(), seen: HashSet::new() };
    export.add(&subject.row, &["slug"]);
    let key = subject.value("flow_uuid");
    let mut bindings: Vec<&Arc<Row>> = rows(reader, "authentik_flows.flowstagebinding")
        .filter(|binding| reader.value(binding, "target") == key)
        .collect();
    bindings.sort_by_key(|binding| reader.value(binding, "order").as_i64());
    for binding in &bindings {
        if let Some(stage) = by_key(reader, "authentik_flows.stage", reader.value(binding, "stage")) {
            for prompt in reader.value(stage, "fields").as_array().into_iter().flatten() {
                if let Some(prompt) = by_key(reader, "authentik_stages_prompt.prompt", prompt) {
                    export.add(prompt, &[]);
                }
            }
            export.add(stage, &["name"]);
        }
    }
    for binding in &bindings {
        export.add(binding, &["target", "stage", "order"]);
    }
    let targets: Vec<&Value> =
        bindings.iter().chain([&&subject.row]).map(|row| reader.value(row, "pbm_uuid")).collect();
    let is_bound = |row: &&Arc<Row>| targets.contains(&reader.value(row, "target"));
    let bound: Vec<&Arc<Row>> = rows(reader, "authentik_policies.policybinding").filter(is_bound).collect();
    for binding in &bound {
        if let Some(policy) = by_key(reader, "authentik_policies.policy", reader.value(binding, "policy")) {
            export.add(policy, &["name"]);
        }
    }
    for binding in &bound {
        export.add(binding, &["policy", "target", "order"]);
    }
    let blueprint = json!({
        "context": {},
        "entries": export.entries,
        "metadata": {"labels": {}, "name": format!("{} flow", text(reader, &subject.row, "name"))},
        "version": 1,
    });
    let name = format!("{}.yaml", subject.text("slug"));
    Ok(kit::download(cx, "text/html; charset=utf-8", &name, yaml::document(&blueprint)))
}
