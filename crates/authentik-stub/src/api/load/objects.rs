//! The objects of lists, as rows.

use std::collections::{HashMap, HashSet};

use openapi_resources::definition::{Collection, Kind};
use serde_json::{Map, Value};

use super::draft::Drafts;
use openapi_resources::pointer::child;

use super::problem::Problems;
use super::properties::{Kept, Properties};
use crate::api::icon;
use crate::api::viewsets::Viewsets;

/// The things that other rows say of a row, for when all are there.
#[derive(Debug)]
enum Link {
    /// The rows of `model` with these keys name the row in `field`.
    Listed { model: String, field: String, keys: Vec<Value> },
    /// The row names a row in `field`, by its own key.
    OwnKey { field: String, value: Value },
    /// The row names, in `field`, the row of `model` that has `value` in `by`.
    Found { field: String, model: String, by: String, value: Value },
}

/// The rows that objects become.
#[derive(Debug)]
pub(super) struct Objects<'a, 'd> {
    drafts: &'a mut Drafts<'d>,
    problems: &'a mut Problems,
    properties: Properties,
    links: Vec<(usize, String, Link)>,
    /// The names of rows in the order in which they were made, by their lists.
    made: &'a Value,
}

/// Reads the objects that lists show, and those that they hide.
pub(super) fn read(fixture: &Value, viewsets: &Viewsets, drafts: &mut Drafts<'_>, problems: &mut Problems) {
    let mut objects = Objects::new(drafts, problems);
    objects.made = &fixture["rows"];
    for (pointer, lists) in
        [("/objects", &fixture["objects"]), ("/about/unlisted", &fixture["about"]["unlisted"])]
    {
        match lists {
            Value::Null => {}
            Value::Object(lists) => lists.iter().for_each(|(list, rows)| {
                objects.list(&child(pointer, list), &format!("/{list}/"), rows, viewsets);
            }),
            _ => objects.problems.add(pointer, "these are no lists", "write {\"core/users\": [{…}]}"),
        }
    }
    objects.link();
}

impl<'a, 'd> Objects<'a, 'd> {
    pub(super) fn new(drafts: &'a mut Drafts<'d>, problems: &'a mut Problems) -> Self {
        Self { drafts, problems, properties: Properties::default(), links: Vec::new(), made: &Value::Null }
    }

    fn list(&mut self, pointer: &str, path: &str, rows: &Value, viewsets: &Viewsets) {
        let definition = self.drafts.definition;
        let Some(collection) = definition.collections.get(path) else {
            // Of some lists the program makes the objects itself.
            if !viewsets.all().iter().any(|viewset| viewset.path == path) {
                self.problems.add(
                    pointer,
                    "the API has no such list",
                    "use the path of a list without /api/v3/",
                );
            }
            return;
        };
        // A text may say that there are none.
        let mut rows: Vec<(usize, &Value)> = rows.as_array().into_iter().flatten().enumerate().collect();
        if !collection.order.is_empty() {
            self.sort(path, collection, &mut rows);
        }
        let mut listed = HashSet::new();
        for (number, object) in rows {
            let pointer = child(pointer, number);
            match object {
                Value::Object(object) => {
                    let number = self.object(&pointer, path, collection, object);
                    if !listed.insert(number) {
                        let message = "an object before it in this list has the same key";
                        self.problems.add(&pointer, message, "remove one of them, or change its key");
                    }
                }
                _ => self.problems.add(&pointer, "this is no object", "write what `GET` answers"),
            }
        }
    }

    /// Puts the objects that `rows` names behind the others, in the order in which they were made.
    fn sort(&mut self, path: &str, collection: &Collection, rows: &mut [(usize, &Value)]) {
        let Some(order) = self.made.get(path.trim_matches('/')).and_then(Value::as_array) else { return };
        let Some(field) = collection.lookup.as_ref().map(|lookup| lookup.path.clone()) else { return };
        let properties = self.properties.of(self.drafts, path);
        let named = properties.iter().find(|(_, kept)| **kept == Kept::Field(field.clone()));
        let Some(property) = named.map(|(name, _)| name.clone()) else { return };
        let numbered = order.iter().map(super::text::text).enumerate();
        let places: HashMap<String, usize> = numbered.map(|(place, name)| (name, place)).collect();
        let place = |object: &Value| places.get(&super::text::text(object.get(&property)?)).copied();
        rows.sort_by_cached_key(|(_, object)| place(object));
    }

