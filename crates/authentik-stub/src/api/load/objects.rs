//! The objects of lists, as rows.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use openapi_resources::definition::{Collection, Kind};
use openapi_resources::plan::{Column, ModelId};
use openapi_resources::pointer::child;
use serde_json::{Map, Value};

use super::draft::{Drafts, Place};
use super::problem::Problems;
use super::properties::{Kept, Properties};
use super::text::text;
use crate::api::icon;
use crate::api::viewsets::Viewsets;

/// The things that other rows say of a row, for when all are there.
#[derive(Debug)]
enum Link {
    /// The rows of `model` with these keys name the row in `field`.
    Listed { model: ModelId, field: usize, keys: Vec<Value> },
    /// The row names a row in `field`, by its own key.
    OwnKey { field: usize, value: Value },
    /// The row names, in `field`, the row of `model` that has `value` in `by`.
    Found { field: usize, model: ModelId, by: String, value: Value },
}

/// A link of a row, and the object and the property that say it.
#[derive(Debug)]
struct Linked {
    number: usize,
    place: Place,
    property: String,
    link: Link,
}

/// The rows that objects become.
#[derive(Debug)]
pub(super) struct Objects<'a, 'd> {
    drafts: &'a mut Drafts<'d>,
    problems: &'a mut Problems,
    properties: Properties,
    links: Vec<Linked>,
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
    objects.follow(&fixture["used_by"], viewsets);
}

impl<'a, 'd> Objects<'a, 'd> {
    pub(super) fn new(drafts: &'a mut Drafts<'d>, problems: &'a mut Problems) -> Self {
        Self { drafts, problems, properties: Properties::default(), links: Vec::new(), made: &Value::Null }
    }

