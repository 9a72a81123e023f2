//! Replaces components of ours by theirs, as the caller asked. Extensions of ours, such as notes and hints, are kept
//! wherever theirs has the same place. The others are reported.

use std::collections::BTreeMap;

use serde_json::Value;

use super::components::{component_at, components, set};
use super::normalize;
use super::options::Options;
use openapi_document::document::Document;
use openapi_document::error::Result;
use openapi_document::{grammar, pointer};

/// Puts every component of `theirs` that is to be taken into `merged`, and says for each that is another one now which
/// extensions of ours went, by pointer.
///
/// # Errors
/// If one is not called like a component that both have; the error names those that `differ`, or else those there are.
pub(super) fn replace<T>(
    ours: &Document,
    theirs: &Value,
    options: &Options<'_>,
    differ: &BTreeMap<String, T>,
    merged: &mut Value,
) -> Result<BTreeMap<String, Vec<String>>> {
    let met: Vec<(&str, &str, &Value)> =
        components(theirs).filter(|(kind, name, _)| of(ours, kind, name).is_some()).collect();
    let mut replaced = BTreeMap::new();
    for wanted in &options.take_theirs {
        let is_it =
            |(kind, name, _): &&(&str, &str, &Value)| name == wanted || format!("{kind}/{name}") == *wanted;
        let found = met.iter().find(is_it);
        let Some((kind, name, component, own)) =
            found.and_then(|(kind, name, component)| Some((kind, name, *component, of(ours, kind, name)?)))
        else {
            let message =
                format!("the imported operations lead to no component `{wanted}` that is here as well");
            return Err(ours.error("/components", message, advice(&met, differ)));
        };
        let (mut component, mut gone) = (component.clone(), Vec::new());
        let at = component_at(kind, name);
        keep(own, &mut component, &at, &mut gone);
        if component != *own {
            let component = normalize::in_order(&component, &at, options.style);
            set(merged, &["components", kind, name], component);
            replaced.insert(format!("{kind}/{name}"), gone);
        }
    }
    Ok(replaced)
}

fn of<'a>(document: &'a Document, kind: &str, name: &str) -> Option<&'a Value> {
    document.value().pointer(&component_at(kind, name))
}

fn advice<T>(met: &[(&str, &str, &Value)], differ: &BTreeMap<String, T>) -> String {
    let list = |names: Vec<String>| names.join("`, `");
    match (differ.is_empty(), met) {
        (false, _) => {
            format!("those that mean something else there are `{}`", list(differ.keys().cloned().collect()))
        }
        (true, []) => "there is none; leave the option out".to_owned(),
        (true, met) => {
            let met = met.iter().map(|(kind, name, _)| format!("{kind}/{name}")).collect();
            format!(
                "leave the option out: none means something else there; those that both have are `{}`",
                list(met)
            )
        }
    }
}

/// Gives `theirs`, which is to stand at `at`, the extensions of `ours` that it has not, and notes those that have no
/// place in it or another value there.
fn keep(ours: &Value, theirs: &mut Value, at: &str, gone: &mut Vec<String>) {
    let Value::Object(members) = ours else { return };
    for (key, own) in members {
        let at = pointer::child(at, key);
        match theirs.as_object_mut() {
            Some(object) if grammar::is_extension(key) => {
                if object.entry(key).or_insert_with(|| own.clone()) != own {
                    gone.push(at);
                }
            }
            Some(object) if object.contains_key(key) => {
                if let Some(theirs) = object.get_mut(key) {
                    keep(own, theirs, &at, gone);
                }
            }
            _ => lost(own, &at, gone),
        }
    }
}

/// Notes every extension below `at`, which goes.
fn lost(ours: &Value, at: &str, gone: &mut Vec<String>) {
    for (key, own) in ours.as_object().into_iter().flatten() {
        let at = pointer::child(at, key);
        if grammar::is_extension(key) { gone.push(at) } else { lost(own, &at, gone) }
    }
}
