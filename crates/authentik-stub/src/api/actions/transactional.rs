//! An application and its provider, made together or not at all.

use openapi_resources::answer::{Change, Refusal, Request};
use openapi_resources::definition::Action as Purpose;
use openapi_resources::transaction::Transaction;
use openapi_resources::violation::Violation;
use openapi_server_runtime::failure::{Failure, FieldErrors, Target};
use serde_json::{Value, json};

use super::Action;
use super::kit::{self, Answered};
use super::users::spend;
use crate::api::departure::Departs;
use crate::api::{Api, Context, checks, refused};

pub(super) const ACTIONS: &[(&str, Action)] = &[("core_transactional_applications_update", create)];

const APPLICATION: &str = "authentik_core.application";
/// The fields that a provider needs, whatever kind it is.
const REQUIRED: [&str; 2] = ["name", "authorization_flow"];
/// The kinds of providers that are not authorized by a flow.
const WITHOUT_FLOW: [&str; 3] = ["scim", "google_workspace", "microsoft_entra"];

fn create(api: &Api, cx: &Context) -> Answered {
    let body = kit::body(cx);
    let model = body["provider_model"].as_str().unwrap_or_default();
    let definition = api.plan().definition();
    let mut collections = definition.collections.values().filter(|collection| collection.model == model);
    let operation = collections.find_map(|collection| {
        let mut operations = collection.operations.iter();
        operations.find(|(_, operation)| operation.action == Purpose::Create).map(|(id, _)| id.as_str())
    });
    let operation = operation.ok_or(Failure::ServerError)?;
    let provider = &body["provider"];
    let needs_flow = !WITHOUT_FLOW.iter().any(|kind| model.contains(kind));
    let mut errors = FieldErrors::new();
    for field in REQUIRED.into_iter().filter(|field| needs_flow || *field == "name") {
        if provider.get(field).is_none() {
            errors.push(of(field), "This field is required.");
        }
    }
    if !errors.is_empty() {
        return Err(errors.into());
    }
    // The importer makes everything once before, to see whether it can be made, and takes it back.
    kit::write(api, |transaction| spend(transaction, model, json!({})))?;
    let asked = Request { operation, body: Some(provider), ..Request::default() };
    let mut together = |transaction: &mut Transaction<'_>, change| {
        checks::together(cx, transaction, &change);
        let Change::Made(provider) = change else { return Ok(()) };
        let key = transaction.reader().key(&provider).clone();
        let mut application = kit::members(body["app"].clone());
        application.shift_remove("backchannel_providers");
        application.insert("provider".to_owned(), key);
        kit::insert(transaction, APPLICATION, Value::Object(application));
        Ok(())
    };
    match api.store().answer_with(&asked, &mut together) {
        Ok(_) => {
            api.worlds.current().extra.kept.forget();
            kit::json(&json!({"applied": true, "logs": []}))
        }
        Err(Refusal::Violations(violations)) => Err(told(&violations)),
        Err(refusal) => Err(refused(&refusal)),
    }
}

/// Returns the place of a field of the provider.
fn of(field: &str) -> Target {
    Target::Body(vec!["provider".into(), field.into()])
}

/// Returns the rules that a provider breaks, as its serializer words them.
fn told(violations: &[Violation]) -> Failure {
    let mut errors = FieldErrors::new();
    for violation in violations {
        match violation {
            Violation::Missing { field, .. } => errors.push(of(field), "This field is required."),
            Violation::ReferenceMissing { field, value, .. } => {
                let value = openapi_django::server::python::str(value);
                errors.push(of(field), format!("Invalid pk \"{value}\" - object does not exist."));
            }
            Violation::Unique { fields, .. } => {
                for field in fields {
                    errors.push(of(field), format!("provider with this {field} already exists."));
                }
            }
            _ => return Departs::WriteFails.broken(),
        }
    }
    errors.into()
}
