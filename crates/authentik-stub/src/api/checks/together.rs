//! Values that no two objects share all of.

use http::Method;
use openapi_server_runtime::failure::{Failure, FieldErrors};
use serde_json::Value;

use super::subject::Subject;

/// Checks that no other object has the same values.
///
/// # Errors
/// 400 if one has.
pub(super) fn check(subject: &Subject<'_>) -> Result<(), Failure> {
    let reader = subject.reader();
    for names in &subject.viewset.together {
        let value = |name: &String| -> Value {
            match (subject.body.get(name), &subject.row) {
                (Some(value), _) => kept(subject, name, value).clone(),
                (None, Some(row)) => reader.value(row, name).clone(),
                (None, None) => Value::Null,
            }
        };
        let values: Vec<Value> = names.iter().map(value).collect();
        let is_asked =
            subject.cx.method != Method::PATCH || names.iter().any(|name| subject.body.get(name).is_some());
        if !is_asked || values.iter().any(Value::is_null) {
            continue;
        }
        let is_shared = subject
            .others()
            .any(|row| names.iter().zip(&values).all(|(name, value)| reader.value(row, name) == value));
        if is_shared {
            let message = format!("The fields {} must make a unique set.", names.join(", "));
            return Err(FieldErrors::whole(message).into());
        }
    }
    Ok(())
}

/// Returns the value that a field has of one in a body: a row with a key of its own may be named by that.
fn kept<'a>(subject: &'a Subject<'_>, name: &str, value: &'a Value) -> &'a Value {
    let (reader, plan) = (subject.reader(), subject.snapshot.plan());
    let named = || {
        let model = reader.model(subject.model())?;
        let reference =
            plan.columns(model).get(plan.column(model, name)?)?.reference.filter(|it| !it.many)?;
        let row = reader.by_own_key(reference.model, value)?;
        Some(reader.value(row, &plan.columns(reference.model).get(reference.column)?.name))
    };
    named().unwrap_or(value)
}
