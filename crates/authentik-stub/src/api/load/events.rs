//! The log of events, as far as it tells of the creation of rows: when it was, and rows that others name and that no list shows.
//!
//! The list of applications leaves out those that policies keep the caller from, for example.

use std::collections::BTreeMap;

use openapi_resources::plan::ModelId;
use openapi_resources::pointer::child;
use serde_json::Value;

use super::draft::{Drafts, Place};
use super::text::text;

/// The creation of a row.
#[derive(Debug)]
struct Creation {
    model: ModelId,
    place: Place,
    values: Vec<(usize, Value)>,
    time: Option<String>,
}

/// Creations by the models and keys of the rows.
type Creations = BTreeMap<(ModelId, String), Creation>;

/// Makes the rows that are named and not there, as far as events tell of them, and notes when rows were made.
pub(super) fn complete(drafts: &mut Drafts<'_>) {
    let mut creations = creations(drafts);
    if creations.is_empty() {
        return;
    }
    for number in 0..drafts.rows().len() {
        let Some(draft) = drafts.at(number) else { continue };
        let key = drafts.key(draft.model, number).map(|key| text(key).into_owned());
        let creation = key.and_then(|key| creations.get(&(draft.model, key)));
        if let Some(time) = creation.and_then(|creation| creation.time.clone())
            && let Some(draft) = drafts.at_mut(number)
        {
            draft.made = Some(time);
        }
    }
    while !creations.is_empty() {
        let named: Vec<Creation> = missing(drafts)
            .into_iter()
            .filter_map(|(model, key)| {
                let is_it = |(made, of): &&(ModelId, String)| *of == key && drafts.plan.is_a(*made, model);
                let known = creations.keys().find(is_it).cloned()?;
                creations.remove(&known)
            })
            .collect();
        if named.is_empty() {
            return;
        }
        for Creation { model, place, values, time } in named {
            let key = values.iter().find(|(column, _)| *column == drafts.plan.key(model));
            let key = key.map(|(_, key)| key.clone()).unwrap_or_default();
            let number = drafts.add(model, place, &key);
            if let Some(draft) = drafts.at_mut(number) {
                draft.made = time;
            }
            for (column, value) in values {
                let name = drafts.plan.columns(model).get(column).map(|column| column.name.as_str());
                drafts.set(number, column, name.unwrap_or_default(), value);
            }
        }
    }
}

/// Returns the creations that events log.
fn creations(drafts: &Drafts<'_>) -> Creations {
    let mut found = Creations::new();
    for (number, event) in drafts.of("authentik_events.event") {
        let is_creation = drafts.value(number, "action").is_some_and(|action| action == "model_created");
        let Some(context) = drafts.value(number, "context").filter(|_| is_creation) else { continue };
        let (about, changes) = (&context["model"], &context["diff"]);
        let (Some(app), Some(name)) = (about["app"].as_str(), about["model_name"].as_str()) else { continue };
        let Some(model) = drafts.plan.model(&format!("{app}.{name}")) else { continue };
        let changes = changes.as_object().into_iter().flatten();
        let values = changes.filter_map(|(field, change)| {
            let column = drafts.plan.column(model, field)?;
            let declared = drafts.plan.columns(model).get(column)?;
            let value = change.get("new_value")?;
            let is_key = declared.unique || declared.reference.is_some();
            Some((column, if is_key { dashed(value) } else { value.clone() }))
        });
        let place = Place::from(child(&event.place.property("context"), "diff"));
        let time = drafts.value(number, "created").map(|time| text(time).into_owned());
        let named = (model, text(&dashed(&about["pk"])).into_owned());
        found.insert(named, Creation { model, place, values: values.collect(), time });
    }
    found
}

/// Returns the models and keys that rows name others by that are not there.
fn missing(drafts: &Drafts<'_>) -> Vec<(ModelId, String)> {
    let mut found = Vec::new();
    for draft in drafts.rows() {
        for (column, value) in draft.values() {
            let Some(reference) = drafts.reference(draft.model, column) else { continue };
            let keys = match value {
                Value::Array(keys) => keys.as_slice(),
                key => std::slice::from_ref(key),
            };
            let keys =
                keys.iter().filter(|key| !key.is_null() && drafts.find(reference.model, key).is_none());
            found.extend(keys.map(|key| (reference.model, text(key).into_owned())));
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
