//! What progenitor cannot say about errors.

use serde_json::Value;

use crate::passes::Plan;
use openapi_document::operations::operations_mut;

/// Leaves out every response that is an error, as well as `default`.
///
/// progenitor gives an operation one error type and stops with a panic at a second one
/// (<https://github.com/oxidecomputer/progenitor/issues/344>,
/// <https://github.com/oxidecomputer/progenitor/issues/950>). The client decodes errors of any status by hand
/// instead, declared or not.
pub(super) fn error_responses(root: &mut Value, _: &Plan<'_>) -> usize {
    let mut changes = 0;
    for (.., operation) in operations_mut(root) {
        let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { continue };
        let declared = responses.len();
        let succeeds = responses.keys().any(|status| status.starts_with('2') || status == "101");
        // An operation that only has a default response means its success by it.
        responses.retain(|status, _| match status.as_bytes() {
            [b'4' | b'5', ..] => false,
            b"default" => !succeeds,
            _ => true,
        });
        changes += declared - responses.len();
    }
    changes
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::passes::tests::after;

    #[test]
    fn errors_of_two_types_and_the_default_go_and_the_answer_stays() {
        let (value, changes) = after(
            "error_responses",
            r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets/:
    get:
      operationId: pets_list
      responses:
        '200': {description: pets}
        '400': {description: '', content: {application/json: {schema: {type: object}}}}
        4XX: {description: '', content: {application/json: {schema: {type: string}}}}
        default: {description: ''}
",
        );
        assert_eq!(changes, 3);
        assert_eq!(value["paths"]["/pets/"]["get"]["responses"], json!({"200": {"description": "pets"}}));
    }

    #[test]
    fn a_default_response_that_stands_alone_is_the_answer() {
        let (value, changes) = after(
            "error_responses",
            "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {/a/: {get: {operationId: a, responses: \
             {default: {description: anything}}}}}}",
        );
        assert_eq!(changes, 0);
        assert_eq!(value["paths"]["/a/"]["get"]["responses"]["default"]["description"], "anything");
    }
}
