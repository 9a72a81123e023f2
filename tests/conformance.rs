//! Conformance: answers of the stub are held against the schemas of the canonical document. The document is OpenAPI
//! 3.0; a validator for JSON Schema understands its schemas once `nullable` is spelled out.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use jsonschema::Validator;
use openapi_server_runtime::operation::Operation;
use serde_json::{Value, json};

/// Checks answers against the document.
pub struct Contract {
    schemas: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Contract {
    /// Returns the contract of the canonical document.
    pub fn canonical() -> Self {
        let mut schemas = crate::document().value()["components"]["schemas"].clone();
        spell_out(&mut schemas);
        Self { schemas, validators: Mutex::default() }
    }

    /// Returns the violations of the document in `body`, the response of `operation` with `status`.
    pub fn violations(&self, operation: &Operation, status: u16, body: Option<&Value>) -> Vec<String> {
        let document = crate::document().value();
        let declared = document.pointer(&operation.pointer[1..]).expect("an operation's pointer resolves");
        let told = |violation: String| format!("{} {status}{violation}", operation.id);
        let allowed = answers(document, declared, status);
        let found: Vec<_> = allowed.into_iter().map(|response| self.against(response, body)).collect();
        match found.iter().position(Vec::is_empty) {
            Some(_) => Vec::new(),
            None => match found.into_iter().next() {
                Some(violations) => violations.into_iter().map(told).collect(),
                None => vec![told(": the status is neither declared nor known".to_owned())],
            },
        }
    }

    fn against(&self, response: &Value, body: Option<&Value>) -> Vec<String> {
        let schema = response.pointer("/content/application~1json/schema");
        match (schema, body) {
            (None, None) => Vec::new(),
            (None, Some(body)) => vec![format!(": no body is declared, but it has {body}")],
            (Some(_), None) => vec![": a body is declared, but there is none".to_owned()],
            (Some(schema), Some(body)) => {
                let found = self.validator(schema);
                let found = found.iter_errors(body);
                found.map(|error| format!(" {}: {error}", error.instance_path())).collect()
            }
        }
    }

    /// Returns the validator of a schema, which is built once.
    fn validator(&self, schema: &Value) -> Arc<Validator> {
        let mut validators = self.validators.lock().expect("no thread panicked while it built one");
        let validator = validators.entry(schema.to_string()).or_insert_with(|| Arc::new(self.build(schema)));
        Arc::clone(validator)
    }

    fn build(&self, schema: &Value) -> Validator {
        let mut root = schema.clone();
        spell_out(&mut root);
        let root = json!({ "allOf": [root], "components": { "schemas": self.schemas } });
        jsonschema::options()
            .should_validate_formats(true)
            .build(&root)
            .expect("the document's schemas are valid")
    }
}

/// Returns the responses with this status: observed ones win over declared ones, and what holds for every operation
/// stands beside both.
fn answers<'a>(document: &'a Value, operation: &'a Value, status: u16) -> Vec<&'a Value> {
    let of = |responses: &'a Value| {
        let response = responses.get(status.to_string())?;
        let target = response["$ref"].as_str().and_then(|reference| document.pointer(&reference[1..]));
        Some(target.unwrap_or(response))
    };
    let own = of(&operation["x-observed-responses"]).or_else(|| of(&operation["responses"]));
    own.into_iter().chain(of(&document["x-observed-responses"])).collect()
}

/// Makes a schema of OpenAPI 3.0 one of JSON Schema that allows no property besides those it names.
fn spell_out(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.values_mut().for_each(spell_out);
            if object.contains_key("properties") {
                object.entry("additionalProperties").or_insert(Value::Bool(false));
            }
            if object.remove("nullable") == Some(Value::Bool(true)) {
                *schema = json!({ "anyOf": [schema.take(), { "type": "null" }] });
            }
        }
        Value::Array(items) => items.iter_mut().for_each(spell_out),
        _ => (),
    }
}

#[test]
fn the_check_finds_what_the_document_forbids() {
    let contract = Contract::canonical();
    let operation = crate::operation("sources_plex_retrieve");
    let example = openapi_document::example::of(
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
    let mut body = example;
    body["colour"] = json!("red");
    assert_eq!(contract.violations(operation, 200, Some(&body)).len(), 1, "an undeclared property");
    assert_eq!(contract.violations(operation, 418, None).len(), 1);
    assert_eq!(contract.violations(operation, 200, None).len(), 1);
}
