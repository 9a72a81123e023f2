//! What progenitor cannot send.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::passes::Plan;
use openapi_document::document::{Document, resolve};
use openapi_document::operations::{METHODS, operations};
use openapi_document::pointer::child;
use openapi_document::usage::component;

/// Leaves one content type alone where a request body could have several, as far as possible `application/json`.
///
/// progenitor stops with a panic when a request body has more than one content type
/// (<https://github.com/oxidecomputer/progenitor/blob/v0.15.1/progenitor-impl/src/method.rs>, `get_body_param`).
pub(super) fn alternative_bodies(root: &mut Value, _: &Plan<'_>) -> usize {
    let mut changes = 0;
    for content in contents_mut(root) {
        if content.len() > 1
            && let Some(kept) = chosen(content).map(str::to_owned)
        {
            changes += content.len() - 1;
            content.retain(|kind, _| *kind == kept);
        }
    }
    changes
}

/// Has every body of several parts pass for JSON, with a reference to [`FILE`] where it has a file.
///
/// progenitor knows no such bodies (<https://github.com/oxidecomputer/progenitor/blob/v0.15.1/progenitor-impl/src/method.rs>,
/// `BodyContentType`), and to typify a file is a text. The passes `form_bodies` and `form_requests` send them.
pub(super) fn multipart_bodies(root: &mut Value, _: &Plan<'_>) -> usize {
    let (mut changes, mut components) = (0, BTreeSet::new());
    let original = root.clone();
    for content in contents_mut(root) {
        let Some(kind) = content.keys().next().filter(|kind| kind_of(kind) == Kind::Multipart).cloned()
        else {
            continue;
        };
        let media = content.shift_remove(&kind).unwrap_or_default();
        let mut schema = media.get("schema").cloned().unwrap_or_else(|| json!({"type": "object"}));
        mark_files(&original, &mut schema, &mut components);
        content.insert(JSON.to_owned(), json!({"schema": schema}));
        changes += 1;
    }
    let mut marked = BTreeSet::new();
    while let Some(name) = components.pop_first() {
        if let Some(schema) = root.pointer_mut(&child("/components/schemas", &name))
            && marked.insert(name)
        {
            mark_files(&original, schema, &mut components);
        }
    }
    if changes > 0
        && let Some(schemas) = schemas_mut(root)
    {
        schemas.insert(FILE.to_owned(), binary());
    }
    changes
}

/// The component that stands for a file in a body of several parts. No document has one of this name.
pub(crate) const FILE: &str = "OpenapiBindingsFilePart";

/// Has every other body pass for one that progenitor can send: JSON, a text or bytes.
///
/// It knows five content types (<https://github.com/oxidecomputer/progenitor/blob/v0.15.1/progenitor-impl/src/method.rs>,
/// `BodyContentType`), and of texts and bytes one schema each. The pass `body_types` sends the one that was meant.
pub(super) fn body_kinds(root: &mut Value, _: &Plan<'_>) -> usize {
    let mut changes = 0;
    for content in contents_mut(root) {
        let Some(kind) = content.keys().next().cloned() else { continue };
        let Some(media) = content.get(&kind) else { continue };
        let schema = media.get("schema").cloned();
        let (known, schema) = match kind_of(&kind) {
            Kind::Json => (JSON, schema.unwrap_or_else(|| json!({}))),
            Kind::Form => (FORM, schema.unwrap_or_else(|| json!({"type": "object"}))),
            Kind::Text => (TEXT, json!({"type": "string"})),
            Kind::Bytes => (BYTES, binary()),
            Kind::Multipart => continue,
        };
        let mut replaced = media.clone();
        if let Some(media) = replaced.as_object_mut() {
            media.insert("schema".to_owned(), schema);
        }
        if kind != known || content.get(&kind) != Some(&replaced) {
            content.shift_remove(&kind);
            content.insert(known.to_owned(), replaced);
            changes += 1;
        }
    }
    changes
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";
const TEXT: &str = "text/plain";
const BYTES: &str = "application/octet-stream";

/// The content types that the passes leave to bodies.
pub(crate) const SENT: [&str; 4] = [JSON, BYTES, FORM, TEXT];

/// How a body is sent; the first that a body can be sent as is what it is sent as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Json,
    Multipart,
    Form,
    Bytes,
    Text,
}

/// How a body of this content type is sent.
pub(crate) fn kind_of(content_type: &str) -> Kind {
    match bare(content_type) {
        JSON => Kind::Json,
        FORM => Kind::Form,
        kind if kind.ends_with("+json") => Kind::Json,
        kind if kind.starts_with("multipart/") => Kind::Multipart,
        kind if kind.starts_with("text/") => Kind::Text,
        _ => Kind::Bytes,
    }
}

