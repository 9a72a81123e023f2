//! Their document in the terms of ours: shared parameters and responses by reference, our hints for our names, our
//! order.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::components::components;
use super::conflicts::without_extensions;
use super::options::Options;
use crate::lint::Style;
use openapi_document::canonical::print;
use openapi_document::document::Document;
use openapi_document::grammar::{Blank, Shape};
use openapi_document::pointer::resolve;
use openapi_document::yaml_writer;
use openapi_document::{operations, pointer, walk};

/// Extensions that our document gives to every property or parameter of the same name.
const HINTS: [&str; 2] = ["x-references", "x-secret"];
const ROLE: &str = "x-role";
/// The role of a query parameter that narrows a list.
const FILTER: &str = "filter";

pub(super) fn normalize(ours: &Document, theirs: &Document, options: &Options<'_>) -> Value {
    let mut value = print::document(theirs.value(), ours.version());
    push_parameters_down(&mut value);
    drop_blanks(&mut value);
    share(&mut value, ours.value());
    hint(&mut value, ours.value());
    assign_roles(&mut value, ours.value());
    arrange(&mut value, ours.value());
    add_provenance(&mut value, options);
    in_order(&value, "", options.style)
}

/// Returns the value at `at` with its keys in the order of the document.
pub(super) fn in_order(value: &Value, at: &str, style: &Style) -> Value {
    let order = |kind: &str| {
        let keys = style.keys.iter().find(|(of, _)| *of == kind);
        keys.map_or_else(Vec::new, |(_, keys)| keys.clone())
    };
    yaml_writer::ordered(value, at, &order)
}

/// Changes every operation.
fn each_operation(value: &mut Value, mut change: impl FnMut(&mut Map<String, Value>)) {
    let paths = value.get_mut("paths").and_then(Value::as_object_mut);
    for item in paths.into_iter().flat_map(Map::values_mut) {
        let members = item.as_object_mut().into_iter().flatten();
        for (_, operation) in members.filter(|(key, _)| operations::is_method(key)) {
            if let Value::Object(operation) = operation {
                change(operation);
            }
        }
    }
}

/// Moves the parameters that a path shares among its operations into each of them.
fn push_parameters_down(value: &mut Value) {
    let paths = value.get_mut("paths").and_then(Value::as_object_mut);
    for item in paths.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut) {
        let Some(Value::Array(shared)) = item.shift_remove("parameters") else { continue };
        for (_, operation) in item.iter_mut().filter(|(key, _)| operations::is_method(key)) {
            if let Some(operation) = operation.as_object_mut()
                && let Value::Array(own) = operation.entry("parameters").or_insert_with(|| json!([]))
            {
                own.splice(0..0, shared.iter().cloned());
            }
        }
    }
}

/// Takes away flags that say what is so without them.
fn drop_blanks(value: &mut Value) {
    let mut blank = Vec::new();
    walk::walk(value, |value, shape, at| {
        let (Shape::Object(object) | Shape::Reference(object)) = shape else { return };
        for (key, member) in value.as_object().into_iter().flatten() {
            let is_blank = object.member(key).is_some_and(|known| known.blank == Some(Blank::False));
            if is_blank && member == &Value::Bool(false) {
                blank.push((at.to_owned(), key.clone()));
            }
        }
    });
    for (at, key) in blank {
        if let Some(Value::Object(members)) = value.pointer_mut(&at) {
            members.shift_remove(&key);
        }
    }
}

/// Replaces the parameters and responses that ours has as components by references to them.
fn share(value: &mut Value, ours: &Value) {
    let mut shared = Vec::new();
    walk::walk(value, |found, shape, at| {
        let kind = match shape {
            Shape::Reference(object) if object.name == "parameter" => "parameters",
            Shape::Reference(object) if object.name == "response" => "responses",
            _ => return,
        };
        if !at.starts_with("/paths/") {
            return;
        }
        let found = resolve(value, found);
        let same = components(ours).find(|(of, _, component)| *of == kind && is_same(kind, component, found));
        if let Some((kind, name, _)) = same {
            shared.push((at.to_owned(), format!("#/components/{kind}/{name}")));
        }
    });
    for (at, reference) in shared {
        if let Some(place) = value.pointer_mut(&at) {
            *place = json!({"$ref": reference});
        }
    }
}

fn is_same(kind: &str, ours: &Value, theirs: &Value) -> bool {
    let wordless = |value: &Value| {
        let mut value = without_extensions(value);
        if let Value::Object(members) = &mut value {
            members.shift_remove("description");
        }
        value
    };
    match kind {
        // One that is in the path is what the path says; of the others only those with a role in every list are the
        // same thing wherever they occur. They get our descriptions.
        "parameters" => {
            let role = ours.get(ROLE).and_then(Value::as_str);
            let everywhere =
                role.is_some_and(|role| role != FILTER) || ours.get("in") == Some(&json!("path"));
            everywhere && wordless(ours) == wordless(theirs)
        }
        _ => without_extensions(ours) == without_extensions(theirs),
    }
}

