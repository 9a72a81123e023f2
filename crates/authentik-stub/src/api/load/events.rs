//! The log of events, as far as it tells of the creation of rows: when it was, and rows that others name and that no list shows.
//!
//! The list of applications leaves out those that policies keep the caller from, for example.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::draft::Drafts;
use openapi_resources::pointer::child;

/// The creation of a row.
#[derive(Debug)]
struct Creation {
    model: String,
    pointer: String,
    values: Map<String, Value>,
    time: Option<String>,
}

/// Makes the rows that are named and not there, as far as events tell of them, and notes when rows were made.
pub(super) fn complete(drafts: &mut Drafts<'_>) {
    let mut creations = creations(drafts);
    let mut times = Vec::new();
    for (number, draft) in drafts.rows().iter().enumerate() {
        let key = draft.values.get(drafts.key(&draft.model)).map(super::text::text);
        let creation = key.and_then(|key| creations.get(&(draft.model.clone(), key)));
        times.extend(creation.and_then(|creation| Some((number, creation.time.clone()?))));
    }
    for (number, time) in times {
        if let Some(draft) = drafts.at(number) {
            draft.made = Some(time);
        }
    }
    while !creations.is_empty() {
        let named: Vec<Creation> = missing(drafts)
            .into_iter()
            .filter_map(|(model, key)| {
                let mut known = creations.keys().filter(|(made, of)| *of == key && drafts.is_a(made, model));
                let known = known.next().cloned()?;
                creations.remove(&known)
            })
            .collect();
        if named.is_empty() {
            return;
        }
        for Creation { model, pointer, values, time } in named {
            let key = values.get(drafts.key(&model)).cloned().unwrap_or_default();
            let number = drafts.add(&model, &pointer, &key);
            if let Some(draft) = drafts.at(number) {
                draft.made = time;
            }
            for (field, value) in values {
                if let Some(draft) = drafts.at(number) {
                    draft.set(&field, &field, value);
                }
            }
        }
    }
}

/// Returns the creations that events log, by the models and keys of the rows.
fn creations(drafts: &Drafts<'_>) -> HashMap<(String, String), Creation> {
    let mut found = HashMap::new();
    for (_, event) in drafts.of("authentik_events.event") {
        let Some(context) = event
            .values
            .get("context")
            .filter(|_| event.values.get("action").is_some_and(|action| action == "model_created"))
        else {
            continue;
        };
        let (about, changes) = (&context["model"], &context["diff"]);
        let (Some(app), Some(name)) = (about["app"].as_str(), about["model_name"].as_str()) else { continue };
        let model = format!("{app}.{name}");
        let changes = changes.as_object().into_iter().flatten();
        let values = changes.filter_map(|(field, change)| {
            let declared = drafts.field(&model, field)?;
            let value = change.get("new_value")?;
            let is_key = declared.unique || declared.reference.is_some();
            Some((field.clone(), if is_key { dashed(value) } else { value.clone() }))
        });
        let values: Map<String, Value> = values.collect();
        let pointer = child(&child(&event.pointer, "context"), "diff");
        let time = event.values.get("created").map(super::text::text);
        let named = (model.clone(), super::text::text(&dashed(&about["pk"])));
        found.insert(named, Creation { model, pointer, values, time });
    }
    found
}

/// Returns the models and keys that rows name others by that are not there.
fn missing<'a>(drafts: &Drafts<'a>) -> Vec<(&'a str, String)> {
    let mut found = Vec::new();
    for draft in drafts.rows() {
        for (field, value) in &draft.values {
            let Some(reference) = drafts.reference(&draft.model, field) else { continue };
            let keys = match value {
                Value::Array(keys) => keys.as_slice(),
                key => std::slice::from_ref(key),
            };
            let keys =
                keys.iter().filter(|key| !key.is_null() && drafts.find(&reference.model, key).is_none());
            found.extend(keys.map(|key| (reference.model.as_str(), super::text::text(key))));
        }
    }
    found
}

/// Returns a UUID with its hyphens, which the log leaves out.
fn dashed(value: &Value) -> Value {
    let text = value.as_str().filter(|text| text.len() == 32);
    text.and_then(|text| uuid::Uuid::try_parse(text).ok())
        .map_or_else(|| value.clone(), |uuid| Value::from(uuid.to_string()))
}
