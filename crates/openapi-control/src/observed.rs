//! The document of what a server really answers: that of the API, with the responses that were observed, and those that the
//! dialect and the host are known to give.

use openapi_server_runtime::operation::{Operation, Response};
use openapi_server_runtime::undeclared::Undeclared;
use serde_json::{Map, Value, json};

/// Returns the document with every response that is known of its operations.
pub(crate) fn document(
    text: &str,
    operations: &'static [Operation],
    undeclared: impl Fn(&'static Operation) -> Vec<Undeclared>,
) -> Result<Value, serde_json::Error> {
    let mut document: Value = serde_json::from_str(text)?;
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
        let document =
            document(&text.to_string(), Vec::leak(vec![operation]), undeclared).expect("a document");
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
}
