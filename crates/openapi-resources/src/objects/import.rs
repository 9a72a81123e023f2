//! Objects as rows. Everything that is wrong is told at once.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::pointer::child;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::lists::{BESIDE, List, OBJECTS, key_property, lists};
use crate::definition::Kind;
use crate::entries;
use crate::ids::{ModelId, RowId, ViewId};
use crate::layout::Column;
use crate::plan::{Plan, Problem, SourcePlan};
use crate::reader::plain;
use crate::state::State;
use crate::transaction::Transaction;

/// The greatest number of a row that is read, so that others can follow. JSON is exact up to here in every language.
const MAX_ROW: u64 = (1 << 53) - 1;

/// The facts about a row that no answer shows.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Beside {
    row: Option<u64>,
    model: Option<String>,
    values: Map<String, Value>,
}

/// A row that is about to be made.
struct Draft {
    number: Option<u64>,
    model: ModelId,
    values: Map<String, Value>,
    pointer: String,
    /// The properties that fields were read from.
    properties: HashMap<String, String>,
}

/// The rows that are read, and what is wrong with them.
struct Reading<'a> {
    plan: &'a Plan,
    drafts: Vec<Draft>,
    problems: Vec<Problem>,
}

/// Returns the rows that a value describes.
///
/// # Errors
/// With everything that is wrong.
pub(super) fn import(plan: &Plan, value: &Value) -> Result<State, Vec<Problem>> {
    let mut reading = Reading { plan, drafts: Vec::new(), problems: Vec::new() };
    let sections = reading.object("", Some(value));
    if value.is_object() && value.get(OBJECTS).is_none() {
        reading.problem("", "there are no `objects`", "write {\"objects\": {…}}");
    }
    for name in sections.keys().filter(|name| ![OBJECTS, BESIDE].contains(&name.as_str())) {
        reading.problem(child("", name), "there is no such section", "use `objects` and `beside`");
    }
    let (pointer, beside) = (child("", BESIDE), value.get(BESIDE));
    let parts = ["objects", "rows", "sequences"];
    let members = reading.object(&pointer, beside);
    for name in members.keys().filter(|name| !parts.contains(&name.as_str())) {
        reading.problem(
            child(&pointer, name),
            "there is no such part",
            "use `objects`, `rows` and `sequences`",
        );
    }
    let part = |name: &str| beside.and_then(|beside| beside.get(name));
    let mut besides = reading.besides(&child(&pointer, OBJECTS), part(OBJECTS));
    reading.objects(&child("", OBJECTS), value.get(OBJECTS), &mut besides);
    for pointer in besides.into_values().map(|(pointer, _)| pointer) {
        reading.problem(pointer, "`objects` have no such object", "remove this, or add the object");
    }
    reading.rows(&child(&pointer, "rows"), part("rows"));
    let sequences = reading.sequences(&child(&pointer, "sequences"), part("sequences"));
    reading.finish(&sequences)
}

/// The facts beside objects, by list and key, each with its place.
type Besides = BTreeMap<(String, String), (String, Beside)>;

