//! Bodies that create objects: samples of their schemas with references to what is there, changed as refusals ask.

use std::future::Future;
use std::pin::Pin;

use openapi_document::samples::{self, Direction};
use serde_json::{Map, Value, json};

use super::viewsets::{Viewset, component, key};
use super::{Reason, Walker};

/// The most objects that are made for the sake of one.
const MAX_DEPTH: usize = 3;
/// The most bodies that are tried.
const MAX_BODIES: usize = 80;

/// Creates an object of a viewset.
pub fn create<'a>(
    walker: &'a mut Walker,
    viewset: &'a Viewset,
    schema: &'a Value,
    depth: usize,
) -> Pin<Box<dyn Future<Output = Result<Value, Reason>> + 'a>> {
    Box::pin(async move {
        let list = &viewset.list;
        let whole = filled(walker, schema, depth).await;
        let described = component(&walker.document, schema).clone();
        let required =
            |name: &str| described["required"].as_array().is_some_and(|names| names.contains(&json!(name)));
        // What only holds together is tried with the required properties and each of the others.
        let least: Map<String, Value> = whole
            .iter()
            .filter(|(name, _)| required(name))
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect();
        let with = |name: &str| {
            let mut body = least.clone();
            body.insert(name.to_owned(), whole[name].clone());
            body
        };
        let mut queue = vec![whole.clone(), least.clone()];
        queue.extend(whole.keys().filter(|name| !required(name)).map(|name| with(name)));
        queue.reverse();
        let (mut refusal, mut tried) = (Value::Null, 0);
        while let Some(mut body) = queue.pop() {
            let mut round = 0;
            loop {
                tried += 1;
                let answer = walker.send("POST", list, list, Some(&Value::Object(body.clone()))).await;
                if answer.status != 400 || answer.departure.is_some() {
                    return answer.expect("create");
                }
                refusal = answer.body;
                round += 1;
                if tried > MAX_BODIES || round > 8 || !mend(walker, &described, &refusal, &mut body, round) {
                    break;
                }
            }
            if tried > MAX_BODIES {
                break;
            }
        }
        Err(Reason::Refused(refusal.to_string()))
    })
}

/// Changes a body as a refusal asks: leaves out what may be, and says the rest otherwise. Returns `false` if nothing can be done.
fn mend(
    walker: &Walker,
    described: &Value,
    refusal: &Value,
    body: &mut Map<String, Value>,
    round: usize,
) -> bool {
    let mut is_changed = false;
    for name in refusal.as_object().into_iter().flat_map(Map::keys) {
        let is_required = described["required"].as_array().is_some_and(|names| names.contains(&json!(name)));
        let property = &described["properties"][name];
        if !is_required && body.remove(name).is_some() {
            is_changed = true;
        } else if let Some(value) = other(&walker.document, property, round) {
            is_changed |= body.insert(name.clone(), value.clone()) != Some(value);
        }
    }
    is_changed
}

/// Returns another value of a property: its format says one, or its schema several.
fn other(document: &Value, property: &Value, round: usize) -> Option<Value> {
    match property["format"].as_str() {
        Some("timedelta") => return Some(json!("hours=1")),
        Some(format) if format.starts_with("url") || format == "uri" => {
            return Some(json!("https://example.com/"));
        }
        Some("ip") => return Some(json!("192.0.2.1")),
        _ => {}
    }
    let values = samples::of(document, property, Direction::Request).values;
    values.get(round % values.len().max(1)).cloned()
}

/// Returns the sample that has everything but rows of others, with references to what is there.
async fn filled(walker: &mut Walker, schema: &Value, depth: usize) -> Map<String, Value> {
    let described = component(&walker.document, schema).clone();
    let sample = samples::of(&walker.document, schema, Direction::Request).values.into_iter().next();
    let Some(Value::Object(mut body)) = sample else { return Map::new() };
    for (name, property) in described["properties"].as_object().into_iter().flatten() {
        let (noted, is_list) = if property["items"]["x-references"].is_string() {
            (&property["items"], true)
        } else {
            (property, false)
        };
        if let Some(format) = other_format(property) {
            body.insert(name.clone(), format);
        }
        // Rows of another serializer cannot be written together with a row.
        if component(&walker.document, &property["items"])["properties"].is_object() {
            body.shift_remove(name);
        }
        let Some(model) = noted["x-references"].as_str() else { continue };
        let by = noted["x-references-by"].as_str().unwrap_or("pk");
        match existing(walker, model, by, depth).await {
            Some(key) if is_list => body.insert(name.clone(), json!([key])),
            Some(key) => body.insert(name.clone(), key),
            None if is_list => body.insert(name.clone(), json!([])),
            None => body.shift_remove(name),
        };
    }
    body
}

/// Returns the value of a format that the samples know nothing of.
fn other_format(property: &Value) -> Option<Value> {
    let format = property["format"].as_str()?;
    let is_known =
        ["uuid", "date-time", "email", "binary", "int32", "int64", "double", "float"].contains(&format);
    if is_known { None } else { other(&Value::Null, property, 0) }
}

/// Returns the key of an object of a model: one that a list has, or that is made.
async fn existing(walker: &mut Walker, model: &str, by: &str, depth: usize) -> Option<Value> {
    let viewsets = walker.viewsets.clone();
    let models = walker.document["x-models"].clone();
    let is_a = |name: &str| {
        let mut name = Some(name.to_owned());
        while let Some(known) = name {
            if known == model {
                return true;
            }
            name = models[&known]["base"].as_str().map(str::to_owned);
        }
        false
    };
    let mut fitting: Vec<&Viewset> =
        viewsets.iter().filter(|viewset| viewset.model.as_deref().is_some_and(is_a)).collect();
    fitting.sort_by_key(|viewset| viewset.model.as_deref() != Some(model));
    for viewset in &fitting {
        let found = walker.send("GET", &viewset.list, &viewset.list, None).await;
        if let Some(key) = found.body["results"].get(0).and_then(|object| key(object, by)) {
            return Some(key.clone());
        }
    }
    if depth >= MAX_DEPTH {
        return None;
    }
    for viewset in fitting {
        if let Some(schema) = &viewset.created
            && let Ok(object) = create(walker, viewset, schema, depth + 1).await
        {
            return key(&object, by).cloned();
        }
    }
    None
}
