//! Rows that are about to be made: one for each object, in however many lists a fixture shows it.

use std::collections::HashMap;

use openapi_resources::definition::{Definition, Field, Kind, Reference};
use openapi_resources::plan::Plan;
use openapi_resources::row::RowId;
use openapi_resources::supply::Supply;
use openapi_resources::transaction::Transaction;
use serde_json::{Map, Value};

use openapi_resources::pointer::child;

/// A row that is about to be made.
#[derive(Debug, Default)]
pub(super) struct Draft {
    pub(super) model: String,
    /// The JSON pointer of the object that it was first read from; empty for a row that every authentik has.
    pub(super) pointer: String,
    /// The values of its fields.
    pub(super) values: Map<String, Value>,
    /// The properties that the values were read from, by the fields.
    properties: HashMap<String, String>,
    /// The values that a function shows: the function, the field that they may be kept in, and the value.
    pub(super) shown: Vec<(String, String, Value)>,
    /// The time of its creation, if a log tells it.
    pub(super) made: Option<String>,
}

/// All rows that are about to be made.
#[derive(Debug)]
pub(super) struct Drafts<'a> {
    pub(super) definition: &'a Definition,
    pub(super) supply: &'a dyn Supply,
    rows: Vec<Draft>,
    /// The rows by the model that has their key, and the key.
    by_key: HashMap<(String, String), usize>,
}

impl Draft {
    /// Sets a value unless there is one.
    pub(super) fn set(&mut self, field: &str, property: &str, value: Value) {
        if !self.values.contains_key(field) {
            self.properties.insert(field.to_owned(), property.to_owned());
            self.values.insert(field.to_owned(), value);
        }
    }

    /// Adds a key to a list of references.
    pub(super) fn join(&mut self, field: &str, key: &Value) {
        let list = self.values.entry(field).or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(items) = list
            && !items.contains(key)
        {
            items.push(key.clone());
        }
    }

    /// Returns the JSON pointer of the value of a field.
    pub(super) fn place(&self, fields: &[&str]) -> String {
        match fields.first().and_then(|field| self.properties.get(*field)) {
            Some(property) => child(&self.pointer, property),
            None => self.pointer.clone(),
        }
    }
}

impl<'a> Drafts<'a> {
    pub(super) fn new(definition: &'a Definition, supply: &'a dyn Supply) -> Self {
        Self { definition, supply, rows: Vec::new(), by_key: HashMap::new() }
    }

    pub(super) fn rows(&self) -> &[Draft] {
        &self.rows
    }

    /// Returns a model, its base, the base of that, and so on.
    pub(super) fn lineage(&self, model: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let definition = self.definition;
        let first = definition.models.get_key_value(model).map(|(name, _)| name.as_str());
        let base = move |name: &&'a str| definition.models.get(*name)?.base.as_deref();
        std::iter::successors(first, base)
    }

    pub(super) fn is_a(&self, model: &str, base: &str) -> bool {
        self.lineage(model).any(|name| name == base)
    }

