//! The OpenAPI document of the registered operations, as dropshot emits it. Dropshot cannot say everything the operations
//! were generated from, so each one is emitted on its own and then given back, from the table, what was lost: the slash
//! at the end of its path, its errors by status, its security requirement.

use std::fmt;

use dropshot::{ApiDescription, ApiEndpoint, StubContext};
use semver::Version;
use serde_json::{Map, Value, json};

use crate::emission::needs_stand_in;
use crate::generated::operations::{FRAME, OPERATIONS};
use crate::generated::registration::{errors_described, operations_described};
use crate::operation::{Content, Operation, Response};

/// Why there is no document.
#[derive(Debug)]
pub struct DocumentError(String);

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "dropshot cannot describe the operations: {}", self.0)
    }
}

impl std::error::Error for DocumentError {}

/// The document.
///
/// # Errors
/// If dropshot refuses to describe an operation.
pub fn document() -> Result<Value, DocumentError> {
    let mut document: Value = parse(FRAME)?;
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for (operation, endpoint) in OPERATIONS.iter().zip(operations_described()) {
        let mut emitted = emit(endpoint, &mut schemas)?;
        restore(operation, &mut emitted)?;
        paths.entry(operation.path).or_insert_with(|| json!({}))[operation.method.as_str().to_lowercase()] =
            emitted;
    }
    for endpoint in errors_described() {
        emit(endpoint, &mut schemas)?;
    }
    document["paths"] = Value::Object(paths);
    document["components"]["schemas"] = Value::Object(schemas);
    Ok(document)
}

/// The operation of an endpoint; the components it refers to are added to `schemas`.
fn emit(
    endpoint: ApiEndpoint<StubContext>,
    schemas: &mut Map<String, Value>,
) -> Result<Value, DocumentError> {
    let failed = |error: &dyn fmt::Display| DocumentError(error.to_string());
    let mut api = ApiDescription::new();
    api.register(endpoint).map_err(|error| failed(&error))?;
    let mut emitted = api.openapi("", Version::new(0, 0, 0)).json().map_err(|error| failed(&error))?;
    if let Some(Value::Object(components)) = emitted.pointer_mut("/components/schemas").map(Value::take) {
        schemas.extend(components);
    }
    let paths = emitted.get_mut("paths").and_then(Value::as_object_mut);
    let item = paths.and_then(|paths| paths.values_mut().next()).and_then(Value::as_object_mut);
    let operation = item.and_then(|item| item.values_mut().next()).map(Value::take);
    operation.ok_or_else(|| DocumentError("an operation was registered and not emitted".to_owned()))
}

/// Gives an operation back what dropshot could not say of it.
fn restore(operation: &Operation, emitted: &mut Value) -> Result<(), DocumentError> {
    if !operation.security.is_empty() {
        let alternatives = operation.security.iter().map(|schemes| {
            Value::Object(schemes.iter().map(|scheme| ((*scheme).to_owned(), json!([]))).collect())
        });
        emitted["security"] = alternatives.collect();
    }
    if let Some(body) = &operation.body {
        emitted["requestBody"]["required"] = Value::from(body.required);
    }
    for parameter in emitted.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        let known = operation.parameters.iter().find(|known| parameter["name"] == known.name);
        if let Some(known) = known.filter(|known| needs_stand_in(known)) {
            parameter["schema"] = parse(known.schema)?;
        }
    }
    let mut emitted_responses = emitted["responses"].take();
    let mut responses = Map::new();
    for response in operation.responses {
        let status = response.status.to_string();
        let emitted = emitted_responses.get_mut(&status).map(Value::take);
        responses.insert(status, restored(response, emitted)?);
    }
    emitted["responses"] = Value::Object(responses);
    Ok(())
}

/// A response as it was emitted, or, for an error, as the table has it.
fn restored(response: &Response, emitted: Option<Value>) -> Result<Value, DocumentError> {
    let mut restored = emitted.unwrap_or_else(|| json!({"description": response.description}));
    if let Some(Content { schema, .. }) = &response.content {
        // A schema that is no component is emitted with a title dropshot made up.
        let emitted = &mut restored["content"]["application/json"]["schema"];
        if emitted.get("$ref").is_none() {
            *emitted = parse(schema)?;
        }
    }
    Ok(restored)
}

fn parse(text: &str) -> Result<Value, DocumentError> {
    serde_json::from_str(text).map_err(|error| DocumentError(error.to_string()))
}
