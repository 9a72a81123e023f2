//! Conformance: answers of the stub are held against the schemas of the canonical document. The document is OpenAPI
//! 3.0; a validator for JSON Schema understands its schemas once `nullable` is spelled out.

use authentik_sources_api::operation::Operation;
use jsonschema::Validator;
use serde_json::{Value, json};

/// Checks answers against the document.
pub struct Contract {
    schemas: Value,
}

impl Contract {
    /// The canonical document's own.
    pub fn canonical() -> Self {
        let mut schemas = crate::document().value()["components"]["schemas"].clone();
        spell_out_nullable(&mut schemas);
        Self { schemas }
    }

    /// What is wrong with `body` as the answer of `operation` with `status`; nothing if the document allows it.
    pub fn violations(&self, operation: &Operation, status: u16, body: Option<&Value>) -> Vec<String> {
        let document = crate::document().value();
        let declared = document.pointer(&operation.pointer[1..]).expect("an operation's pointer resolves");
        let Some(response) = answer(document, declared, status) else {
            return vec![format!("{}: status {status} is neither declared nor known", operation.id)];
        };
        let schema = response.pointer("/content/application~1json/schema");
        match (schema, body) {
            (None, None) => Vec::new(),
            (None, Some(body)) => {
                vec![format!("{} {status}: no body is declared, but it has {body}", operation.id)]
            }
            (Some(_), None) => {
                vec![format!("{} {status}: a body is declared, but there is none", operation.id)]
            }
            (Some(schema), Some(body)) => {
                let found = self.validator(schema);
                let found = found.iter_errors(body);
                found
                    .map(|error| format!("{} {status} {}: {error}", operation.id, error.instance_path()))
                    .collect()
            }
        }
    }

    fn validator(&self, schema: &Value) -> Validator {
        let mut root = schema.clone();
        spell_out_nullable(&mut root);
        let root = json!({ "allOf": [root], "components": { "schemas": self.schemas } });
        jsonschema::options()
            .should_validate_formats(true)
            .build(&root)
            .expect("the document's schemas are valid")
    }
}

/// What is observed wins over what is declared, the operation's own over what holds for every operation.
fn answer<'a>(document: &'a Value, operation: &'a Value, status: u16) -> Option<&'a Value> {
    let status = status.to_string();
    let places =
        [&operation["x-observed-responses"], &operation["responses"], &document["x-observed-responses"]];
    let response = places.into_iter().find_map(|responses| responses.get(&status))?;
    let target = response["$ref"].as_str().map(|reference| document.pointer(&reference[1..]));
    target.unwrap_or(Some(response))
}

fn spell_out_nullable(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.values_mut().for_each(spell_out_nullable);
            if object.remove("nullable") == Some(Value::Bool(true)) {
                *schema = json!({ "anyOf": [schema.take(), { "type": "null" }] });
            }
        }
        Value::Array(items) => items.iter_mut().for_each(spell_out_nullable),
        _ => (),
    }
}

#[test]
fn the_check_finds_what_the_document_forbids() {
    let contract = Contract::canonical();
    let operation = crate::operation("sources_plex_retrieve");
    let example = openapi_bindings::example::of(
        crate::document().value(),
        &json!({ "$ref": "#/components/schemas/PlexSource" }),
    );
    assert_eq!(contract.violations(operation, 200, Some(&example)), Vec::<String>::new());
    for (pointer, wrong) in [
        ("/pk", json!("no uuid")),
        ("/slug", json!("no slug!")),
        ("/managed", json!(7)),
        ("/icon", Value::Null),
        ("/policy_engine_mode", json!("some")),
    ] {
        let mut body = example.clone();
        *body.pointer_mut(pointer).expect("a property") = wrong;
        assert_eq!(contract.violations(operation, 200, Some(&body)).len(), 1, "{pointer}");
    }
    assert_eq!(contract.violations(operation, 418, None).len(), 1);
    assert_eq!(contract.violations(operation, 200, None).len(), 1);
}
