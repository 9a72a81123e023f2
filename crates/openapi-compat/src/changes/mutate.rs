//! Mutations: for every rule of the catalogue the single changes that it is about, to be applied wherever they apply.
//!
//! A mutation edits one object of one kind. Which objects there are is found by the grammar, not listed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::rule::Rule;
use super::rules::*;
use openapi_document::grammar::{DOCUMENT, Order, Shape, is_extension};
use openapi_document::pointer;
use openapi_document::walk::walk;

pub(super) type Edited = Map<String, Value>;

/// A single change of one object.
pub(super) struct Mutation {
    /// The rule that must find it.
    pub(super) rule: &'static Rule,
    /// The kind of object that it edits, as the grammar calls it.
    pub(super) on: &'static str,
    /// Edits, or answers that it does not apply.
    pub(super) edit: fn(&mut Edited) -> bool,
    /// Further rules that may rightly find something in it.
    pub(super) also: &'static [&'static Rule],
}

/// Shows every document that a mutation makes of `root`, with the place that it edited.
///
/// All of them are one document, which is edited and restored in turn: a copy takes longer than a comparison.
pub(super) fn each_mutant(
    root: &Value,
    places: &Places,
    mutation: &Mutation,
    mut show: impl FnMut(&str, &Value),
) {
    let mut mutant = root.clone();
    for place in places.get(mutation.on).into_iter().flatten() {
        let Some(object) = mutant.pointer_mut(place).and_then(Value::as_object_mut) else { continue };
        let whole = object.clone();
        if (mutation.edit)(object) {
            show(place, &mutant);
        }
        if let Some(edited) = mutant.pointer_mut(place) {
            *edited = Value::Object(whole);
        }
    }
    assert_eq!(mutant, *root, "a mutation is left");
}

/// The places of a document by the kind of object at them.
pub(super) type Places = BTreeMap<&'static str, Vec<String>>;

/// Returns the objects that operations refer to.
pub(super) fn places(root: &Value) -> Places {
    let reached = reached(root);
    let mut places = Places::new();
    walk(root, |value, shape, at| {
        let Some(object) = shape.object() else { return };
        // What must not match is only compared as a whole, and calls of the server are not operations of its paths.
        let is_called_item =
            object.name == "path item" && (at.contains("/callbacks/") || at.starts_with("/webhooks/"));
        let whole =
            is_called_item || at.contains("/not") || at.ends_with("/propertyNames") || at.contains("/x-");
        let component = at.strip_prefix("/components/").filter(|rest| rest.contains('/'));
        let is_reached = component.is_none_or(|rest| {
            let end = rest.match_indices('/').nth(1).map_or(rest.len(), |(end, _)| end);
            reached.contains(&format!("/components/{}", &rest[..end]))
        });
        if value.is_object() && value.get("$ref").is_none() && !whole && is_reached {
            places.entry(object.name).or_default().push(at.to_owned());
        }
    });
    places
}

/// Returns the components that operations refer to, except in extensions, and the security schemes that they ask for.
fn reached(root: &Value) -> BTreeSet<String> {
    let mut reached: BTreeSet<String> = BTreeSet::new();
    let operations = openapi_document::operations::operations(root);
    let own = operations.filter_map(|(.., operation)| operation.get("security"));
    for requirement in own.chain(root.get("security")).filter_map(Value::as_array).flatten() {
        for (name, _) in requirement.as_object().into_iter().flatten() {
            reached.insert(pointer::child("/components/securitySchemes", name));
        }
    }
    let mut rest = vec![&root["paths"]];
    while let Some(value) = rest.pop() {
        match value {
            Value::Object(map) => {
                let target = map.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference);
                if let Some(target) = target
                    && reached.insert(target.clone())
                {
                    rest.extend(root.pointer(&target));
                }
                rest.extend(map.iter().filter(|(key, _)| !is_extension(key)).map(|(_, member)| member));
            }
            Value::Array(items) => rest.extend(items),
            _ => {}
        }
    }
    reached
}

/// Returns the pointer to `place` in which items of unordered lists are named by the value that identifies them.
pub(super) fn canonical(root: &Value, place: &str) -> String {
    let (mut at, mut canonical) = (String::new(), String::new());
    let mut list = "";
    let steps: Vec<String> = pointer::steps(place).collect();
    for step in &steps {
        pointer::push(&mut at, step);
        let value = root.pointer(&at).unwrap_or(&Value::Null);
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let name = match list {
            "parameters" if step.parse::<usize>().is_ok() => format!("{}:{}", text("in"), text("name")),
            "servers" => text("url"),
            _ => step.clone(),
        };
        pointer::push(&mut canonical, &name);
        list = step;
    }
    canonical
}

/// Returns the document with all keys and all unordered lists reversed.
pub(super) fn reversed(value: &Value) -> Value {
    turn(value, Shape::Object(&DOCUMENT), "")
}

