//! An application and its provider, made together or not at all.

use futures_util::FutureExt as _;
use http::StatusCode;
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
    if body["provider"].get("name").is_none() {
        return Err(Departs::MemberTaken.broken());
    }
    let provider = &checked(api, cx, operation, &body["provider"]).map_err(below)?;
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

/// Holds the body of a provider to the operation that makes one alone.
///
/// # Errors
/// 400 with what is wrong with it.
fn checked(api: &Api, cx: &Context, operation: &str, provider: &Value) -> Result<Value, Failure> {
    let operation =
        api.operations().iter().find(|known| known.id == operation).ok_or(Failure::ServerError)?;
    let cx = cx.with_operation(operation, provider.clone());
    let checked = openapi_django::server::body(operation, provider, api, &cx);
    // What is asked about a body is asked of the store, which is never waited for.
    let provider = checked.now_or_never().ok_or(Failure::ServerError)??;
    let cx = cx.with_operation(operation, provider.clone());
    checks::body(api, &cx, operation)?;
    Ok(provider)
}

/// Returns the refusal of a provider as a part of that of the whole body; what is no refusal stays as it is.
fn below(failure: Failure) -> Failure {
    match openapi_django::server::shape(&failure) {
        (status @ StatusCode::BAD_REQUEST, Some(value)) => {
            let below = Failure::Body { status, value: json!({"provider": value}) };
            if let Failure::Departs(departure, _) = failure { below.because(departure) } else { below }
        }
        _ => failure,
    }
}

/// Returns the rules of the database that a provider breaks, as its serializer words them.
fn told(violations: &[Violation]) -> Failure {
    let mut errors = FieldErrors::new();
    for violation in violations {
        let Violation::Unique { fields, .. } = violation else { return Departs::WriteFails.broken() };
        for field in fields {
            let place = Target::Body(vec!["provider".into(), field.as_str().into()]);
            errors.push(place, format!("provider with this {field} already exists."));
        }
    }
    errors.into()
}
