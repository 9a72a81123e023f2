//! The document of what a server really answers: that of the API, with the responses that were observed, those that the
//! dialect and the host are known to give, and objects as rows are shown.

use openapi_resources::definition::{Definition, Field, Model, Source, View};
use openapi_server_runtime::operation::{Operation, Response};
use openapi_server_runtime::undeclared::Undeclared;
use serde_json::{Map, Value, json};

/// Returns the document with every response that is known of its operations.
pub(crate) fn document(
    text: &str,
    operations: &'static [Operation],
    undeclared: impl Fn(&'static Operation) -> Vec<Undeclared>,
    definition: &Definition,
) -> Result<Value, serde_json::Error> {
    let mut document: Value = serde_json::from_str(text)?;
    show(&mut document, definition);
    let components = document["components"]["responses"].clone();
    for operation in operations {
        let Some(described) = document.pointer_mut(operation.pointer.trim_start_matches('#')) else {
            continue;
        };
        let responses = &mut described["responses"];
        for Response { status, description, content, .. } in operation.observed {
            let media = content.as_ref().map(|content| {
                let schema: Value = serde_json::from_str(content.schema).unwrap_or_else(|_| json!({}));
                (content.media_type.to_owned(), json!({"schema": schema}))
            });
            add(responses, &components, *status, description, media.into_iter().collect());
        }
        for Undeclared { status, description, content } in undeclared(operation) {
            let media =
                content.map(|(media_type, schema)| (media_type.to_owned(), json!({"schema": schema})));
            add(responses, &components, status, &description, media.into_iter().collect());
        }
    }
    Ok(document)
}

/// Describes objects as rows are shown: without the properties that are left out where they are null, and with null for what
/// rows have that need not be there.
fn show(document: &mut Value, definition: &Definition) {
    let is_3_0 = document["openapi"].as_str().is_some_and(|version| version.starts_with("3.0"));
    let schemas = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
    for (name, schema) in schemas.into_iter().flatten() {
        let Some(view) = definition.views.get(name) else { continue };
        if let Some(required) = schema["required"].as_array_mut() {
            let is_left_out =
                |name: &str| view.properties.get(name).is_some_and(|property| property.optional);
            required.retain(|name| !name.as_str().is_some_and(is_left_out));
        }
        for (name, schema) in schema["properties"].as_object_mut().into_iter().flatten() {
            if may_be_missing(definition, view, name) && schema["nullable"] != true {
                let shown = schema.take();
                *schema = if is_3_0 {
                    json!({"nullable": true, "allOf": [shown]})
                } else {
                    json!({"anyOf": [shown, {"type": "null"}]})
                };
            }
        }
    }
}

/// Returns `true` if a property shows a row, or a value of one, that need not be there.
fn may_be_missing(definition: &Definition, view: &View, property: &str) -> bool {
    let source = view.properties.get(property).and_then(|property| property.source.as_ref());
    let first = match source {
        Some(Source::Object { path, .. }) => path.split('.').next(),
        Some(Source::Path(path)) => path.split_once('.').map(|(first, _)| first),
        _ => None,
    };
    let Some(first) = first else { return false };
    let model = |name: &str| definition.models.get(name);
    let bases = |model: &&Model| model.base.as_deref().and_then(|base| definition.models.get(base));
    let mut lineage = std::iter::successors(model(&view.model), bases).take(definition.models.len());
    lineage.any(|own| {
        let names_one = |field: &Field| field.reference.as_ref().is_some_and(|reference| !reference.many);
        let field = own.fields.get(first).is_some_and(|field| field.nullable && names_one(field));
        let by = own.reverse.get(first).and_then(|by| model(&by.model)?.fields.get(&by.field));
        field || by.is_some_and(|field| field.unique && names_one(field))
    })
}

/// Adds a response of a status to those that are declared. A media type that is declared with another schema may have either.
fn add(responses: &mut Value, components: &Value, status: u16, about: &str, content: Map<String, Value>) {
    let known = &mut responses[status.to_string()];
    // A response that others have too is written out where it is more than they have.
    if let Some(name) = known["$ref"].as_str().and_then(|reference| reference.rsplit('/').next()) {
        *known = components[name].clone();
    }
    if known.is_null() {
        *known = json!({"description": about});
    }
    for (media_type, media) in content {
        let known = &mut known["content"][&media_type];
        if known.is_null() {
            *known = media;
        } else if known["schema"] != media["schema"] {
            let schemas = known["schema"]["anyOf"].as_array().cloned();
            let mut schemas = schemas.unwrap_or_else(|| vec![known["schema"].clone()]);
            if !schemas.contains(&media["schema"]) {
                schemas.push(media["schema"].clone());
            }
            known["schema"] = json!({"anyOf": schemas});
        }
    }
}

#[cfg(test)]
mod tests {
    use openapi_server_runtime::media::Form;
    use openapi_server_runtime::operation::Content;
    use openapi_server_runtime::sample::get;
    use openapi_server_runtime::schema::Rule;

    use super::*;

    #[test]
    fn what_is_known_of_an_operation_is_added_to_what_it_declares() {
        let page = Content {
            media_type: "text/html",
            form: Form::Raw,
            rule: Rule::Any,
            schema: "{\"type\":\"string\"}",
        };
        let observed = vec![
            Response {
                status: 200,
                description: "A page.",
                content: Some(page),
                content_types: &["text/html"],
            },
            Response { status: 401, description: "No.", content: None, content_types: &[] },
        ];
        let pointer = "#/paths/~1pets/get";
        let operation = Operation { pointer, observed: Vec::leak(observed), ..get("/pets", &[]) };
        let text = json!({
            "components": {"responses": {"Gone": {"description": "Gone."}}},
            "paths": {"/pets": {"get": {"responses": {
                "200": {"description": "", "content": {"application/json": {"schema": {"type": "object"}}}},
                "404": {"$ref": "#/components/responses/Gone"},
            }}}},
        });
        let undeclared = |_| {
            vec![
                Undeclared::json(200, "", json!({"type": "array"})),
                Undeclared::json(200, "", json!({"type": "object"})),
                Undeclared::json(404, "Not there.", json!({"type": "string"})),
            ]
        };
        let operations = Vec::leak(vec![operation]);
        let document = document(&text.to_string(), operations, undeclared, &Definition::default());
        let document = document.expect("a document");
        let expected = json!({
            "200": {"description": "", "content": {
                "application/json": {"schema": {"anyOf": [{"type": "object"}, {"type": "array"}]}},
                "text/html": {"schema": {"type": "string"}},
            }},
            "404": {"description": "Gone.", "content": {"application/json": {"schema": {"type": "string"}}}},
            "401": {"description": "No."},
        });
        assert_eq!(document["paths"]["/pets"]["get"]["responses"], expected);
    }

    #[test]
    fn objects_are_described_as_rows_are_shown() {
        let definition = json!({
            "models": {
                "base": {"key": "id", "fields": {
                    "id": {"kind": "number"},
                    "owner": {"kind": "number", "nullable": true, "reference": {"model": "base"}},
                }},
                "pet": {"key": "id", "base": "base"},
            },
            "views": {"Pet": {"model": "pet", "properties": {
                "owner": {"source": {"object": {"path": "owner", "view": "Pet"}}},
                "note": {"optional": true},
                "name": {},
            }}},
        });
        let definition: Definition = serde_json::from_value(definition).expect("a definition");
        let reference = json!({"$ref": "#/components/schemas/Pet"});
        let text = |version| {
            let pet = json!({"required": ["name", "note", "owner"], "properties": {"owner": reference}});
            json!({"openapi": version, "components": {"schemas": {"Pet": pet}}}).to_string()
        };
        for (version, owner) in [
            ("3.0.3", json!({"nullable": true, "allOf": [reference]})),
            ("3.1.0", json!({"anyOf": [reference, {"type": "null"}]})),
        ] {
            let document = document(&text(version), &[], |_| Vec::new(), &definition).expect("a document");
            let pet = &document["components"]["schemas"]["Pet"];
            assert_eq!(pet["required"], json!(["name", "owner"]));
            assert_eq!(pet["properties"]["owner"], owner);
        }
    }
}
