//! The OpenAPI document of the registered operations, as dropshot emits it. Dropshot cannot say everything the operations
//! were generated from, so each one is emitted on its own and then given back, from the table, what was lost: the slash
//! at the end of its path, its errors by status, its security requirement. Components are given back what stands in the
//! frame, such as a discriminator.

use std::fmt;

use dropshot::ApiDescription;
use semver::Version;
use serde_json::{Map, Value, json};

use crate::emission::{Described, Description, needs_stand_in};
use crate::operation::{Content, Operation, Parameter, Response};

/// The reason why there is no document.
#[derive(Debug)]
pub struct DocumentError(String);

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "dropshot cannot describe the operations: {}", self.0)
    }
}

impl std::error::Error for DocumentError {}

/// Returns the document.
///
/// # Errors
/// If dropshot refuses to describe an operation.
pub fn document<S: Described>() -> Result<Value, DocumentError> {
    let mut document: Value = parse(S::TABLES.frame)?;
    let mut paths = match document.get_mut("paths").map(Value::take) {
        Some(Value::Object(paths)) => paths,
        _ => Map::new(),
    };
    let mut schemas = Map::new();
    for (operation, endpoint) in S::TABLES.operations.iter().zip(S::operations()) {
        let mut emitted = emit(endpoint, &mut schemas)?;
        restore(operation, &mut emitted)?;
        paths.entry(operation.path).or_insert_with(|| json!({}))[operation.method.as_str().to_lowercase()] =
            emitted;
    }
    for endpoint in S::components() {
        emit(endpoint, &mut schemas)?;
    }
    document["paths"] = Value::Object(paths);
    let rest = document["components"]["schemas"].take();
    document["components"]["schemas"] = Value::Object(schemas);
    if !rest.is_null() {
        merge(&mut document["components"]["schemas"], rest);
    }
    Ok(document)
}

/// Returns the operation of an endpoint; the components it refers to are added to `schemas`.
fn emit(endpoint: Description, schemas: &mut Map<String, Value>) -> Result<Value, DocumentError> {
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
            let scopes = schemes.iter().map(|required| (required.scheme.to_owned(), json!(required.scopes)));
            Value::Object(scopes.collect())
        });
        emitted["security"] = alternatives.collect();
    }
    if let Some(body) = &operation.body {
        emitted["requestBody"]["required"] = Value::from(body.required);
        restore_content(&body.content, &mut emitted["requestBody"]["content"])?;
    }
    let emitted_parameters = emitted["parameters"].take();
    let parameters = operation.parameters.iter();
    let parameters = parameters.map(|parameter| restored_parameter(parameter, &emitted_parameters));
    emitted["parameters"] = parameters.collect::<Result<_, _>>()?;
    let mut emitted_responses = emitted["responses"].take();
    let mut responses = Map::new();
    for response in operation.responses {
        let status = response.status.to_string();
        let emitted = emitted_responses.get_mut(&status).map(Value::take);
        responses.insert(status, restored(response, emitted)?);
    }
    emitted["responses"] = Value::Object(responses);
    if let Some(rest) = operation.rest {
        let mut rest: Value = parse(rest)?;
        let parameters = rest.as_object_mut().and_then(|rest| rest.shift_remove("parameters"));
        for (known, parameter) in
            operation.parameters.iter().zip(emitted["parameters"].as_array_mut().into_iter().flatten())
        {
            let key = format!("{} {}", known.location, known.name);
            if let Some(rest) = parameters.as_ref().and_then(|parameters| parameters.get(&key)) {
                // What is described by a content type has no schema.
                if rest.get("content").is_some()
                    && let Some(parameter) = parameter.as_object_mut()
                {
                    parameter.shift_remove("schema");
                }
                merge(parameter, rest.clone());
            }
        }
        merge(emitted, rest);
    }
    Ok(())
}

/// Returns a parameter as it was emitted, or, where dropshot does not take it, as the table has it.
fn restored_parameter(known: &Parameter, emitted: &Value) -> Result<Value, DocumentError> {
    let place = known.location.to_string();
    let same = |emitted: &&Value| emitted["name"] == known.name && emitted["in"] == place;
    let emitted = emitted.as_array().into_iter().flatten().find(same).cloned();
    let mut restored = emitted.unwrap_or_else(|| {
        let mut parameter = json!({"name": known.name, "in": place, "required": known.required});
        if let Some(description) = known.description {
            parameter["description"] = Value::from(description);
        }
        parameter
    });
    if needs_stand_in(known) || restored.get("schema").is_none() {
        restored["schema"] = parse(known.schema)?;
    }
    Ok(restored)
}

/// Returns a response as it was emitted, or, for an error, as the table has it.
fn restored(response: &Response, emitted: Option<Value>) -> Result<Value, DocumentError> {
    let mut restored = emitted.unwrap_or_else(|| json!({"description": response.description}));
    if let Some(content) = &response.content {
        restore_content(content, &mut restored["content"])?;
    }
    Ok(restored)
}

/// Gives content its media type and, unless it is a component that was emitted, its schema: any other is emitted with a
/// title dropshot made up.
fn restore_content(content: &Content, emitted: &mut Value) -> Result<(), DocumentError> {
    let mut kinds = emitted.as_object().into_iter().flat_map(Map::values);
    let component = kinds.find_map(|media| media.pointer("/schema/$ref"));
    let mut media = json!({});
    if let Some(component) = component {
        media["schema"] = json!({"$ref": component});
    } else if !content.schema.is_empty() {
        media["schema"] = parse(content.schema)?;
    }
    *emitted = json!({content.media_type: media});
    Ok(())
}

/// Puts every member of `rest` into `value`, objects into objects, and into the items of an array what stands under
/// their number.
fn merge(value: &mut Value, rest: Value) {
    match (value, rest) {
        (Value::Object(members), Value::Object(rest)) => {
            for (key, rest) in rest {
                match members.get_mut(&key) {
                    Some(member) => merge(member, rest),
                    None => drop(members.insert(key, rest)),
                }
            }
        }
        (Value::Array(items), Value::Object(rest)) => {
            for (index, item) in items.iter_mut().enumerate() {
                if let Some(rest) = rest.get(&index.to_string()) {
                    merge(item, rest.clone());
                }
            }
        }
        (value, rest) => *value = rest,
    }
}

fn parse(text: &str) -> Result<Value, DocumentError> {
    serde_json::from_str(text).map_err(|error| DocumentError(error.to_string()))
}