/// A content type without its parameters.
pub(crate) fn bare(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

/// The content type in which a body is sent: JSON if it can be.
pub(crate) fn chosen(content: &Map<String, Value>) -> Option<&str> {
    let kinds = content.keys().map(String::as_str);
    kinds.min_by_key(|kind| (bare(kind) != JSON, kind_of(kind)))
}

/// An operation whose body is sent in parts.
pub(crate) struct FormBody {
    /// The name of its builder.
    pub(crate) operation: String,
    /// The name of the type of its body.
    pub(crate) body: String,
}

/// The operations of `document` whose bodies are sent in parts.
pub(crate) fn form_bodies(document: &Document) -> Vec<FormBody> {
    let (root, names) = (document.value(), document.names());
    let bodies = sent_bodies(root).filter(|(_, kind, _)| kind_of(kind) == Kind::Multipart);
    let bodies = bodies.map(|(id, _, media)| {
        let component = media.pointer("/schema/$ref").and_then(Value::as_str).and_then(component);
        let operation = names.builder(id);
        let body = component.map_or_else(|| format!("{operation}Body"), |name| names.component(&name));
        FormBody { operation, body }
    });
    bodies.collect()
}

/// The id of every operation with a body, and the content in which that is sent.
pub(crate) fn sent_bodies(root: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    operations(root).filter_map(|(_, _, operation)| {
        let id = operation.get("operationId")?.as_str()?;
        let content = resolve(root, operation.get("requestBody")?).get("content")?.as_object()?;
        let kind = chosen(content)?;
        Some((id, kind, content.get(kind)?))
    })
}

/// The content of every request body of a document, also of those that operations refer to.
pub(super) fn contents_mut(root: &mut Value) -> Vec<&mut Map<String, Value>> {
    let mut bodies: Vec<&mut Value> = Vec::new();
    for (key, value) in root.as_object_mut().into_iter().flatten() {
        if key == "paths" {
            for item in value.as_object_mut().into_iter().flat_map(Map::values_mut) {
                let operations = item.as_object_mut().into_iter().flatten();
                let operations = operations.filter(|(method, _)| METHODS.contains(&method.as_str()));
                bodies.extend(operations.filter_map(|(_, operation)| operation.get_mut("requestBody")));
            }
        } else if key == "components" {
            let components = value.get_mut("requestBodies").and_then(Value::as_object_mut);
            bodies.extend(components.into_iter().flat_map(Map::values_mut));
        }
    }
    bodies.into_iter().filter_map(|body| body.get_mut("content")?.as_object_mut()).collect()
}

/// Replaces the files among the properties of `schema`; what it refers to goes into `components`.
fn mark_files(root: &Value, schema: &mut Value, components: &mut BTreeSet<String>) {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        components.extend(component(reference));
        return;
    }
    for part in schema.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
        mark_files(root, part, components);
    }
    for (_, property) in schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
        let target = match property.get_mut("items") {
            Some(items) => items,
            None => property,
        };
        let resolved = resolve(root, target);
        if resolved.get("type").is_some_and(|kind| kind == "string")
            && resolved.get("format").is_some_and(|format| format == "binary")
        {
            let reference = json!({"$ref": child("#/components/schemas", FILE)});
            let nullable = resolved.get("nullable") == Some(&Value::Bool(true));
            *target = if nullable { json!({"nullable": true, "allOf": [reference]}) } else { reference };
        }
    }
}

fn schemas_mut(root: &mut Value) -> Option<&mut Map<String, Value>> {
    let components = root.as_object_mut()?.entry("components").or_insert_with(|| json!({}));
    components.as_object_mut()?.entry("schemas").or_insert_with(|| json!({})).as_object_mut()
}

fn binary() -> Value {
    json!({"type": "string", "format": "binary"})
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

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

    /// What is left of a body of `content` after the pass `name`.
    fn content_after(name: &str, content: &str) -> (Value, usize) {
        let text = format!(
            "{{openapi: 3.0.3, info: {{title: t, version: '1'}}, paths: {{/pets/: {{post: {{operationId: p, requestBody: \
             {{content: {content}}}, responses: {{'204': {{description: ''}}}}}}}}}}, components: {{schemas: {{Upload: {{type: \
             object, properties: {{icon: {{type: string, format: binary, nullable: true}}}}}}}}}}}}"
        );
        let (value, changes) = after(name, &text);
        (
            json!([
                value["paths"]["/pets/"]["post"]["requestBody"]["content"],
                value["components"]["schemas"]
            ]),
            changes,
        )
    }

    #[test]
    fn of_a_body_that_cannot_be_json_a_form_with_files_is_kept_before_one_without() {
        let (kept, changes) = content_after(
            "alternative_bodies",
            "{text/plain: {}, application/x-www-form-urlencoded: {}, multipart/form-data: {}}",
        );
        assert_eq!(changes, 2);
        assert_eq!(kept[0], json!({"multipart/form-data": {}}));
    }

    #[test]
    fn the_files_of_a_body_of_several_parts_are_told_apart_from_its_texts() {
        let (value, changes) = content_after(
            "multipart_bodies",
            "{multipart/form-data: {schema: {allOf: [{$ref: '#/components/schemas/Upload'}, {type: object, properties: \
             {pages: {type: array, items: {type: string, format: binary}}, name: {type: string}}}]}}}",
        );
        assert_eq!(changes, 1);
        let file = json!({"$ref": "#/components/schemas/OpenapiBindingsFilePart"});
        let properties = &value[0]["application/json"]["schema"]["allOf"][1]["properties"];
        assert_eq!(properties["pages"]["items"], file);
        assert_eq!(properties["name"], json!({"type": "string"}));
        let icon = &value[1]["Upload"]["properties"]["icon"];
        assert_eq!(*icon, json!({"nullable": true, "allOf": [file]}));
        assert_eq!(value[1][super::FILE], json!({"type": "string", "format": "binary"}));
    }

    #[test]
    fn a_body_of_any_other_content_type_is_json_a_text_or_bytes() {
        for (content, expected) in [
            ("{application/merge-patch+json: {}}", json!({"application/json": {"schema": {}}})),
            (
                "{text/csv: {schema: {type: string, maxLength: 9}}}",
                json!({"text/plain": {"schema": {"type": "string"}}}),
            ),
            (
                "{image/png: {}}",
                json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}),
            ),
        ] {
            let (value, changes) = content_after("body_kinds", content);
            assert_eq!((&value[0], changes), (&expected, 1), "{content}");
        }
        assert_eq!(content_after("body_kinds", "{application/json: {schema: {}}}").1, 0);
    }
}