impl<'a> Reading<'a> {
    fn problem(&mut self, pointer: impl Into<String>, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem::new(pointer, message, help));
    }

    /// Returns the members of an object; none if it is left out or something else.
    fn object<'v>(&mut self, pointer: &str, value: Option<&'v Value>) -> Cow<'v, Map<String, Value>> {
        match value {
            Some(Value::Object(members)) => Cow::Borrowed(members),
            None => Cow::Owned(Map::new()),
            Some(_) => {
                self.problem(pointer, "this is no object", "write {…}");
                Cow::Owned(Map::new())
            }
        }
    }

    fn beside(&mut self, pointer: &str, value: &Value) -> Option<Beside> {
        let beside = match Beside::deserialize(value) {
            Ok(beside) => beside,
            Err(error) => {
                self.problem(
                    pointer,
                    error.to_string(),
                    "write {\"row\": NUMBER, \"values\": {FIELD: VALUE}}",
                );
                return None;
            }
        };
        if beside.row.is_some_and(|row| row > MAX_ROW) {
            self.problem(child(pointer, "row"), "no row has such a number", "choose a smaller one");
            return None;
        }
        Some(beside)
    }

    fn besides(&mut self, pointer: &str, value: Option<&Value>) -> Besides {
        let mut besides = Besides::new();
        for (list, members) in self.object(pointer, value).iter() {
            let pointer = child(pointer, list);
            for (key, value) in self.object(&pointer, Some(members)).iter() {
                let pointer = child(&pointer, key);
                if let Some(beside) = self.beside(&pointer, value) {
                    besides.insert((list.clone(), key.clone()), (pointer, beside));
                }
            }
        }
        besides
    }

    fn objects(&mut self, pointer: &str, value: Option<&Value>, besides: &mut Besides) {
        let lists = lists(self.plan);
        for (name, objects) in self.object(pointer, value).iter() {
            let pointer = child(pointer, name);
            let Some(list) = lists.iter().find(|list| list.name == name.trim_matches('/')) else {
                let known: Vec<&str> = lists.iter().map(|list| list.name).collect();
                self.problem(pointer, "there is no such list", format!("use one of: {}", known.join(", ")));
                continue;
            };
            let Some(objects) = objects.as_array() else {
                self.problem(pointer, "this is no list of objects", "write [{…}, …]");
                continue;
            };
            for (number, object) in objects.iter().enumerate() {
                let pointer = child(&pointer, number);
                match object.as_object() {
                    Some(object) => self.one(&pointer, list, object, besides),
                    None => self.problem(pointer, "this is no object", "write {…}"),
                }
            }
        }
    }

    /// Reads one object of a list.
    fn one(&mut self, pointer: &str, list: &List<'_>, object: &Map<String, Value>, besides: &mut Besides) {
        let plan = self.plan;
        let key = key_property(plan, list.model, list.view).and_then(|name| object.get(name)).map(plain);
        let beside = key.and_then(|key| besides.remove(&(list.name.to_owned(), key)));
        let (place, beside) = beside.unwrap_or_default();
        let model = match beside.model.as_deref().map(|name| (name, plan.model(name))) {
            None => list.model,
            Some((_, Some(model))) if plan.is_a(model, list.model) => model,
            Some((name, _)) => {
                let message = format!("no object of this list is a row of `{name}`");
                return self.problem(child(&place, "model"), message, "leave the model out");
            }
        };
        let view = list.view_of(plan, model);
        let mut draft = self.draft(beside.row, model, pointer, &place, beside.values);
        for (name, value) in object {
            let Some(source) = self.property(list, view, name) else {
                let help = format!("use one of: {}", self.known(list, view).join(", "));
                self.problem(child(pointer, name), "there is no such property", help);
                continue;
            };
            // What comes from elsewhere is not the row's own.
            let SourcePlan::Column(column) = source else { continue };
            let Some(column) = plan.layout.at(model).columns.get(*column) else { continue };
            if !fits(column, value) {
                let message = format!("this is no {}: {}", kind_of(column), excerpt(value));
                self.problem(child(pointer, name), message, "change it to what the API answers");
            }
            draft.values.insert(column.name.clone(), value.clone());
            draft.properties.insert(column.name.clone(), name.clone());
        }
        for (column, value) in list.fixed {
            let name = &plan.layout.column(list.model, *column).name;
            if !draft.values.contains_key(name) {
                draft.values.insert(name.clone(), value.clone());
            }
        }
        self.drafts.push(draft);
    }

    /// Returns the source of a property: that of what answers show, before that of what requests call by the same name.
    fn property(&self, list: &List<'_>, view: ViewId, name: &str) -> Option<&'a SourcePlan> {
        let mut properties = self.views(list, view).flat_map(|view| &self.plan.view_at(view).properties);
        properties.find(|property| property.name == name).map(|property| &property.source)
    }

    /// Returns the views of a list: that which shows the object, and those by which bodies are read.
    fn views(&self, list: &List<'_>, view: ViewId) -> impl Iterator<Item = ViewId> {
        let collection = self.plan.definition.collections.get_index(list.number);
        let operations = collection.into_iter().flat_map(|(_, collection)| collection.operations.values());
        let names =
            operations.flat_map(|operation| [operation.answer.as_deref(), operation.request.as_deref()]);
        let others = names.flatten().filter_map(|name| self.plan.view(name));
        std::iter::once(view).chain(others)
    }

    fn known(&self, list: &List<'_>, view: ViewId) -> Vec<&'a str> {
        let properties = self.views(list, view).flat_map(|view| &self.plan.view_at(view).properties);
        let mut known: Vec<&str> = Vec::new();
        for property in properties {
            if !known.contains(&property.name.as_str()) {
                known.push(&property.name);
            }
        }
        known
    }

    /// Returns a draft with the fields that are said beside it.
    fn draft(
        &mut self,
        number: Option<u64>,
        model: ModelId,
        pointer: &str,
        place: &str,
        values: Map<String, Value>,
    ) -> Draft {
        let fields = &self.plan.layout.at(model).by_name;
        let unknown: Vec<String> =
            values.keys().filter(|name| !fields.contains_key(*name)).cloned().collect();
        for name in unknown {
            let message = format!("the model `{}` has no such field", self.plan.model_name(model));
            self.problem(child(&child(place, "values"), &name), message, "remove it");
        }
        let values = values.into_iter().filter(|(name, _)| fields.contains_key(name)).collect();
        Draft { number, model, values, pointer: pointer.to_owned(), properties: HashMap::new() }
    }

    /// Reads the rows that no list shows.
    fn rows(&mut self, pointer: &str, rows: Option<&Value>) {
        let rows = match rows {
            None => return,
            Some(Value::Array(rows)) => rows,
            Some(_) => return self.problem(pointer, "this is no list of rows", "write [{…}, …]"),
        };
        for (number, row) in rows.iter().enumerate() {
            let pointer = child(pointer, number);
            let Some(beside) = self.beside(&pointer, row) else { continue };
            match beside.model.as_deref().and_then(|name| self.plan.model(name)) {
                Some(model) => {
                    let draft = self.draft(beside.row, model, &pointer, &pointer, beside.values);
                    self.drafts.push(draft);
                }
                None => self.problem(pointer, "there is no such model", "name one in `model`"),
            }
        }
    }

    fn sequences(&mut self, pointer: &str, value: Option<&Value>) -> Vec<(ModelId, String, i64)> {
        let mut sequences = Vec::new();
        for (name, last) in self.object(pointer, value).iter() {
            let known = name.rsplit_once('/').and_then(|(model, field)| {
                let model = self.plan.model(model)?;
                self.plan.layout.at(model).by_name.contains_key(field).then_some((model, field))
            });
            match (known, last.as_i64()) {
                (Some((model, field)), Some(last)) => sequences.push((model, field.to_owned(), last)),
                _ => self.problem(
                    child(pointer, name),
                    "this is no sequence",
                    "write {\"MODEL/FIELD\": NUMBER}",
                ),
            }
        }
        sequences
    }

    /// Makes the rows, unless something is wrong.
    fn finish(mut self, sequences: &[(ModelId, String, i64)]) -> Result<State, Vec<Problem>> {
        let (plan, layout) = (self.plan, &self.plan.layout);
        let mut transaction = Transaction::new(plan, State::empty(layout));
        let mut taken = HashSet::new();
        let mut drafts = std::mem::take(&mut self.drafts);
        // Those without a number come after those that have one.
        drafts.sort_by_key(|draft| draft.number.unwrap_or(u64::MAX));
        let mut made: HashMap<RowId, &Draft> = HashMap::new();
        let (mut numbered, mut others) = (Vec::new(), Vec::new());
        for draft in &drafts {
            match draft.number {
                Some(number) if !taken.insert(number) => {
                    let message = format!("another row has the number {number}");
                    self.problem(&draft.pointer, message, "give each row a `row` of its own");
                }
                Some(number) => {
                    numbered.push(entries::row(layout, RowId(number), draft.model, draft.values.clone()));
                    made.insert(RowId(number), draft);
                }
                None => others.push(draft),
            }
        }
        transaction.place(numbered);
        let values = |draft: &Draft| {
            let fields = draft.values.iter();
            let columns = fields
                .filter_map(|(name, value)| Some((plan.column(draft.model, name)?, Arc::new(value.clone()))));
            columns.collect()
        };
        let restored = transaction.restore(others.iter().map(|draft| (draft.model, values(draft))).collect());
        made.extend(restored.into_iter().zip(others));
        for (model, field, last) in sequences {
            transaction.advance(*model, field, *last);
        }
        for (row, violation) in transaction.broken() {
            let Some(draft) = made.get(&row) else { continue };
            let property = violation.fields().next().and_then(|field| draft.properties.get(field));
            let pointer = property.map_or_else(|| draft.pointer.clone(), |name| child(&draft.pointer, name));
            self.problem(
                pointer,
                violation.to_string(),
                "change this object, or the one that it does not fit to",
            );
        }
        if !self.problems.is_empty() {
            return Err(self.problems);
        }
        let finished = transaction.finish().map(|(state, _)| state);
        finished.map_err(|violations| {
            let told =
                violations.iter().map(|violation| Problem::new("", violation.to_string(), "correct it"));
            told.collect()
        })
    }
}

/// Returns `true` if a value is of the kind of a field. Whether it may be null is a rule of rows.
fn fits(column: &Column, value: &Value) -> bool {
    let is = |value: &Value| match column.kind {
        Kind::Any => true,
        Kind::Text | Kind::DateTime => value.is_string(),
        // A number may be written as a text, so that it keeps its digits.
        Kind::Number => value.is_number() || value.as_str().is_some_and(|text| text.parse::<f64>().is_ok()),
        Kind::Boolean => value.is_boolean(),
    };
    match value {
        Value::Null => true,
        Value::Array(items) if column.reference.is_some_and(|reference| reference.many) => {
            items.iter().all(is)
        }
        value => is(value),
    }
}

fn kind_of(column: &Column) -> &'static str {
    match column.kind {
        Kind::Any => "value",
        Kind::Text => "text",
        Kind::DateTime => "time",
        Kind::Number => "number",
        Kind::Boolean => "true or false",
    }
}

/// Returns the beginning of a value.
fn excerpt(value: &Value) -> String {
    const LETTERS: usize = 40;
    let text = value.to_string();
    match text.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}
