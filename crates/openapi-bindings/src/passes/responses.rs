//! What a server may answer although the document says otherwise.

use serde_json::Value;

use crate::passes::Plan;
use openapi_document::operations::components_mut;

/// Drops the constraints on values from components that only the server sends.
///
/// typify makes a constrained string a type that refuses every other value, so one stored value that is off the
/// pattern would fail a whole page. What the server stored is not for a client to refuse.
pub(super) fn lenient_responses(root: &mut Value, plan: &Plan<'_>) -> usize {
    let only_in_responses = components_mut(root).filter(|(name, _)| plan.usage.only_in_responses(name));
    only_in_responses.map(|(_, schema)| relax(schema)).sum()
}

/// What typify turns into a check, or into a narrower type.
pub(super) const CONSTRAINTS: [&str; 7] =
    ["pattern", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];

fn relax(schema: &mut Value) -> usize {
    match schema {
        Value::Object(members) => {
            let is_schema_of_a_scalar = members
                .get("type")
                .and_then(Value::as_str)
                .is_some_and(|kind| matches!(kind, "string" | "integer" | "number"));
            let mut dropped = 0;
            if is_schema_of_a_scalar {
                for constraint in CONSTRAINTS {
                    dropped += usize::from(members.shift_remove(constraint).is_some());
                }
            }
            dropped + members.values_mut().map(relax).sum::<usize>()
        }
        Value::Array(items) => items.iter_mut().map(relax).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::passes::tests::after;

    #[test]
    fn an_answer_loses_its_constraints_and_a_request_keeps_them() {
        let (value, changes) = after(
            "lenient_responses",
            r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets/:
    post:
      operationId: pets_create
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/PetRequest'}}}}
      responses:
        '201': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
components:
  schemas:
    PetRequest: {type: object, properties: {slug: {type: string, pattern: '^[a-z]+$', maxLength: 50}}}
    Pet:
      type: object
      properties:
        slug: {type: string, pattern: '^[a-z]+$', maxLength: 50}
        age: {type: integer, minimum: 0}
        pattern: {type: string}
",
        );
        assert_eq!(changes, 3);
        let schemas = &value["components"]["schemas"];
        assert_eq!(schemas["PetRequest"]["properties"]["slug"]["maxLength"], 50);
        assert_eq!(
            schemas["Pet"]["properties"],
            json!({"slug": {"type": "string"}, "age": {"type": "integer"}, "pattern": {"type": "string"}})
        );
    }
}