    /// Returns a field of a model or of one of its bases.
    pub(super) fn field(&self, model: &str, field: &str) -> Option<&'a Field> {
        let definition = self.definition;
        self.lineage(model).find_map(|name| definition.models.get(name)?.fields.get(field))
    }

    pub(super) fn reference(&self, model: &str, field: &str) -> Option<&'a Reference> {
        self.field(model, field)?.reference.as_ref()
    }

    /// Returns the fields of a model and of its bases.
    pub(super) fn fields(&self, model: &str) -> impl Iterator<Item = (&'a str, &'a Field)> + use<'a> {
        let definition = self.definition;
        let models = self.lineage(model).filter_map(move |name| definition.models.get(name));
        models.flat_map(|model| model.fields.iter().map(|(name, field)| (name.as_str(), field)))
    }

    /// Returns the field that rows of a model are named by.
    pub(super) fn key(&self, model: &str) -> &'a str {
        self.definition.models.get(model).map_or("", |model| model.key.as_str())
    }

    /// Returns what tells a row from all others: the model that has the key, and the key.
    fn identity(&self, model: &str, key: &Value) -> Option<(String, String)> {
        let name = self.key(model);
        let definition = self.definition;
        let owner = self.lineage(model).find(|owner| {
            definition.models.get(*owner).is_some_and(|owner| owner.fields.contains_key(name))
        })?;
        (!key.is_null()).then(|| (owner.to_owned(), super::text::text(key)))
    }

    /// Returns the row of a model with a key.
    pub(super) fn find(&self, model: &str, key: &Value) -> Option<usize> {
        let number = *self.by_key.get(&self.identity(model, key)?)?;
        self.is_a(&self.rows.get(number)?.model, model).then_some(number)
    }

    /// Returns the row of a model that has this key in its own model.
    pub(super) fn find_own(&self, model: &str, key: &Value) -> Option<usize> {
        let children = self.definition.models.keys().filter(|child| self.is_a(child, model));
        let mut keys = children.filter_map(|child| self.by_key.get(&self.identity(child, key)?).copied());
        keys.find(|number| self.rows.get(*number).is_some_and(|draft| self.is_a(&draft.model, model)))
    }

    /// Returns the rows of a model.
    pub(super) fn of(&self, model: &str) -> impl Iterator<Item = (usize, &Draft)> {
        self.rows.iter().enumerate().filter(move |(_, draft)| self.is_a(&draft.model, model))
    }

    /// Returns the rows of a model by the value of a field, as text.
    pub(super) fn by(&self, model: &str, field: &str) -> HashMap<String, usize> {
        let rows = self.of(model);
        rows.filter_map(|(number, draft)| Some((super::text::text(draft.values.get(field)?), number)))
            .collect()
    }

    pub(super) fn at(&mut self, number: usize) -> Option<&mut Draft> {
        self.rows.get_mut(number)
    }

    /// Adds a row, or what it says to the row that it is; returns its number.
    pub(super) fn add(&mut self, model: &str, pointer: &str, key: &Value) -> usize {
        let identity = self.identity(model, key);
        if let Some(number) = identity.as_ref().and_then(|identity| self.by_key.get(identity)).copied() {
            let is_narrower = self.rows.get(number).is_some_and(|known| self.is_a(model, &known.model));
            if let Some(known) = self.rows.get_mut(number).filter(|_| is_narrower) {
                model.clone_into(&mut known.model);
            }
            return number;
        }
        let mut draft = Draft { model: model.to_owned(), pointer: pointer.to_owned(), ..Draft::default() };
        if !key.is_null() {
            draft.values.insert(self.key(model).to_owned(), key.clone());
        }
        self.rows.push(draft);
        let number = self.rows.len() - 1;
        if let Some(identity) = identity {
            self.by_key.insert(identity, number);
        }
        number
    }

    /// Returns the numbers of the rows in the order in which they are made: rows whose keys are numbers by these, and the
    /// others as the fixture has them, before those that a log tells the time of.
    fn order(&self) -> Vec<usize> {
        let mut numbers: Vec<usize> = (0..self.rows.len()).collect();
        let key = |number: &usize| {
            let draft = self.rows.get(*number)?;
            let name = self.key(&draft.model);
            let is_number = self.field(&draft.model, name).is_some_and(|field| field.kind == Kind::Number);
            draft.values.get(name).and_then(Value::as_i64).filter(|_| is_number)
        };
        let made = |number: &usize| self.rows.get(*number).and_then(|draft| draft.made.as_deref());
        numbers.sort_by_key(|number| (key(number), made(number)));
        numbers
    }

    /// Makes the rows; returns which of them is which.
    pub(super) fn write(&self, plan: &Plan, transaction: &mut Transaction<'_>) -> HashMap<RowId, usize> {
        let mut made = HashMap::new();
        for number in self.order() {
            if let Some(draft) = self.rows.get(number)
                && let Some(model) = plan.model(&draft.model)
            {
                made.insert(transaction.restore(model, draft.values.clone()), number);
            }
        }
        self.keep_shown(plan, transaction, &made);
        made
    }

    /// Keeps the values that functions show, where these would show others for the rows as they are.
    fn keep_shown(&self, plan: &Plan, transaction: &mut Transaction<'_>, made: &HashMap<RowId, usize>) {
        for (id, number) in made {
            let Some(draft) = self.rows.get(*number) else { continue };
            let Some(model) = plan.model(&draft.model) else { continue };
            for (function, field, value) in &draft.shown {
                let reader = transaction.reader();
                let (Some(function), Some(row)) = (plan.functions().get(function), reader.row(model, *id))
                else {
                    continue;
                };
                if function(reader, row) != *value {
                    transaction.update(model, *id, Map::from_iter([(field.clone(), value.clone())]));
                }
            }
        }
    }
}
