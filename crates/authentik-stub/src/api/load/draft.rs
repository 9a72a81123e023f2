//! Rows that are about to be made: one for each object, in however many lists a fixture shows it.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use openapi_resources::definition::Kind;
use openapi_resources::plan::{Column, ModelId, Plan, ReferencePlan};
use openapi_resources::pointer::child;
use openapi_resources::row::RowId;
use openapi_resources::transaction::Transaction;
use serde_json::{Map, Value};

use super::order::ordered;
use super::text::text;

/// A model, by its number or its name.
pub(super) trait Model: Copy {
    fn id(self, plan: &Plan) -> Option<ModelId>;
}

impl Model for ModelId {
    fn id(self, _: &Plan) -> Option<ModelId> {
        Some(self)
    }
}

impl Model for &str {
    fn id(self, plan: &Plan) -> Option<ModelId> {
        plan.model(self)
    }
}

/// A field of a model, by its number or its name.
pub(super) trait Field: Copy {
    fn column(self, plan: &Plan, model: ModelId) -> Option<usize>;
}

impl Field for usize {
    fn column(self, _: &Plan, _: ModelId) -> Option<usize> {
        Some(self)
    }
}

impl Field for &str {
    fn column(self, plan: &Plan, model: ModelId) -> Option<usize> {
        plan.column(model, self)
    }
}

/// The place of an object in a fixture, which is a JSON pointer when somebody is told.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    list: Rc<str>,
    number: Option<usize>,
}

impl Place {
    /// Returns the place of an item of the list at a JSON pointer.
    pub(super) fn item(list: &Rc<str>, number: usize) -> Self {
        Self { list: Rc::clone(list), number: Some(number) }
    }

    /// Returns the JSON pointer of a property of the object.
    pub(super) fn property(&self, name: &str) -> String {
        child(&self.to_string(), name)
    }
}

impl From<String> for Place {
    fn from(pointer: String) -> Self {
        Self { list: pointer.into(), number: None }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.list)?;
        self.number.map_or(Ok(()), |number| write!(f, "/{number}"))
    }
}

/// A row that is about to be made.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) model: ModelId,
    /// The place of the object that it was first read from; the default for a row that every authentik has.
    pub(super) place: Place,
    values: Vec<Given>,
    /// The values that a function shows: the function, the field that they may be kept in, and the value.
    pub(super) shown: Vec<(String, String, Value)>,
    /// The time of its creation, if a log tells it.
    pub(super) made: Option<String>,
}

/// A value of a field.
#[derive(Debug)]
struct Given {
    column: usize,
    value: Arc<Value>,
    /// The property that it was read from, unless it has the name of the field.
    property: Option<Box<str>>,
}

impl Draft {
    /// Returns the value of a field.
    pub(super) fn value(&self, column: usize) -> Option<&Value> {
        self.values.iter().find(|given| given.column == column).map(|given| &*given.value)
    }

    /// Returns the fields that have values, with these.
    pub(super) fn values(&self) -> impl Iterator<Item = (usize, &Value)> {
        self.values.iter().map(|given| (given.column, &*given.value))
    }
}

/// All rows that are about to be made.
#[derive(Debug)]
pub(super) struct Drafts<'a> {
    pub(super) plan: &'a Plan,
    rows: Vec<Draft>,
    /// The rows by the model that has their key, and the key.
    by_key: BTreeMap<ModelId, HashMap<String, usize>>,
    /// The rows that another row shows, in the order in which it does.
    pub(super) listed: Vec<Vec<usize>>,
}

impl<'a> Drafts<'a> {
    pub(super) fn new(plan: &'a Plan) -> Self {
        Self { plan, rows: Vec::new(), by_key: BTreeMap::new(), listed: Vec::new() }
    }

    pub(super) fn rows(&self) -> &[Draft] {
        &self.rows
    }

    pub(super) fn at(&self, number: usize) -> Option<&Draft> {
        self.rows.get(number)
    }

    pub(super) fn at_mut(&mut self, number: usize) -> Option<&mut Draft> {
        self.rows.get_mut(number)
    }