    fn list(&mut self, pointer: &str, path: &str, rows: &Value, viewsets: &Viewsets) {
        let plan = self.drafts.plan;
        let collection = plan.definition().collections.get(path);
        let model = collection.and_then(|collection| plan.model(&collection.model));
        let Some((collection, model)) = collection.zip(model) else {
            // Of some lists the program makes the objects itself.
            if viewsets.at(path).is_none() {
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
            self.sort(path, (collection, model), &mut rows);
        }
        let (list, mut listed) = (Rc::from(pointer), HashSet::with_capacity(rows.len()));
        self.drafts.reserve(model, rows.len());
        for (number, object) in rows {
            let place = Place::item(&list, number);
            match object {
                Value::Object(object) => {
                    let number = self.object(&place, path, model, object);
                    if !listed.insert(number) {
                        let message = "an object before it in this list has the same key";
                        let help = "remove one of them, or change its key";
                        self.problems.add(&place.to_string(), message, help);
                    }
                }
                _ => self.problems.add(&place.to_string(), "this is no object", "write what `GET` answers"),
            }
        }
    }

    /// Puts the objects that `rows` names behind the others, in the order in which they were made.
    fn sort(
        &mut self,
        path: &str,
        (collection, model): (&Collection, ModelId),
        rows: &mut [(usize, &Value)],
    ) {
        let plan = self.drafts.plan;
        let Some(order) = self.made.get(path.trim_matches('/')).and_then(Value::as_array) else { return };
        let Some(lookup) = collection.lookup.as_ref() else { return };
        let Some(field) = plan.column(model, &lookup.path) else { return };
        let properties = self.properties.of(plan, path);
        let Some((property, _)) = properties.iter().find(|(_, it)| it.kept == Kept::Field(field)) else {
            return;
        };
        let numbered = order.iter().map(text).enumerate();
        let places: HashMap<_, usize> = numbered.map(|(place, name)| (name, place)).collect();
        let place = |object: &Value| places.get(&text(object.get(property)?)).copied();
        rows.sort_by_cached_key(|(_, object)| place(object));
    }

    /// Returns the list that shows an object as what it is, and its model: a list of a base shows rows of other models.
    fn list_of<'p>(&self, path: &'p str, model: ModelId, object: &Map<String, Value>) -> (&'p str, ModelId)
    where
        'd: 'p,
    {
        let plan = self.drafts.plan;
        let named = object.get("meta_model_name").and_then(Value::as_str).and_then(|name| plan.model(name));
        let Some(named) = named.filter(|named| *named != model && plan.is_a(*named, model)) else {
            return (path, model);
        };
        let collections = plan.definition().collections.iter();
        let own = collections.filter(|(_, collection)| collection.model == plan.model_name(named));
        let own = own.max_by_key(|(_, collection)| collection.operations.len());
        (own.map_or(path, |(path, _)| path.as_str()), named)
    }

    /// Adds the row that an object is; returns its number.
    fn object(&mut self, place: &Place, path: &str, model: ModelId, object: &Map<String, Value>) -> usize {
        let (path, model) = self.list_of(path, model, object);
        let plan = self.drafts.plan;
        let (key, properties) = (plan.key(model), self.properties.of(plan, path));
        let is_key =
            |name: &str| properties.get(name).is_some_and(|property| property.kept == Kept::Field(key));
        let key = object.iter().find(|(name, _)| is_key(name)).map_or(&Value::Null, |(_, key)| key);
        let number = self.drafts.add(model, place.clone(), key);
        let known = self.drafts.at(number).map_or(model, |known| known.model);
        if !plan.is_a(known, model) && !plan.is_a(model, known) {
            let message = format!("an object of `{}` has the same key", plan.model_name(known));
            self.problems.add(&place.to_string(), &message, "change the key of one of them");
            return number;
        }
        self.fill(number, place, path, object);
        number
    }

    /// Fills a row with what an object says and the row does not have yet.
    pub(super) fn fill(&mut self, number: usize, place: &Place, path: &str, object: &Map<String, Value>) {
        let properties = self.properties.of(self.drafts.plan, path);
        self.drafts.reserve_values(number, object.len());
        let members = object.iter().map(|(name, value)| (name, value, properties.get(name)));
        let mut members: Vec<_> = members.collect();
        members.sort_by_key(|(_, _, property)| property.map_or(u8::MAX, |property| property.turn));
        for (name, value, property) in members {
            if let Some(property) = property {
                self.property((number, place), name, &property.kept, value);
            } else {
                let mut known: Vec<&str> = properties.keys().map(String::as_str).collect();
                known.sort_unstable();
                let help = format!("remove it, or use one of {}", known.join(", "));
                let message = "objects of this list have no such property";
                self.problems.add(&place.property(name), message, &help);
            }
        }
    }

    fn property(&mut self, (number, place): (usize, &Place), name: &str, kept: &Kept, value: &Value) {
        match kept {
            Kept::Field(field) => {
                let model = self.drafts.at(number).map(|draft| draft.model);
                let column = model.and_then(|model| self.drafts.column(model, *field));
                if let Some(column) = column.filter(|column| !fits(column, value)) {
                    let message = format!("this is no {}", called(column.kind));
                    self.problems.add(&place.property(name), &message, "change the value");
                }
                self.drafts.set(number, *field, name, value.clone());
            }
            Kept::Key { field, property } => {
                let key = |object: &Value| object.get(property).cloned();
                let key = match value {
                    Value::Array(items) => Some(items.iter().filter_map(key).collect()),
                    Value::Null => Some(Value::Null),
                    value => key(value),
                };
                if let Some(key) = key {
                    self.drafts.set(number, *field, name, key);
                }
            }
            Kept::OwnKey(field) => {
                self.later(number, place, name, Link::OwnKey { field: *field, value: value.clone() });
            }
            Kept::Found { field, model, by, property } => {
                let value = property.as_ref().map_or(Some(value), |property| value.get(property));
                if let Some(value) = value.cloned() {
                    let link = Link::Found { field: *field, model: *model, by: by.clone(), value };
                    self.later(number, place, name, link);
                }
            }
            Kept::Listed { model, field } => {
                let keys = value.as_array().cloned().unwrap_or_default();
                if !keys.is_empty() {
                    self.later(number, place, name, Link::Listed { model: *model, field: *field, keys });
                }
            }
            Kept::Parts { model, field } => {
                self.parts(number, &place.property(name), (*model, *field), value);
            }
            Kept::Shown { field: Some(field), .. } if stored(value).is_some() => {
                self.drafts.set(number, field.as_str(), name, stored(value).unwrap_or_default());
            }
            Kept::Shown { function, field: Some(field) } if !value.is_null() => {
                let value = match value.as_array() {
                    Some(words) => Value::from(words.iter().map(text).collect::<Vec<_>>().join(" ")),
                    None => value.clone(),
                };
                if let Some(draft) = self.drafts.at_mut(number) {
                    draft.shown.push((function.clone(), field.clone(), value));
                }
            }
            Kept::Shown { .. } | Kept::Elsewhere => {}
        }
    }

    /// Notes what a property says of other rows, for when all are there.
    fn later(&mut self, number: usize, place: &Place, property: &str, link: Link) {
        self.links.push(Linked { number, place: place.clone(), property: property.to_owned(), link });
    }

    /// Adds the rows that are shown within the row that they name, and nowhere else.
    fn parts(&mut self, number: usize, pointer: &str, (model, field): (ModelId, usize), value: &Value) {
        let own = self.own_key(number).unwrap_or_default();
        for (item, part) in value.as_array().into_iter().flatten().enumerate() {
            let part_number = self.drafts.add(model, Place::from(child(pointer, item)), &Value::Null);
            for (name, value) in part.as_object().into_iter().flatten() {
                self.drafts.set(part_number, name.as_str(), name, value.clone());
            }
            self.drafts.set(part_number, field, "", own.clone());
        }
    }

    /// Notes the order in which rows are told that use an object, of models that have no order of their own.
    fn follow(&mut self, used_by: &Value, viewsets: &Viewsets) {
        let plan = self.drafts.plan;
        for (list, objects) in used_by.as_object().into_iter().flatten() {
            let collection = plan.definition().collections.get(&format!("/{list}/"));
            let about = collection.and_then(|collection| {
                plan.model(&collection.model).zip(viewsets.models.get(&collection.model))
            });
            let Some((object, about)) = about else { continue };
            let objects = objects.as_object().into_iter().flatten();
            for rows in objects.filter_map(|(_, rows)| rows.as_array()) {
                let model = |row: &Value| format!("{}.{}", text(&row["app"]), text(&row["model_name"]));
                for rows in rows.chunk_by(|one, other| model(one) == model(other)) {
                    let model = rows.first().map(model).unwrap_or_default();
                    let mut users = about.used_by.iter().filter(|user| user.model == model);
                    // What an object lists itself comes as it does.
                    if users.any(|user| user.order.is_empty() && plan.column(object, &user.path).is_none()) {
                        let found =
                            rows.iter().filter_map(|row| self.drafts.find(model.as_str(), &row["pk"]));
                        self.drafts.listed.push(found.collect());
                    }
                }
            }
        }
    }

    /// Returns the key of a row in its own model.
    fn own_key(&self, number: usize) -> Option<Value> {
        self.drafts.key(self.drafts.at(number)?.model, number).cloned()
    }

    /// Sets what rows say of each other.
    pub(super) fn link(&mut self) {
        let mut known: HashMap<(ModelId, String), HashMap<String, usize>> = HashMap::new();
        for Linked { number, place, property, link } in std::mem::take(&mut self.links) {
            match link {
                Link::Found { field, model, by, value } => {
                    let rows = known.entry((model, by));
                    let (_, by) = rows.key();
                    let by = by.clone();
                    let rows = rows.or_insert_with(|| self.drafts.by(model, &by));
                    let found = rows.get(&*text(&value)).copied();
                    match found.and_then(|found| self.drafts.key(model, found).cloned()) {
                        Some(found) => self.drafts.set(number, field, "", found),
                        None => self.problems.add(
                            &place.property(&property),
                            &format!(
                                "there is no `{}` whose `{by}` is {value}",
                                self.drafts.plan.model_name(model)
                            ),
                            "add one to its list",
                        ),
                    }
                }
                Link::OwnKey { field, value } => {
                    let model = self.drafts.at(number).map(|draft| draft.model);
                    let reference = model.and_then(|model| self.drafts.reference(model, field));
                    let found = reference.and_then(|reference| {
                        let found = self.drafts.find_own(reference.model, &value)?;
                        self.drafts.key(reference.model, found).cloned()
                    });
                    self.drafts.set(number, field, &property, found.unwrap_or(value));
                }
                Link::Listed { model, field, keys } => {
                    self.list_keys(number, &place.property(&property), (model, field), &keys);
                }
            }
        }
    }

    fn list_keys(&mut self, number: usize, pointer: &str, (model, field): (ModelId, usize), keys: &[Value]) {
        let Some(own) = self.own_key(number) else { return };
        let is_many = self.drafts.reference(model, field).is_some_and(|reference| reference.many);
        let found: Vec<_> = keys.iter().map(|key| self.drafts.find(model, key)).collect();
        self.drafts.listed.push(found.iter().flatten().copied().collect());
        for (item, (key, found)) in keys.iter().zip(found).enumerate() {
            match found {
                Some(found) if is_many => self.drafts.join(found, field, &own),
                Some(found) => self.drafts.set(found, field, "", own.clone()),
                None => {
                    let message = format!("there is no `{}` {key}", self.drafts.plan.model_name(model));
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

/// Returns `true` if a value is null, or one of the kind of a field.
fn fits(column: &Column, value: &Value) -> bool {
    let is_one = |value: &Value| match column.kind {
        Kind::Any => true,
        Kind::Text => value.is_string(),
        // A choice is shown as a text, even one of numbers.
        Kind::Number => value.is_number() || value.as_str().is_some_and(|text| text.parse::<i64>().is_ok()),
        Kind::Boolean => value.is_boolean(),
        Kind::DateTime => {
            value.as_str().is_some_and(|text| chrono::DateTime::parse_from_rfc3339(text).is_ok())
        }
    };
    match value {
        Value::Null => true,
        Value::Array(items) if column.reference.is_some_and(|reference| reference.many) => {
            items.iter().all(is_one)
        }
        value => is_one(value),
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
