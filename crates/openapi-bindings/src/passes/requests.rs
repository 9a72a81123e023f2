//! What a request must be able to say: nothing about a property, and that a list is empty.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::passes::Plan;
use crate::passes::bodies::contents_mut;
use crate::passes::responses::CONSTRAINTS;
use openapi_document::operations::components_mut;
use openapi_document::property::{Property, is_collection, properties};

/// Drops the default of every optional property of a request.
///
/// typify fills a default in and then always sends it
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/structs.rs>), so a partial update would reset
/// what its caller never mentioned. The server knows its defaults.
pub(super) fn request_defaults(root: &mut Value, plan: &Plan<'_>) -> usize {
    change(root, plan, |property| !property.required, |schema| schema.shift_remove("default").is_some())
}

/// Makes every optional list or map of a request one that may also be absent.
///
/// typify makes it a plain `Vec` that is left out when empty
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/structs.rs>), so `[]` could never be sent and
/// a list never be emptied. Saying that it may be `null` makes it an `Option<Vec<_>>`.
pub(super) fn request_lists(root: &mut Value, plan: &Plan<'_>) -> usize {
    let in_requests = components_mut(root).filter(|(name, _)| plan.usage.in_requests(name));
    let mut changes: usize = in_requests.map(|(_, schema)| lists_may_be_absent(schema, 0)).sum();
    for content in contents_mut(root) {
        let schemas = content.values_mut().filter_map(|media| media.get_mut("schema"));
        changes += schemas.map(|schema| lists_may_be_absent(schema, 0)).sum::<usize>();
    }
    changes
}

/// Lets the optional lists and maps of a schema, and of all that stand within it, be `null`.
fn lists_may_be_absent(schema: &mut Value, depth: usize) -> usize {
    // Deeper than any schema a person wrote.
    const DEEPEST: usize = 64;
    let Some(schema) = schema.as_object_mut().filter(|_| depth < DEEPEST) else { return 0 };
    let required = schema.get("required").and_then(Value::as_array);
    let required: BTreeSet<String> =
        required.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let mut changes = 0;
    for (name, property) in schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
    {
        changes += lists_may_be_absent(property, depth + 1);
        if !required.contains(name)
            && let Some(property) = property.as_object_mut()
            && is_collection(property)
            && property.get("nullable") != Some(&Value::Bool(true))
        {
            property.insert("nullable".to_owned(), Value::Bool(true));
            changes += 1;
        }
    }
    for key in ["items", "additionalProperties"] {
        changes += schema.get_mut(key).map_or(0, |schema| lists_may_be_absent(schema, depth + 1));
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        let parts = schema.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten();
        changes += parts.map(|part| lists_may_be_absent(part, depth + 1)).sum::<usize>();
    }
    changes
}

/// Drops the constraints on the items of a request's lists.
///
/// typify makes a constrained item a type of its own
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/convert.rs>), and a `Vec<String>` would have to
/// be converted item by item before it could be set. The server checks every item and says which one it refuses.
pub(super) fn request_items(root: &mut Value, plan: &Plan<'_>) -> usize {
    let lists = |property: &Property<'_>| property.schema.get("items").is_some();
    change(root, plan, lists, |schema| {
        let items = schema.get_mut("items").and_then(Value::as_object_mut);
        items.is_some_and(|items| {
            let before = items.len();
            items.retain(|key, _| !CONSTRAINTS.contains(&key.as_str()));
            items.len() < before
        })
    })
}

/// Changes the schemas of those properties of requests that are `selected`.
fn change(
    root: &mut Value,
    plan: &Plan<'_>,
    selected: impl Fn(&Property<'_>) -> bool,
    change: impl Fn(&mut serde_json::Map<String, Value>) -> bool,
) -> usize {
    let all = properties(plan.document.value());
    let of_requests = all.iter().filter(|property| plan.usage.in_requests(property.component));
    let chosen = of_requests.filter(|property| selected(property));
    let chosen: BTreeSet<(&str, &str)> = chosen.map(|property| (property.component, property.name)).collect();
    let mut changes = 0;
    for (component, schema) in components_mut(root) {
        for (name, property) in
            schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
        {
            if let Some(property) = property.as_object_mut()
                && chosen.contains(&(component, name))
                && change(property)
            {
                changes += 1;
            }
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::passes::tests::after;

    const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets/{id}/:
    patch:
      operationId: pets_partial_update
      parameters: [{in: path, name: id, required: true, schema: {type: integer}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/PatchedPetRequest'}}}}
      responses:
        '200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
    put:
      operationId: pets_update
      parameters: [{in: path, name: id, required: true, schema: {type: integer}}]
      requestBody: {content: {application/json: {schema: {type: object, required: [ids], properties: {ids: {type: array, items: {}}, more: {type: array, items: {}}}}}}}
      responses: {'204': {description: ''}}
components:
  schemas:
    PatchedPetRequest:
      type: object
      required: [kind]
      properties:
        kind: {type: string, default: cat}
        hungry: {type: boolean, default: true}
        toys: {type: array, items: {type: string, minLength: 1}}
        labels: {type: object, additionalProperties: {type: string}}
        home: {type: object, properties: {rooms: {type: array, items: {type: string}}}}
    Pet: {type: object, properties: {hungry: {type: boolean, default: true}, toys: {type: array, items: {type: string}}}}
";

    #[test]
    fn an_optional_property_of_a_request_loses_its_default() {
        let (value, changes) = after("request_defaults", DOCUMENT);
        assert_eq!(changes, 1);
        let schemas = &value["components"]["schemas"];
        assert_eq!(schemas["PatchedPetRequest"]["properties"]["hungry"], json!({"type": "boolean"}));
        assert_eq!(schemas["PatchedPetRequest"]["properties"]["kind"]["default"], "cat");
        assert_eq!(schemas["Pet"]["properties"]["hungry"]["default"], true);
    }

    #[test]
    fn the_items_of_a_list_are_plain() {
        let (value, changes) = after("request_items", DOCUMENT);
        assert_eq!(changes, 1);
        let toys = &value["components"]["schemas"]["PatchedPetRequest"]["properties"]["toys"];
        assert_eq!(toys["items"], json!({"type": "string"}));
    }

    #[test]
    fn an_optional_list_or_map_of_a_request_can_be_absent_and_can_be_empty() {
        let (value, changes) = after("request_lists", DOCUMENT);
        assert_eq!(changes, 4);
        let schemas = &value["components"]["schemas"];
        let home = &schemas["PatchedPetRequest"]["properties"]["home"];
        assert_eq!((home.get("nullable"), &home["properties"]["rooms"]["nullable"]), (None, &json!(true)));
        let body =
            &value["paths"]["/pets/{id}/"]["put"]["requestBody"]["content"]["application/json"]["schema"];
        assert_eq!(body["properties"]["more"]["nullable"], true);
        assert_eq!(body["properties"]["ids"].get("nullable"), None);
        assert_eq!(schemas["PatchedPetRequest"]["properties"]["toys"]["nullable"], true);
        assert_eq!(schemas["PatchedPetRequest"]["properties"]["labels"]["nullable"], true);
        assert_eq!(schemas["Pet"]["properties"]["toys"].get("nullable"), None);
    }
}
