//! Checks that everything inferred follows from the pages: companions from the operation that has a page, requests from
//! responses, required properties from read-only ones.

use serde_json::{Map, Value, json};

#[test]
fn an_operation_is_named_after_its_path_and_method() {
    let document = super::document();
    for (path, method, operation) in operations(document.value()) {
        assert_eq!(operation["operationId"], expected_id(path, method), "{method} {path}");
    }
}

#[test]
fn a_companion_shares_what_its_viewset_has() {
    let document = super::document();
    let operations = operations(document.value());
    for (path, method, companion) in &operations {
        let rule = companion["x-provenance"]["companion"].as_str().unwrap_or_default();
        if !["same-viewset", "used-by"].contains(&rule) {
            continue;
        }
        let (_, _, list) = operations
            .iter()
            .filter(|(list, method, _)| path.starts_with(list) && *method == "get")
            .min_by_key(|(list, ..)| list.len())
            .unwrap();
        let shared = ["tags", "security"].map(|key| (&companion[key], &list[key])).into_iter();
        let errors =
            ["400", "403"].map(|status| (&companion["responses"][status], &list["responses"][status]));
        for (companion, list) in shared.chain(errors) {
            assert_eq!(companion, list, "{method} {path}");
        }
        if rule == "same-viewset" {
            assert_eq!(companion["description"], list["description"], "{method} {path}");
        }
    }
}

#[test]
fn every_used_by_is_the_same_operation() {
    let document = super::document();
    let operations = operations(document.value());
    let used_by: Vec<&Value> = operations
        .iter()
        .map(|(_, _, operation)| *operation)
        .filter(|operation| operation["x-provenance"]["companion"] == "used-by")
        .collect();
    for pair in used_by.windows(2) {
        assert_eq!(pair[0]["description"], pair[1]["description"]);
        assert_eq!(pair[0]["responses"], pair[1]["responses"]);
    }
}

#[test]
fn an_answer_requires_what_is_read_only_and_what_creating_requires() {
    let document = super::document();
    let schemas = &document.value()["components"]["schemas"];
    let creating = schemas["PlexSourceRequest"]["required"].as_array().unwrap();
    for name in ["PlexSource", "Source", "GroupOAuthSourceConnection"] {
        let properties = schemas[name]["properties"].as_object().unwrap();
        let expected: Vec<Value> = properties
            .iter()
            .filter(|(name, property)| property["readOnly"] == true || creating.contains(&json!(name)))
            .map(|(name, _)| json!(name))
            .collect();
        assert_eq!(schemas[name]["required"], Value::from(expected), "{name}");
    }
}

#[test]
fn a_source_is_what_a_plex_source_has_in_common_with_others() {
    // A Plex source answers an icon of its own where none was chosen.
    const OWN: &str = "icon";
    let document = super::document();
    let schemas = &document.value()["components"]["schemas"];
    for (name, property) in schemas["Source"]["properties"].as_object().unwrap() {
        if name != OWN {
            assert_eq!(property, &schemas["PlexSource"]["properties"][name], "{name}");
        }
    }
}

#[test]
fn a_request_is_the_writable_half_of_its_answer() {
    let document = super::document();
    let schemas = &document.value()["components"]["schemas"];
    let answer = &schemas["PlexSource"];
    let request = without_extensions(&schemas["PlexSourceRequest"]);
    let expected = writable_half(answer);
    assert_eq!(names(&request), names(&expected));
    assert_eq!(request, expected);
}

#[test]
fn a_patch_is_a_request_that_requires_nothing() {
    let document = super::document();
    let schemas = &document.value()["components"]["schemas"];
    let mut expected = without_extensions(&schemas["PlexSourceRequest"]);
    expected.as_object_mut().unwrap().remove("required");
    let patch = without_extensions(&schemas["PatchedPlexSourceRequest"]);
    assert_eq!(names(&patch), names(&expected));
    assert_eq!(patch, expected);
}

/// Returns every operation with its path and method.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap();
            methods.iter().map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
        })
        .collect()
}

/// Returns the operation id made of the fixed parts of the path and the verb of the method.
fn expected_id(path: &str, method: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let of_one_object = parts.last().is_some_and(|last| last.starts_with('{'));
    let verb = match (method, of_one_object) {
        ("get", true) => "retrieve",
        ("get", false) => "list",
        ("post", _) => "create",
        ("put", _) => "update",
        ("patch", _) => "partial_update",
        ("delete", _) => "destroy",
        _ => panic!("no page shows an operation with the method {method}"),
    };
    let fixed = parts.into_iter().filter(|part| !part.starts_with('{'));
    fixed.chain([verb]).collect::<Vec<_>>().join("_")
}

/// Returns an answer's component without what is read only, and with texts that may not be empty.
fn writable_half(answer: &Value) -> Value {
    let mut half = without_extensions(answer);
    let mut properties = Map::new();
    for (name, property) in half["properties"].as_object().unwrap() {
        if property["readOnly"] != json!(true) {
            let mut property = property.clone();
            forbid_empty_texts(&mut property);
            properties.insert(name.clone(), property);
        }
    }
    half["required"].as_array_mut().unwrap().retain(|name| properties.contains_key(name.as_str().unwrap()));
    half["properties"] = Value::Object(properties);
    half
}

fn forbid_empty_texts(schema: &mut Value) {
    if schema["type"] == "string" && schema.get("format").is_none() {
        schema["minLength"] = json!(1);
    }
    if let Some(items) = schema.get_mut("items") {
        forbid_empty_texts(items);
    }
}

fn without_extensions(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept = members.iter().filter(|(key, _)| !key.starts_with("x-"));
            Value::Object(kept.map(|(key, value)| (key.clone(), without_extensions(value))).collect())
        }
        Value::Array(items) => items.iter().map(without_extensions).collect(),
        scalar => scalar.clone(),
    }
}

fn names(schema: &Value) -> Vec<&String> {
    schema["properties"].as_object().unwrap().keys().collect()
}