    /// Returns the list that shows an object as what it is: a list of a base shows rows of other models.
    fn list_of(&self, path: &str, collection: &Collection, object: &Map<String, Value>) -> (String, String) {
        let definition = self.drafts.definition;
        let named = object.get("meta_model_name").and_then(Value::as_str);
        let model =
            named.filter(|model| self.drafts.is_a(model, &collection.model) && **model != collection.model);
        let Some(model) = model else { return (path.to_owned(), collection.model.clone()) };
        let own = definition.collections.iter().filter(|(_, collection)| collection.model == model);
        let own = own.max_by_key(|(_, collection)| collection.operations.len());
        (own.map_or(path, |(path, _)| path).to_owned(), model.to_owned())
    }

    /// Adds the row that an object is; returns its number.
    fn object(
        &mut self,
        pointer: &str,
        path: &str,
        collection: &Collection,
        object: &Map<String, Value>,
    ) -> usize {
        let (path, model) = self.list_of(path, collection, object);
        let key = self.drafts.key(&model);
        let properties = self.properties.of(self.drafts, &path);
        let is_key = |name: &&String| properties.get(*name) == Some(&Kept::Field(key.to_owned()));
        let key = object.keys().find(is_key).and_then(|name| object.get(name)).cloned().unwrap_or_default();
        let number = self.drafts.add(&model, pointer, &key);
        self.fill(number, pointer, &path, object);
        number
    }

    /// Fills a row with what an object says and the row does not have yet.
    pub(super) fn fill(&mut self, number: usize, pointer: &str, path: &str, object: &Map<String, Value>) {
        let properties = self.properties.of(self.drafts, path);
        // A field says more than what is shown of it by another name, and a key more than the object that it names.
        let mut members: Vec<_> = object.iter().collect();
        members.sort_by_key(|(name, _)| match properties.get(*name) {
            Some(Kept::Field(field)) if field == *name => 0,
            Some(Kept::Field(_)) => 1,
            _ => 2,
        });
        for (name, value) in members {
            if let Some(kept) = properties.get(name) {
                self.property(number, &child(pointer, name), name, kept, value);
            } else {
                let mut known: Vec<&str> = properties.keys().map(String::as_str).collect();
                known.sort_unstable();
                let help = format!("remove it, or use one of {}", known.join(", "));
                let place = child(pointer, name);
                self.problems.add(&place, "objects of this list have no such property", &help);
            }
        }
    }

    fn property(&mut self, number: usize, pointer: &str, name: &str, kept: &Kept, value: &Value) {
        match kept {
            Kept::Field(field) => {
                let model = self.drafts.at(number).map(|draft| draft.model.clone()).unwrap_or_default();
                if let Some(kind) = self
                    .drafts
                    .field(&model, field)
                    .map(|field| field.kind)
                    .filter(|kind| !fits(*kind, value))
                {
                    self.problems.add(pointer, &format!("this is no {}", called(kind)), "change the value");
                }
                self.set(number, field, name, value.clone());
            }
            Kept::Key { field, property } => {
                let key = |object: &Value| object.get(property).cloned();
                let key = match value {
                    Value::Array(items) => Some(items.iter().filter_map(key).collect()),
                    Value::Null => Some(Value::Null),
                    value => key(value),
                };
                if let Some(key) = key {
                    self.set(number, field, name, key);
                }
            }
            Kept::OwnKey(field) => {
                let (field, value) = (field.clone(), value.clone());
                self.links.push((number, pointer.to_owned(), Link::OwnKey { field, value }));
            }
            Kept::Found { field, model, by, property } => {
                let value = property.as_ref().map_or(Some(value), |property| value.get(property));
                if let Some(value) = value.cloned() {
                    let (field, model, by) = (field.clone(), model.clone(), by.clone());
                    self.links.push((number, pointer.to_owned(), Link::Found { field, model, by, value }));
                }
            }
            Kept::Listed { model, field } => {
                let keys = value.as_array().cloned().unwrap_or_default();
                let (model, field) = (model.clone(), field.clone());
                self.links.push((number, pointer.to_owned(), Link::Listed { model, field, keys }));
            }
            Kept::Parts { model, field } => self.parts(number, pointer, (model, field), value),
            Kept::Shown { field: Some(field), .. } if stored(value).is_some() => {
                self.set(number, field, name, stored(value).unwrap_or_default());
            }
            Kept::Shown { function, field: Some(field) } if !value.is_null() => {
                let value = match value.as_array() {
                    Some(words) => {
                        Value::from(words.iter().map(super::text::text).collect::<Vec<_>>().join(" "))
                    }
                    None => value.clone(),
                };
                if let Some(draft) = self.drafts.at(number) {
                    draft.shown.push((function.clone(), field.clone(), value));
                }
            }
            Kept::Shown { .. } | Kept::Elsewhere => {}
        }
    }