/// Returns the name of the property or parameter whose schema is at `at`.
fn name_at(root: &Value, at: &str) -> Option<String> {
    let at = at.trim_end_matches("/items");
    let (parent, key) = at.rsplit_once('/')?;
    if parent.ends_with("/properties") {
        return Some(pointer::unescape(key));
    }
    if key == "schema" { Some(root.pointer(parent)?.get("name")?.as_str()?.to_owned()) } else { None }
}

/// A name and what kind of value it has.
type Subject = (String, Option<Value>, Option<Value>);

fn subjects(root: &Value) -> Vec<(String, Subject)> {
    let mut found = Vec::new();
    walk::walk(root, |value, shape, at| {
        if walk::is_schema(shape)
            && let Some(name) = name_at(root, at)
        {
            let subject = (name, value.get("type").cloned(), value.get("format").cloned());
            found.push((at.to_owned(), subject));
        }
    });
    found
}

/// Gives what is called, and is, like something of ours the hints that ours has.
fn hint(value: &mut Value, ours: &Value) {
    let mut known: Vec<(&str, Subject, Option<Value>)> = Vec::new();
    for (at, subject) in subjects(ours) {
        for hint in HINTS {
            let own = ours.pointer(&at).and_then(|schema| schema.get(hint)).cloned();
            match known.iter_mut().find(|(of, other, _)| *of == hint && *other == subject) {
                // Ours is not of one mind.
                Some((.., agreed)) if *agreed != own => *agreed = None,
                Some(_) => {}
                None => known.push((hint, subject.clone(), own)),
            }
        }
    }
    for (at, subject) in subjects(value) {
        for (hint, other, agreed) in &known {
            if *other == subject
                && let (Some(agreed), Some(Value::Object(schema))) = (agreed, value.pointer_mut(&at))
            {
                schema.insert((*hint).to_owned(), agreed.clone());
            }
        }
    }
}

/// Gives roles to query parameters. In an operation that has parameters of lists, all the others are filters.
fn assign_roles(value: &mut Value, ours: &Value) {
    let roles: BTreeMap<String, Value> = components(ours)
        .filter(|(kind, ..)| *kind == "parameters")
        .filter_map(|(_, name, component)| {
            Some((format!("#/components/parameters/{name}"), component.get(ROLE)?.clone()))
        })
        .collect();
    each_operation(value, |operation| {
        let Some(Value::Array(parameters)) = operation.get_mut("parameters") else { return };
        let role = |parameter: &Value| roles.contains_key(parameter.get("$ref")?.as_str()?).then_some(());
        if !parameters.iter().any(|parameter| role(parameter).is_some()) {
            return;
        }
        for parameter in parameters.iter_mut().filter_map(Value::as_object_mut) {
            if parameter.get("in") == Some(&json!("query")) {
                parameter.entry(ROLE).or_insert_with(|| json!(FILTER));
            }
        }
    });
}

/// Puts lists into order: parameters those in the path first, then by name; what is required like the properties.
fn arrange(value: &mut Value, ours: &Value) {
    let theirs = value.clone();
    each_operation(value, |operation| {
        if let Some(Value::Array(parameters)) = operation.get_mut("parameters") {
            parameters.sort_by_key(|parameter| {
                let here = resolve(&theirs, parameter);
                let parameter = if here.get("$ref").is_some() { resolve(ours, parameter) } else { here };
                let text =
                    |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
                (text("in") != "path", text("name"))
            });
        }
    });
    let mut required = Vec::new();
    walk::walk(value, |schema, shape, at| {
        if let (true, Some(Value::Array(names)), Some(Value::Object(properties))) =
            (walk::is_schema(shape), schema.get("required"), schema.get("properties"))
        {
            let mut names = names.clone();
            names.sort_by_key(|name| properties.keys().position(|property| name == property));
            required.push((at.to_owned(), names));
        }
    });
    for (at, names) in required {
        if let Some(Value::Object(schema)) = value.pointer_mut(&at) {
            schema.insert("required".to_owned(), Value::Array(names));
        }
    }
}

/// Says of every operation and component where it comes from.
fn add_provenance(value: &mut Value, options: &Options<'_>) {
    let (key, provenance) = &options.provenance;
    each_operation(value, |operation| {
        operation.insert((*key).to_owned(), provenance.clone());
    });
    let kinds = value.get_mut("components").and_then(Value::as_object_mut);
    let kinds = kinds.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut);
    for component in kinds.flat_map(Map::values_mut).filter_map(Value::as_object_mut) {
        component.insert((*key).to_owned(), provenance.clone());
    }
}
