//! Makes rows from the schemas of a document, the same on every run.

use std::collections::{BTreeMap, HashSet};

use indexmap::IndexMap;
use openapi_document::Document;
use openapi_document::samples::{self, Direction};
use serde_json::{Map, Value};

use crate::definition::{Kind, Model};
use crate::store::{Store, WriteError};

/// The schemas of rows.
#[derive(Clone, Debug, Default)]
pub struct Schemas(
    /// Pointers into the document, by the names of models.
    pub(crate) BTreeMap<String, String>,
);

impl Schemas {
    /// Makes up to `rows` rows of each model in a store of this plan; other numbers `seed` make other rows. Returns the
    /// number of rows that were made: values that no two rows may share can run out.
    pub fn fill(&self, store: &Store, document: &Document, seed: usize, rows: usize) -> usize {
        let mut made = 0;
        for (name, model) in ordered(&store.plan().definition().models) {
            let Some(id) = store.plan().model(name) else { continue };
            let schema = self.0.get(name).and_then(|pointer| document.value().pointer(pointer));
            let samples =
                schema.map(|schema| samples::of(document.value(), schema, Direction::Response).values);
            let samples = samples.unwrap_or_default();
            for number in (0..rows).map(|row| seed.wrapping_add(row)) {
                let sample = samples.get(number % samples.len().max(1));
                let values = values(store, model, sample.and_then(Value::as_object), number);
                let outcome = store.write(|transaction| {
                    transaction.insert(id, values);
                    Ok::<_, WriteError>(())
                });
                made += usize::from(outcome.is_ok());
            }
        }
        made
    }
}

/// Returns models in their order, but each after those whose rows its own have to name.
fn ordered(models: &IndexMap<String, Model>) -> Vec<(&String, &Model)> {
    let mut ordered: Vec<(&String, &Model)> = Vec::new();
    let mut left: Vec<(&String, &Model)> = models.iter().collect();
    let mut waiting: HashSet<&str> = models.keys().map(String::as_str).collect();
    while !left.is_empty() {
        let is_ready = |model: &Model| {
            let required = model.fields.values().filter(|field| !field.nullable);
            let mut named = required.filter_map(|field| field.reference.as_ref()).filter(|it| !it.many);
            named.all(|reference| !waiting.contains(reference.model.as_str()))
        };
        // In a circle, somebody has to be the first.
        let next = left.iter().position(|(_, model)| is_ready(model)).unwrap_or_default();
        let (name, model) = left.remove(next);
        waiting.remove(name.as_str());
        ordered.push((name, model));
    }
    ordered
}

/// Returns the values of a row that are taken from a sample: not those that are generated, and references to rows that
/// there are.
fn values(
    store: &Store,
    model: &Model,
    sample: Option<&Map<String, Value>>,
    number: usize,
) -> Map<String, Value> {
    let snapshot = store.snapshot();
    let mut values = Map::new();
    for (name, field) in &model.fields {
        let is_generated = field.fill.is_some() && (*name == model.key || field.unique);
        if is_generated {
            continue;
        }
        if let Some(reference) = &field.reference {
            let target = store.plan().model(&reference.model);
            let rows: Vec<_> = target.into_iter().flat_map(|target| snapshot.reader().rows(target)).collect();
            let row = rows.get(number % rows.len().max(1)).map(|row| match &reference.field {
                Some(field) => snapshot.reader().value(row, field).clone(),
                None => snapshot.reader().key(row).clone(),
            });
            let value = match (row, reference.many) {
                (Some(key), true) => Value::Array(vec![key]),
                (Some(key), false) => key,
                (None, true) => Value::Array(Vec::new()),
                (None, false) => Value::Null,
            };
            values.insert(name.clone(), value);
            continue;
        }
        let value = sample.and_then(|sample| sample.get(name));
        match (value, field.kind) {
            (Some(Value::String(text)), Kind::Text) if field.unique || *name == model.key => {
                values.insert(name.clone(), Value::from(format!("{text}-{number}")));
            }
            (Some(Value::Number(_)), _) if field.unique || *name == model.key => {
                values.insert(name.clone(), Value::from(number + 1));
            }
            (Some(value), _) => drop(values.insert(name.clone(), value.clone())),
            (None, _) => {}
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn models_come_after_those_whose_rows_theirs_have_to_name() {
        let model =
            |fields: Value| serde_json::from_value::<Model>(json!({"key": "id", "fields": fields})).unwrap();
        let to = |name: &str, nullable: bool| json!({"nullable": nullable, "reference": {"model": name}});
        let models = IndexMap::from_iter([
            ("book".to_owned(), model(json!({"author": to("author", false), "series": to("series", true)}))),
            ("author".to_owned(), model(json!({"country": to("country", false)}))),
            ("series".to_owned(), model(json!({"next": to("series", false)}))),
            ("country".to_owned(), model(json!({}))),
        ]);
        let names: Vec<&str> = ordered(&models).into_iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["country", "author", "book", "series"]);
    }
}
