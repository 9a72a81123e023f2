//! Refusals as failures.

use http::StatusCode;
use openapi_server_runtime::failure::{Failure, FieldErrors, Target};
use openapi_server_runtime::operation::Location;

use crate::answer::Refusal;
use crate::journal::JournalError;
use crate::violation::Violation;

/// Returns the failure that tells a refusal in the terms of HTTP: 404 where there is no row, 409 where another row is in
/// the way, 304 where the caller knows it, 412 where the row has another version than was asked for, 501 where nothing says what a parameter means, 507 where a change
/// is not kept, and 400 for what else is wrong with a request.
#[must_use]
pub fn plain(refusal: &Refusal) -> Failure {
    let parameter = |name: &str, reason: String| {
        let mut errors = FieldErrors::new();
        errors.push(Target::Parameter(Location::Query, name.to_owned()), reason);
        Failure::from(errors)
    };
    match refusal {
        Refusal::NoOperation | Refusal::Unmapped { .. } => {
            Failure::detail(StatusCode::NOT_IMPLEMENTED, sentence(refusal))
        }
        Refusal::NotFound => Failure::not_found(),
        Refusal::NoPage { parameter: name } => parameter(name, "There is no such page.".to_owned()),
        Refusal::Parameter { parameter: name, reason } => parameter(name, reason.clone()),
        Refusal::Body => Failure::bad_request("The body has to be an object."),
        Refusal::Unchanged(_) => Failure::empty(StatusCode::NOT_MODIFIED.as_u16()),
        Refusal::Version => Failure::detail(StatusCode::PRECONDITION_FAILED, sentence(refusal)),
        Refusal::NotKept(error) => not_kept(error),
        Refusal::Violations(violations) => {
            let is_conflict = |violation: &Violation| {
                matches!(violation, Violation::Unique { .. } | Violation::Protected { .. })
            };
            if violations.iter().all(is_conflict) {
                return Failure::detail(StatusCode::CONFLICT, sentence(refusal));
            }
            let mut errors = FieldErrors::new();
            for violation in violations {
                for field in violation.fields() {
                    errors.add(field, violation.to_string());
                }
            }
            errors.into()
        }
    }
}

/// Returns the failure of a change that was not kept: its status, and the way out of it.
#[must_use]
pub fn not_kept(error: &JournalError) -> Failure {
    tracing::error!(%error, "a change was not made");
    Failure::detail(status_not_kept(error), error.advice())
}

/// Returns the status of an answer to a change that was not kept: 503 where the next attempt succeeds, else 507.
#[must_use]
pub fn status_not_kept(error: &JournalError) -> StatusCode {
    match error {
        JournalError::HandedOver => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INSUFFICIENT_STORAGE,
    }
}

/// Returns a refusal as a sentence.
fn sentence(refusal: &Refusal) -> String {
    let text = refusal.to_string();
    let mut letters = text.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}