    /// Returns the field of a model.
    pub(super) fn column(&self, model: impl Model, field: impl Field) -> Option<&'a Column> {
        let model = model.id(self.plan)?;
        self.plan.columns(model).get(field.column(self.plan, model)?)
    }

    /// Returns the rows that a field refers to.
    pub(super) fn reference(&self, model: impl Model, field: impl Field) -> Option<ReferencePlan> {
        self.column(model, field)?.reference
    }

    /// Returns the value of a field of a row.
    pub(super) fn value(&self, number: usize, field: impl Field) -> Option<&Value> {
        let draft = self.rows.get(number)?;
        draft.value(field.column(self.plan, draft.model)?)
    }

    /// Returns the key of a row as rows of a model are named by.
    pub(super) fn key(&self, model: impl Model, number: usize) -> Option<&Value> {
        self.value(number, self.plan.key(model.id(self.plan)?))
    }

    /// Sets a value of a row, which was read from `property`, unless there is one.
    pub(super) fn set(
        &mut self,
        number: usize,
        field: impl Field,
        property: &str,
        value: impl Into<Arc<Value>>,
    ) {
        let Some(draft) = self.rows.get_mut(number) else { return };
        let Some(column) = field.column(self.plan, draft.model) else { return };
        if draft.value(column).is_none() {
            let named = self.plan.columns(draft.model).get(column);
            let is_other = named.is_none_or(|named| named.name != property);
            let property = is_other.then(|| property.into());
            draft.values.push(Given { column, value: value.into(), property });
        }
    }

    /// Adds a key to a list of references.
    pub(super) fn join(&mut self, number: usize, field: impl Field, key: &Value) {
        let Some(draft) = self.rows.get_mut(number) else { return };
        let Some(column) = field.column(self.plan, draft.model) else { return };
        if let Some(given) = draft.values.iter_mut().find(|given| given.column == column) {
            if let Value::Array(items) = Arc::make_mut(&mut given.value)
                && !items.contains(key)
            {
                items.push(key.clone());
            }
        } else {
            let value = Arc::new(Value::Array(vec![key.clone()]));
            draft.values.push(Given { column, value, property: Some(Box::default()) });
        }
    }

    /// Returns the JSON pointer of the value of the first of these fields.
    pub(super) fn place(&self, number: usize, fields: &[&str]) -> String {
        let Some(draft) = self.rows.get(number) else { return String::new() };
        let column = fields.first().and_then(|field| self.plan.column(draft.model, field));
        let given = draft.values.iter().find(|given| Some(given.column) == column);
        match given.map(|given| given.property.as_deref().or(fields.first().copied())) {
            Some(Some(property)) if !property.is_empty() => draft.place.property(property),
            _ => draft.place.to_string(),
        }
    }

    /// Returns the model that declares the key of a model.
    fn owner(&self, model: ModelId) -> ModelId {
        self.plan.columns(model).get(self.plan.key(model)).map_or(model, |key| key.model)
    }

    /// Returns the row of a model with a key.
    pub(super) fn find(&self, model: impl Model, key: &Value) -> Option<usize> {
        let model = model.id(self.plan)?;
        let number = *self.by_key.get(&self.owner(model))?.get(&*text(key))?;
        (!key.is_null() && self.plan.is_a(self.rows.get(number)?.model, model)).then_some(number)
    }

    /// Returns the row of a model that has this key in its own model.
    pub(super) fn find_own(&self, model: ModelId, key: &Value) -> Option<usize> {
        if key.is_null() {
            return None;
        }
        let key = text(key);
        let keyed = self.by_key.values().filter_map(|rows| rows.get(&*key).copied());
        let mut rows = keyed.filter(|number| {
            let row = self.rows.get(*number);
            row.is_some_and(|draft| self.plan.is_a(draft.model, model))
        });
        rows.next()
    }

    /// Returns the rows of a model.
    pub(super) fn of<M: Model>(&self, model: M) -> impl Iterator<Item = (usize, &Draft)> + use<'_, 'a, M> {
        let (plan, model) = (self.plan, model.id(self.plan));
        let is_one = move |draft: &Draft| model.is_some_and(|model| plan.is_a(draft.model, model));
        self.rows.iter().enumerate().filter(move |(_, draft)| is_one(draft))
    }

    /// Returns the rows of a model by the value of a field, as text.
    pub(super) fn by(&self, model: impl Model, field: &str) -> HashMap<String, usize> {
        let value = |number| Some((text(self.value(number, field)?).into_owned(), number));
        self.of(model).filter_map(|(number, _)| value(number)).collect()
    }

    /// Makes room for this many rows of a model.
    pub(super) fn reserve(&mut self, model: ModelId, number: usize) {
        self.rows.reserve(number);
        self.by_key.entry(self.owner(model)).or_default().reserve(number);
    }

    /// Makes room for this many more values of a row.
    pub(super) fn reserve_values(&mut self, number: usize, values: usize) {
        if let Some(draft) = self.rows.get_mut(number) {
            draft.values.reserve(values);
        }
    }

    /// Adds a row, or what it says to the row that it is; returns its number.
    pub(super) fn add(&mut self, model: ModelId, place: Place, key: &Value) -> usize {
        let next = self.rows.len();
        if !key.is_null() {
            let known = self.by_key.entry(self.owner(model)).or_default();
            let number = *known.entry(text(key).into_owned()).or_insert(next);
            if number < next {
                if let Some(known) = self.rows.get_mut(number)
                    && self.plan.is_a(model, known.model)
                {
                    known.model = model;
                }
                return number;
            }
        }
        self.rows.push(Draft { model, place, values: Vec::new(), shown: Vec::new(), made: None });
        if !key.is_null() {
            self.set(next, self.plan.key(model), "", key.clone());
        }
        next
    }

    /// Adds a row that every authentik has.
    pub(super) fn add_known(&mut self, model: &str, key: &Value) -> Option<usize> {
        Some(self.add(self.plan.model(model)?, Place::default(), key))
    }

    /// Returns the numbers of the rows in the order in which they are made: rows whose keys are numbers by these, and the
    /// others as the fixture has them, before those that a log tells the time of. A row comes behind those that a list shows
    /// before it.
    fn order(&self) -> Vec<usize> {
        let key = |draft: &Draft| {
            let key = self.plan.key(draft.model);
            let is_number =
                self.plan.columns(draft.model).get(key).is_some_and(|key| key.kind == Kind::Number);
            draft.value(key).and_then(Value::as_i64).filter(|_| is_number)
        };
        let rows = self.rows.iter().enumerate();
        let mut keyed: Vec<_> =
            rows.map(|(number, draft)| ((key(draft), draft.made.as_deref()), number)).collect();
        keyed.sort_by_key(|(key, _)| *key);
        let wished: Vec<usize> = keyed.into_iter().map(|(_, number)| number).collect();
        ordered(&wished, &self.listed)
    }

    /// Makes the rows; returns their numbers in the store and here, in the order in which they are made.
    pub(super) fn write(&self, transaction: &mut Transaction<'_>) -> Vec<(RowId, usize)> {
        let order = self.order();
        let rows = order.iter().filter_map(|number| self.rows.get(*number)).map(|draft| {
            let values = draft.values.iter().map(|given| (given.column, Arc::clone(&given.value)));
            (draft.model, values.collect())
        });
        let rows = transaction.restore(rows.collect());
        let made: Vec<(RowId, usize)> = rows.into_iter().zip(order).collect();
        self.keep_shown(transaction, &made);
        made
    }

    /// Keeps the values that functions show, where these would show others for the rows as they are.
    fn keep_shown(&self, transaction: &mut Transaction<'_>, made: &[(RowId, usize)]) {
        for (id, draft) in made.iter().filter_map(|(id, number)| Some((*id, self.rows.get(*number)?))) {
            for (function, field, value) in &draft.shown {
                let reader = transaction.reader();
                let (Some(function), Some(row)) =
                    (self.plan.functions().get(function), reader.row(draft.model, id))
                else {
                    continue;
                };
                if function(reader, row) != *value {
                    transaction.update(draft.model, id, Map::from_iter([(field.clone(), value.clone())]));
                }
            }
        }
    }
}
