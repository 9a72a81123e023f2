//! Reads the operations of this project in each release of authentik, oldest first.

use std::collections::BTreeSet;

use openapi_document::pointer;
use openapi_document::slice::{Selection, slice};
use openapi_document::{Document, yaml_writer};
use serde_json::Value;

/// The release of the reference pages that is older than every published document.
const BEFORE: &str = "2024.6";
/// The release after it, which is what the document is made of.
const SINCE: &str = "2024.8";

pub(super) fn releases() -> Vec<Document> {
    let entries = std::fs::read_dir(crate::repository().join("tests/drift/releases")).expect("the releases");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("a release").path()).collect();
    paths.sort();
    let read = paths.iter().map(|path| {
        let text = std::fs::read_to_string(path).expect("a text");
        Document::parse(&path.display().to_string(), &text).unwrap_or_else(|error| panic!("{error}"))
    });
    let mut releases: Vec<Document> = read.collect();
    releases.insert(0, before(&releases[0]));
    releases
}

/// Returns the name of a release.
pub(super) fn version(release: &Document) -> &str {
    release.value()["info"]["version"].as_str().expect("a version")
}

/// Returns the document of 2024.6. None was ever published: it is that of 2024.8 without the parts that our document
/// marks as new there.
fn before(release: &Document) -> Document {
    let ours = crate::document();
    let mut value = release.value().clone();
    value["info"]["version"] = BEFORE.into();
    for (path, method, operation) in openapi_document::operations::operations(ours.value()) {
        if is_new(operation) {
            let item = value["paths"][path].as_object_mut().expect("a path item");
            item.remove(method);
            continue;
        }
        let new: BTreeSet<&str> = listed(operation, "parameters")
            .map(|parameter| ours.resolve(parameter))
            .filter(|parameter| is_new(parameter))
            .filter_map(|parameter| parameter["name"].as_str())
            .collect();
        let theirs = value["paths"][path][method].get_mut("parameters").and_then(Value::as_array_mut);
        if let Some(parameters) = theirs {
            parameters.retain(|parameter| !new.contains(parameter["name"].as_str().unwrap_or_default()));
        }
    }
    for (name, schema) in ours.value()["components"]["schemas"].as_object().expect("schemas") {
        let properties = schema["properties"].as_object().into_iter().flatten();
        for (property, _) in properties.filter(|(_, property)| is_new(property)) {
            let at = pointer::child("/components/schemas", name);
            let Some(theirs) = value.pointer_mut(&at) else { continue };
            theirs["properties"].as_object_mut().expect("properties").remove(property);
            if let Some(required) = theirs.get_mut("required").and_then(Value::as_array_mut) {
                required.retain(|required| required != property);
            }
        }
    }
    value["paths"].as_object_mut().expect("paths").retain(|_, item| item != &serde_json::json!({}));
    let whole =
        Document::parse("2024.6", &yaml_writer::document(&value)).unwrap_or_else(|error| panic!("{error}"));
    // What only the new ones needed goes with them.
    slice(&whole, &Selection { operations: vec!["*".to_owned()], ..Selection::default() })
        .expect("operations")
}

fn is_new(value: &Value) -> bool {
    value["x-since"] == SINCE
}

fn listed<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}
