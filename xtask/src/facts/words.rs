//! The descriptions that upstream publishes, put where the facts have none.

use std::collections::HashMap;

use serde_json::{Value, json};

/// Adds the descriptions of `words` to the operations and properties of a document.
pub(super) fn add(document: &mut Value, words: &Value) {
    let known: HashMap<&str, &Value> =
        operations(words).filter_map(|it| Some((it["operationId"].as_str()?, it))).collect();
    let items = document["paths"].as_object_mut().into_iter().flatten();
    for (_, item) in items {
        for (_, operation) in item.as_object_mut().into_iter().flatten() {
            let id = operation["operationId"].as_str().unwrap_or_default();
            if let Some(text) = known.get(id).and_then(|known| known["description"].as_str()) {
                operation["description"] = json!(text);
            }
        }
    }
    let schemas = document["components"]["schemas"].as_object_mut().into_iter().flatten();
    for (name, schema) in schemas {
        let theirs = &words["components"]["schemas"][name.as_str()]["properties"];
        for (property, schema) in schema["properties"].as_object_mut().into_iter().flatten() {
            let text = theirs[property.as_str()]["description"].as_str().and_then(own);
            if let (Some(text), Some(schema)) = (text, schema.as_object_mut()) {
                schema.insert("description".to_owned(), json!(text));
            }
        }
    }
}

fn operations(document: &Value) -> impl Iterator<Item = &Value> {
    let items = document["paths"].as_object().into_iter().flatten();
    items.flat_map(|(_, item)| item.as_object().into_iter().flatten()).map(|(_, operation)| operation)
}

/// Returns a description without the list of choices that is made for a document.
fn own(text: &str) -> Option<&str> {
    let text = text.split("\n\n* `").next().unwrap_or(text);
    (!text.starts_with("* `")).then_some(text.trim()).filter(|text| !text.is_empty())
}
