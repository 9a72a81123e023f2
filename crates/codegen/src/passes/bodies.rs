//! What progenitor cannot send.

use serde_json::Value;

use crate::passes::{Plan, operations_mut};

/// Leaves `application/json` alone where a request or an answer could have other content types as well.
///
/// progenitor stops with a panic when a request body has more than one content type
/// (<https://github.com/oxidecomputer/progenitor/blob/v0.15.1/progenitor-impl/src/method.rs>, `get_body_param`).
pub(super) fn alternative_bodies(root: &mut Value, _: &Plan<'_>) -> usize {
    let mut changes = 0;
    for operation in operations_mut(root) {
        let Some(content) = operation.pointer_mut("/requestBody/content").and_then(Value::as_object_mut)
        else {
            continue;
        };
        if content.len() > 1 && content.contains_key(JSON) {
            changes += content.len() - 1;
            content.retain(|kind, _| kind == JSON);
        }
    }
    changes
}

const JSON: &str = "application/json";

#[cfg(test)]
mod tests {
    use crate::passes::tests::after;

    #[test]
    fn a_body_that_may_be_json_or_a_form_is_sent_as_json() {
        let (value, changes) = after(
            "alternative_bodies",
            r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets/:
    post:
      operationId: pets_create
      requestBody:
        content:
          multipart/form-data: {schema: {type: object}}
          application/json: {schema: {type: object}}
          application/x-www-form-urlencoded: {schema: {type: object}}
      responses: {'204': {description: ''}}
",
        );
        assert_eq!(changes, 2);
        let content = value["paths"]["/pets/"]["post"]["requestBody"]["content"].as_object().unwrap();
        assert_eq!(content.keys().collect::<Vec<_>>(), ["application/json"]);
    }
}