    fn set(&mut self, number: usize, field: &str, property: &str, value: Value) {
        if let Some(draft) = self.drafts.at(number) {
            draft.set(field, property, value);
        }
    }

    /// Adds the rows that are shown within the row that they name, and nowhere else.
    fn parts(&mut self, number: usize, pointer: &str, (model, field): (&str, &str), value: &Value) {
        let own = self.drafts.at(number).map(|draft| (draft.model.clone(), draft.values.clone()));
        let own =
            own.and_then(|(model, values)| values.get(self.drafts.key(&model)).cloned()).unwrap_or_default();
        for (item, part) in value.as_array().into_iter().flatten().enumerate() {
            let part_number = self.drafts.add(model, &child(pointer, item), &Value::Null);
            for (name, value) in part.as_object().into_iter().flatten() {
                if self.drafts.field(model, name).is_some() {
                    self.set(part_number, name, name, value.clone());
                }
            }
            self.set(part_number, field, "", own.clone());
        }
    }

    /// Sets what rows say of each other.
    pub(super) fn link(&mut self) {
        let mut known: HashMap<(String, String), HashMap<String, usize>> = HashMap::new();
        for (number, pointer, link) in std::mem::take(&mut self.links) {
            match link {
                Link::Found { field, model, by, value } => {
                    let rows = known.entry((model.clone(), by.clone()));
                    let rows = rows.or_insert_with(|| self.drafts.by(&model, &by));
                    let found = rows.get(&super::text::text(&value)).copied();
                    let key = self.drafts.key(&model);
                    let found = found.and_then(|found| self.drafts.at(found)?.values.get(key).cloned());
                    match found {
                        Some(found) => self.set(number, &field, "", found),
                        None => self.problems.add(
                            &pointer,
                            &format!("there is no `{model}` whose `{by}` is {value}"),
                            "add one to its list",
                        ),
                    }
                }
                Link::OwnKey { field, value } => {
                    let model = self.drafts.at(number).map(|draft| draft.model.clone()).unwrap_or_default();
                    let found = self.drafts.reference(&model, &field).and_then(|reference| {
                        let found = self.drafts.find_own(&reference.model, &value)?;
                        let key = self.drafts.key(&reference.model);
                        self.drafts.at(found)?.values.get(key).cloned()
                    });
                    let property = pointer.rsplit('/').next().unwrap_or_default();
                    self.set(number, &field, property, found.unwrap_or(value));
                }
                Link::Listed { model, field, keys } => {
                    self.list_keys(number, &pointer, (&model, &field), &keys);
                }
            }
        }
    }

    fn list_keys(&mut self, number: usize, pointer: &str, (model, field): (&str, &str), keys: &[Value]) {
        let own = self.drafts.at(number).map(|draft| (draft.model.clone(), draft.values.clone()));
        let Some((own_model, values)) = own else { return };
        let Some(own) = values.get(self.drafts.key(&own_model)).cloned() else { return };
        let is_many = self.drafts.reference(model, field).is_some_and(|reference| reference.many);
        for (item, key) in keys.iter().enumerate() {
            match self.drafts.find(model, key).and_then(|found| self.drafts.at(found)) {
                Some(draft) if is_many => draft.join(field, &own),
                Some(draft) => draft.set(field, "", own.clone()),
                None => {
                    let message = format!("there is no `{model}` {key}");
                    self.problems.add(
                        &child(pointer, item),
                        &message,
                        "add it to its list, or remove its key here",
                    );
                }
            }
        }
    }
}

/// Returns what a row keeps of an uploaded file: `{"file": NAME}`, or the address that is shown for it, which says the name.
fn stored(value: &Value) -> Option<Value> {
    match value {
        Value::String(address) => icon::file(address).map(Value::from),
        value => value.get("file").cloned(),
    }
}

/// Returns `true` if a value is one of a kind, or null.
fn fits(kind: Kind, value: &Value) -> bool {
    match kind {
        _ if value.is_null() => true,
        Kind::Any => true,
        Kind::Text => value.is_string(),
        // A choice is shown as a text, even one of numbers.
        Kind::Number => value.is_number() || value.as_str().is_some_and(|text| text.parse::<i64>().is_ok()),
        Kind::Boolean => value.is_boolean(),
        Kind::DateTime => {
            value.as_str().is_some_and(|text| chrono::DateTime::parse_from_rfc3339(text).is_ok())
        }
    }
}

fn called(kind: Kind) -> &'static str {
    match kind {
        Kind::Any => "value",
        Kind::Text => "text",
        Kind::Number => "number",
        Kind::Boolean => "true or false",
        Kind::DateTime => "date-time of RFC 3339",
    }
}
