//! Makes objects of what a server has answered.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::lists::{List, OBJECTS, key_property, lists};
use crate::definition::Action;
use crate::plan::Plan;

/// Gathers the objects that answers of `GET` have, as a fixture.
pub struct Gathering<'a> {
    plan: &'a Plan,
    lists: BTreeMap<usize, List<'a>>,
    /// The objects of each list, by their keys.
    found: IndexMap<&'a str, IndexMap<String, Map<String, Value>>>,
}

impl<'a> Gathering<'a> {
    /// Begins with no objects.
    #[must_use]
    pub fn new(plan: &'a Plan) -> Self {
        let all = lists(plan);
        // What several lists have in common is no object: each of them shows its own.
        let is_shared = |list: &List<'_>| {
            all.iter().any(|other| other.model != list.model && plan.is_a(other.model, list.model))
        };
        let shared: Vec<bool> = all.iter().map(is_shared).collect();
        let own = all.into_iter().zip(shared).filter(|(_, is_shared)| !is_shared);
        Self { plan, lists: own.map(|(list, _)| (list.number, list)).collect(), found: IndexMap::new() }
    }

    /// Adds the objects of an answer of success. Of an object that is known, what the answer has wins. An answer of an
    /// operation that shows no objects changes nothing.
    pub fn add(&mut self, operation: &str, answer: &Value) {
        let number = self.plan.collection_of(operation).map(|collection| collection.0);
        let Some(list) = number.and_then(|number| self.lists.get(&number)) else { return };
        let Some((collection, described)) = self.plan.operation(operation) else { return };
        let objects = match (described.action, &collection.envelope.items) {
            (Action::Retrieve, _) => std::slice::from_ref(answer),
            (Action::List, None) => answer.as_array().map_or(&[][..], Vec::as_slice),
            (Action::List, Some(items)) => {
                answer.get(items).and_then(Value::as_array).map_or(&[][..], Vec::as_slice)
            }
            _ => return,
        };
        let Some(property) = key_property(self.plan, list.model, list.view) else { return };
        let known = self.found.entry(list.name).or_default();
        for object in objects.iter().filter_map(Value::as_object) {
            if let Some(key) = object.get(property) {
                known.entry(key.to_string()).or_default().extend(object.clone());
            }
        }
    }

    /// Returns the objects in the form of the API, as [`Store::import`](crate::store::Store::import) reads them.
    #[must_use]
    pub fn into_value(self) -> Value {
        let lists = self.found.into_iter().filter(|(_, objects)| !objects.is_empty());
        let lists = lists.map(|(name, objects)| (name.to_owned(), objects.into_values().collect()));
        json!({OBJECTS: lists.collect::<Map<String, Value>>()})
    }
}

impl std::fmt::Debug for Gathering<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gathering").field("found", &self.found).finish_non_exhaustive()
    }
}
