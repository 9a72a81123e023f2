//! Annotations: each in the overlay of the whole API is valid against their JSON Schema.

use openapi_document::Document;
use openapi_document::loader::Nothing;
use openapi_document::overlay::Overlay;
use serde_json::{Map, Value};

/// Adds the objects that have annotations of the schema, each reduced to these.
fn annotated(value: &Value, known: &Map<String, Value>, found: &mut Vec<Value>) {
    match value {
        Value::Object(members) => {
            let own = members.iter().filter(|(name, _)| known.contains_key(*name));
            let own: Map<String, Value> = own.map(|(name, value)| (name.clone(), value.clone())).collect();
            if !own.is_empty() {
                found.push(Value::Object(own));
            }
            members.values().for_each(|member| annotated(member, known, found));
        }
        Value::Array(items) => items.iter().for_each(|item| annotated(item, known, found)),
        _ => {}
    }
}

#[test]
fn every_annotation_of_the_whole_api_is_valid() {
    let read = |path: &str| std::fs::read_to_string(crate::repository().join(path)).expect("a file");
    let overlay = Overlay::parse("overlay", &read("spec/authentik/2024.8.overlay.yaml")).expect("an overlay");
    let text = read("spec/authentik/2024.8.yaml");
    let document = Document::load_with("2024.8.yaml", &text, &Nothing, &[overlay]);
    let document = document.unwrap_or_else(|error| panic!("{error}"));
    let schema: Value =
        serde_json::from_str(&read("crates/openapi-resources/annotations.schema.json")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let known = schema["properties"].as_object().expect("annotations");
    let mut found = Vec::new();
    annotated(document.value(), known, &mut found);
    assert!(found.len() > 1000, "{} objects have annotations", found.len());
    for annotations in &found {
        let errors: Vec<String> = validator
            .iter_errors(annotations)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{annotations}\n{}", errors.join("\n"));
    }
}