fn turn(value: &Value, shape: Shape, key: &str) -> Value {
    match value {
        Value::Object(map) => {
            map.iter().rev().map(|(key, member)| (key.clone(), turn(member, shape.step(key), key))).collect()
        }
        Value::Array(items) => {
            let turned = items.iter().map(|item| turn(item, shape.step("0"), ""));
            let free = match shape {
                Shape::List(_, order) => order != Order::Significant,
                _ => false,
            };
            if free || matches!(key, "allOf" | "oneOf" | "anyOf") {
                turned.rev().collect()
            } else {
                turned.collect()
            }
        }
        _ => value.clone(),
    }
}

const fn on(kind: &'static str, rule: &'static Rule, edit: fn(&mut Edited) -> bool) -> Mutation {
    Mutation { rule, on: kind, edit, also: &[] }
}

impl Mutation {
    const fn also(self, also: &'static [&'static Rule]) -> Self {
        Mutation { also, ..self }
    }
}

/// Sets a member that is missing.
fn add(object: &mut Edited, key: &str, value: Value) -> bool {
    !object.contains_key(key) && object.insert(key.to_owned(), value).is_none()
}

/// Sets a member that is there to another value.
fn change(object: &mut Edited, key: &str, value: Value) -> bool {
    match object.get_mut(key) {
        Some(found) if *found != value => {
            *found = value;
            true
        }
        _ => false,
    }
}

fn remove(object: &mut Edited, key: &str) -> bool {
    object.shift_remove(key).is_some()
}

fn raise_flag(object: &mut Edited, key: &str) -> bool {
    object.insert(key.to_owned(), json!(true)) != Some(json!(true))
}

fn lower_flag(object: &mut Edited, key: &str) -> bool {
    object.shift_remove(key) == Some(json!(true))
}

fn rename(object: &mut Edited, from: &str, to: &str) -> bool {
    let Some(value) = object.shift_remove(from) else { return false };
    object.insert(to.to_owned(), value).is_none()
}

fn shift(object: &mut Edited, key: &str, by: i64) -> bool {
    let Some(number) = object.get(key).and_then(Value::as_i64) else { return false };
    object.insert(key.to_owned(), json!(number + by));
    true
}

fn is(object: &Edited, key: &str, value: &str) -> bool {
    object.get(key).is_some_and(|found| found == value)
}

fn is_plain_text(object: &Edited) -> bool {
    is(object, "type", "string") && !object.contains_key("enum") && !object.contains_key("format")
}

/// Returns `true` if a schema is not composed of others. In a composed one, added keywords may have no effect.
fn simple(schema: &Edited) -> bool {
    ["allOf", "oneOf", "anyOf", "not"].iter().all(|key| !schema.contains_key(*key))
}

fn map<'a>(object: &'a mut Edited, key: &str) -> Option<&'a mut Edited> {
    object.get_mut(key)?.as_object_mut()
}

fn list<'a>(object: &'a mut Edited, key: &str) -> Option<&'a mut Vec<Value>> {
    object.get_mut(key)?.as_array_mut()
}

/// Adds to a map that may be missing.
fn put(object: &mut Edited, key: &str, name: &str, value: Value) -> bool {
    let members = object.entry(key).or_insert_with(|| json!({}));
    members.as_object_mut().is_some_and(|members| add(members, name, value))
}

/// Takes the first member of a map, and the map with its last.
fn take_first(object: &mut Edited, key: &str) -> bool {
    let Some(members) = map(object, key) else { return false };
    let Some(name) = members.keys().next().cloned() else { return false };
    remove(members, &name)
}

fn push(object: &mut Edited, key: &str, value: Value) -> bool {
    let items = object.entry(key).or_insert_with(|| json!([]));
    items.as_array_mut().is_some_and(|items| {
        items.push(value);
        true
    })
}

fn pop(object: &mut Edited, key: &str) -> bool {
    list(object, key).is_some_and(|items| items.pop().is_some())
}

/// Takes the last parameter, or another item, that `which` accepts.
fn pop_where(object: &mut Edited, key: &str, which: fn(&Value) -> bool) -> bool {
    let Some(items) = list(object, key) else { return false };
    let Some(index) = items.iter().rposition(which) else { return false };
    items.remove(index);
    true
}

/// Takes a property that is, or is not, required.
fn take_property(object: &mut Edited, required: bool) -> bool {
    let names: Vec<Value> = object.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let Some(properties) = map(object, "properties") else { return false };
    let is_hidden = |value: &Value| value["writeOnly"] == true || value["readOnly"] == true;
    let found =
        properties.iter().find(|(name, value)| names.contains(&json!(name)) == required && !is_hidden(value));
    let Some(name) = found.map(|(name, _)| name.clone()) else { return false };
    remove(properties, &name);
    if let Some(names) = list(object, "required") {
        names.retain(|known| *known != json!(name));
    }
    true
}

mod exchanges;
mod schemas;
mod security;

/// Returns every mutation, in the order of the catalogue.
pub(super) fn mutations() -> impl Iterator<Item = &'static Mutation> {
    [exchanges::EXCHANGES, schemas::SCHEMAS, security::SECURITY].into_iter().flatten()
}
