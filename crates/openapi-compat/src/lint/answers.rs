//! The errors that operations declare.

use serde_json::Value;

use super::scope::Scope;
use openapi_document::pointer;

pub(super) fn check(scope: &mut Scope<'_>) {
    let (errors, missing) = (scope.style.errors.clone(), scope.style.missing);
    for (path, _, operation, at) in scope.operations() {
        let declared = format!("{at}/responses");
        let answer = |key: &str, status: &str| operation.get(key).and_then(|answers| answers.get(status));
        for status in &errors {
            match answer("responses", status) {
                None => {
                    let remedy = "refer to the response of `components/responses` that its neighbours use";
                    scope.add(&declared, format!("no response {status} is declared"), remedy);
                }
                Some(response) if response.get("$ref").is_none() => {
                    let remedy = "move it to `components/responses` and refer to it";
                    scope.add(
                        &pointer::child(&declared, status),
                        format!("the response {status} is not a shared component"),
                        remedy,
                    );
                }
                Some(_) => {}
            }
        }
        let Some(missing) = missing.filter(|_| path.contains('{')) else { continue };
        let known = ["responses", "x-observed-responses"]
            .iter()
            .any(|key| answer(key, missing).or_else(|| answer(key, "default")).is_some_and(Value::is_object));
        if !known {
            let message = format!("no response {missing} for a missing object");
            scope.add(
                &at,
                message,
                "declare it, or list it under `x-observed-responses` if it was only seen",
            );
        }
    }
}
