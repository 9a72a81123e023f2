//! Changes of rows that happen together or not at all.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::definition::{Access, Fill, OnDelete};
use crate::ids::{IndexId, ModelId, RowId, ViewId};
use crate::key::Key;
use crate::layout::{Column, Layout, ReferencePlan};
use crate::path::{Path, Step};
use crate::plan::{Plan, SourcePlan};
use crate::reader::{Reader, Surroundings};
use crate::row::Row;
use crate::state::{State, items, keys_of};
use crate::supply::timestamp;
use crate::violation::Violation;

/// Changes of rows that happen together or not at all. The rules of the definition are checked when all are made, so
/// rows may be made in any order.
pub struct Transaction<'a> {
    plan: &'a Plan,
    layout: &'a Layout,
    state: State,
    /// The rows that were made, changed or deleted.
    touched: Touched,
    violations: Vec<Violation>,
    /// The number of rows touched when no rule was broken. Whoever changes a row adds it there.
    checked: Option<usize>,
    /// The place of a value that is to be drawn.
    undrawn: Arc<Value>,
}

/// A row that is being made.
struct Begun {
    id: RowId,
    model: ModelId,
    values: Box<[Arc<Value>]>,
    /// `true` if some of the values are to be drawn.
    draws: bool,
}

/// The number of entries that are looked at in the time in which one is found.
const SCAN: usize = 8;

/// Values of fields by their numbers.
pub type Values = Vec<(usize, Arc<Value>)>;

/// Rows, with their models.
pub(crate) type Touched = Vec<(ModelId, RowId)>;

/// The way in which a body is written into a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// It makes the row.
    Create,
    /// It replaces the row: what it does not have gets its default or else the value of a new row.
    Replace,
    /// It replaces what it has, and gives what it does not have its default.
    Keep,
    /// It replaces what it has.
    Assign,
    /// It replaces what it has, and the members that objects in it have.
    Merge,
}

impl<'a> Transaction<'a> {
    pub(crate) fn new(plan: &'a Plan, state: State) -> Self {
        Self {
            plan,
            layout: &plan.layout,
            state,
            touched: Vec::new(),
            violations: Vec::new(),
            checked: None,
            undrawn: Arc::new(Value::Null),
        }
    }

    /// Returns a reader of the rows as they are after the changes so far.
    #[must_use]
    pub fn reader(&self) -> Reader<'_> {
        Reader { layout: self.layout, state: &self.state, surroundings: Surroundings::default() }
    }

    /// Makes a row with these values of fields; the others are filled.
    pub fn insert(&mut self, model: ModelId, values: Map<String, Value>) -> RowId {
        let values = self.columns(model, values);
        self.insert_columns(model, values)
    }

    /// Makes rows that were kept elsewhere, with these values: like [`Transaction::insert`], but a time
    /// of the last change that is given stays, and what depends on other rows is made when those are there.
    pub fn restore(&mut self, rows: Vec<(ModelId, Values)>) -> Vec<RowId> {
        let rows: Vec<Begun> =
            rows.into_iter().map(|(model, given)| self.begun(model, given, true)).collect();
        let ids = rows.iter().map(|row| row.id).collect();
        let (mut drawing, whole) = rows.into_iter().partition::<Vec<_>, _>(|row| row.draws);
        let mut depending = self.place_begun(whole);
        // Those of rows that are there already are not drawn either.
        let given = depending.iter().chain(&drawing).flat_map(|row| self.given_uuids(row)).collect();
        for row in &mut drawing {
            self.draw(row, &given);
        }
        depending.extend(self.place_begun(drawing));
        depending.sort_by_key(|row| row.id);
        for row in depending {
            let row = self.finished(row);
            self.put(None, row);
        }
        ids
    }

    /// Makes the rows that depend on no others; returns the others.
    fn place_begun(&mut self, rows: Vec<Begun>) -> Vec<Begun> {
        let (depending, whole) = rows.into_iter().partition::<Vec<_>, _>(|row| self.depends(row));
        self.place(whole.into_iter().map(|row| self.finished(row)).collect());
        depending
    }

    /// Makes rows exactly as they were kept, under the numbers they had.
    pub(crate) fn place(&mut self, rows: Vec<Row>) {
        let last = rows.iter().map(|row| row.id.0).max().unwrap_or_default();
        self.state.next = self.state.next.max(last.saturating_add(1));
        self.touched.extend(rows.iter().map(|row| (row.model, row.id)));
        let rows: Vec<_> = rows.into_iter().map(Arc::new).collect();
        self.state.extend(self.layout, &rows);
    }

    /// Removes rows, whatever names them.
    pub(crate) fn discard(&mut self, rows: &BTreeSet<RowId>) {
        self.checked = None;
        for (model, id) in self.touched.clone().into_iter().filter(|(_, id)| rows.contains(id)) {
            if let Some(row) = self.state.row(self.layout.at(model).root(), id).cloned() {
                self.state.replace(self.layout, Some(&row), None);
            }
        }
    }

    /// Returns all rows, whatever rules they break.
    pub(crate) fn into_state(self) -> State {
        self.state
    }

    /// Changes values of a row.
    pub fn update(&mut self, model: ModelId, id: RowId, values: Map<String, Value>) {
        if let Some(row) = self.reader().row(model, id).cloned() {
            let values = self.columns(row.model, values);
            self.change(&row, values);
        }
    }

    fn columns(&mut self, model: ModelId, values: Map<String, Value>) -> Vec<(usize, Value)> {
        let plan = self.layout.at(model);
        let mut columns = Vec::new();
        for (field, value) in values {
            match plan.by_name.get(&field) {
                Some(column) => columns.push((*column, value)),
                None => self.violations.push(Violation::NoField { model: plan.name.clone(), field }),
            }
        }
        columns
    }

    pub(crate) fn insert_columns(
        &mut self,
        model: ModelId,
        given: Vec<(usize, impl Into<Arc<Value>>)>,
    ) -> RowId {
        let mut row = self.begun(model, given, false);
        self.draw(&mut row, &HashSet::new());
        let row = self.finished(row);
        self.put(None, row).id
    }

    /// Begins a row: gives it a number and every value that depends on no other row.
    fn begun(
        &mut self,
        model: ModelId,
        given: Vec<(usize, impl Into<Arc<Value>>)>,
        keeps_times: bool,
    ) -> Begun {
        let plan = self.layout.at(model);
        let id = RowId(self.state.next);
        self.state.next += 1;
        let mut values: Vec<Option<Arc<Value>>> = vec![None; plan.columns.len()];
        for (column, value) in given {
            if let Some(place) = values.get_mut(column) {
                *place = Some(value.into());
            }
        }
        let mut draws = false;
        let filled =
            plan.columns.iter().enumerate().zip(values).map(|((number, column), value)| match value {
                Some(value) if keeps_times || column.fill != Some(Fill::Changed) => {
                    if let (Value::Number(given), Some(Fill::Sequence)) = (&*value, &column.fill) {
                        self.state.saw(column.model, number, given.as_i64().unwrap_or_default());
                    }
                    value
                }
                _ if column.fill == Some(Fill::Uuid) => {
                    draws = true;
                    Arc::clone(&self.undrawn)
                }
                _ => self.fill(number, column),
            });
        let values = filled.collect();
        Begun { id, model, values, draws }
    }

    /// Returns the UUIDs of a row that are not drawn.
    fn given_uuids<'r>(&'r self, row: &'r Begun) -> impl Iterator<Item = Arc<Value>> + 'r {
        let columns = self.layout.at(row.model).columns.iter().zip(&row.values);
        let uuids = columns
            .filter(|(column, value)| column.fill == Some(Fill::Uuid) && !Arc::ptr_eq(value, &self.undrawn));
        uuids.map(|(_, value)| Arc::clone(value))
    }

    /// Draws the UUIDs of a row: others than those that are `given` to rows that are not there yet.
    fn draw(&self, row: &mut Begun, given: &HashSet<Arc<Value>>) {
        for (number, column) in self.layout.at(row.model).columns.iter().enumerate() {
            if let Some(place) = row.values.get_mut(number)
                && Arc::ptr_eq(place, &self.undrawn)
            {
                *place = Arc::new(self.new_uuid(number, column, given));
            }
        }
    }

    /// Returns `true` if values of a row depend on others.
    fn depends(&self, row: &Begun) -> bool {
        let mut columns = self.layout.at(row.model).columns.iter().zip(&row.values);
        columns.any(|(column, value)| value.is_null() && column.is_derived())
    }

    /// Returns the row with the values that depend on others.
    fn finished(&self, Begun { id, model, mut values, .. }: Begun) -> Row {
        let plan = self.layout.at(model);
        for (number, column) in plan.columns.iter().enumerate() {
            if column.is_derived() && values.get(number).is_some_and(|value| value.is_null()) {
                let row = Row::new(id, model, values, 0);
                let value = self.derived(column, &row);
                values = row.values;
                if let Some(place) = values.get_mut(number) {
                    *place = Arc::new(value);
                }
            }
        }
        Row::new(id, model, values, plan.slots)
    }

    /// Returns the value of a field that was given none. What templates and functions say comes later.
    fn fill(&mut self, number: usize, column: &Column) -> Arc<Value> {
        match &column.fill {
            Some(Fill::Uuid) => Arc::new(self.new_uuid(number, column, &HashSet::new())),
            Some(Fill::Sequence) => Arc::new(Value::from(self.state.next_of(column.model, number))),
            Some(Fill::Secret(length)) => Arc::new(Value::from(self.layout.supply.secret(*length))),
            Some(Fill::Created | Fill::Changed) => Arc::new(self.now()),
            Some(Fill::Value(_) | Fill::Template(_) | Fill::Function(_)) | None => {
                Arc::clone(&column.initial)
            }
        }
    }

    /// Returns a UUID that no other row has, where no two rows may have the same. With a seed, the same ones are drawn again
    /// after a reset.
    fn new_uuid(&self, number: usize, column: &Column, given: &HashSet<Arc<Value>>) -> Value {
        let is_unique = column.unique || self.layout.at(column.model).key == number;
        let is_taken = |uuid: &Value| {
            given.contains(uuid) || self.reader().named(column.model, number, uuid).next().is_some()
        };
        let is_free = |uuid: &Value| !is_unique || !is_taken(uuid);
        let mut drawn = std::iter::repeat_with(|| Value::from(self.layout.supply.uuid().to_string()));
        drawn.find(is_free).unwrap_or_default()
    }

    fn derived(&self, column: &Column, row: &Row) -> Value {
        match (&column.fill, &column.template) {
            (Some(Fill::Function(name)), _) => {
                let function = self.plan.functions.get(name);
                function.map_or(Value::Null, |function| function(self.reader(), row))
            }
            (_, Some(template)) => self.reader().filled(template, row).map_or(Value::Null, Value::from),
            _ => Value::Null,
        }
    }

    fn now(&self) -> Value {
        Value::from(timestamp(self.layout.supply.now()))
    }

    /// Changes values of a row; returns the row that it has become.
    fn change(&mut self, row: &Arc<Row>, given: Vec<(usize, impl Into<Arc<Value>>)>) -> Arc<Row> {
        let plan = self.layout.at(row.model);
        let mut values = row.values.clone();
        for (column, value) in given {
            if let Some(place) = values.get_mut(column) {
                *place = value.into();
            }
        }
        for (place, column) in values.iter_mut().zip(&plan.columns) {
            if column.fill == Some(Fill::Changed) {
                *place = Arc::new(self.now());
            }
        }
        self.put(Some(row), Row::new(row.id, row.model, values, plan.slots))
    }

    fn put(&mut self, old: Option<&Arc<Row>>, new: Row) -> Arc<Row> {
        let new = Arc::new(new);
        self.state.replace(self.layout, old, Some(&new));
        self.touched.push((new.model, new.id));
        new
    }

    /// Deletes a row, and does with those that name it what their fields say. Returns the rows that are gone, the first
    /// one first.
    pub fn delete(&mut self, model: ModelId, id: RowId) -> Vec<Arc<Row>> {
        let Some(first) = self.reader().row(model, id).cloned() else { return Vec::new() };
        let mut gone = HashSet::from([first.id]);
        let mut deleted = vec![first];
        let mut protected: Vec<(Arc<Row>, Violation)> = Vec::new();
        let mut position = 0;
        while let Some(row) = deleted.get(position).cloned() {
            position += 1;
            let referrers: Vec<_> = self.reader().referrers(row.model).copied().collect();
            for referrer in referrers {
                let mut others: Vec<Arc<Row>> =
                    self.reader().referring(&referrer, &row).into_iter().cloned().collect();
                others.retain(|other| !gone.contains(&other.id));
                for other in others {
                    let column = self.layout.column(referrer.model, referrer.column);
                    let value = match referrer.on_delete {
                        _ if referrer.many => {
                            let key = row.value(referrer.named_by);
                            let kept =
                                items(other.value(referrer.column), true).iter().filter(|item| *item != key);
                            Arc::new(Value::Array(kept.cloned().collect()))
                        }
                        OnDelete::Cascade => {
                            gone.insert(other.id);
                            deleted.push(other);
                            continue;
                        }
                        OnDelete::Protect => {
                            let violation = Violation::Protected {
                                model: self.plan.model_name(row.model).to_owned(),
                                key: self.reader().key(&row).clone(),
                                by: self.plan.model_name(other.model).to_owned(),
                                by_key: self.reader().key(&other).clone(),
                                field: column.name.clone(),
                            };
                            protected.push((other, violation));
                            continue;
                        }
                        OnDelete::Null => Arc::new(Value::Null),
                        OnDelete::Default => self.fill(referrer.column, column),
                        OnDelete::Nothing => continue,
                    };
                    self.change(&other, vec![(referrer.column, value)]);
                }
            }
        }
        for row in &mut deleted {
            // A row that is deleted may have been changed before.
            if let Some(now) = self.state.row(self.layout.at(row.model).root(), row.id).cloned() {
                *row = now;
            }
            self.state.replace(self.layout, Some(row), None);
            self.touched.push((row.model, row.id));
        }
        let refused = protected.into_iter().filter(|(other, _)| !gone.contains(&other.id));
        self.violations.extend(refused.map(|(_, violation)| violation));
        deleted
    }

    /// Writes a body by a view, into a row or as a new one of `model`, together with values of other fields.
    pub(crate) fn write(
        &mut self,
        view: Option<ViewId>,
        (model, row): (ModelId, Option<&Arc<Row>>),
        body: &Map<String, Value>,
        besides: Vec<(usize, Value)>,
        way: Way,
    ) -> RowId {
        let plan = self.plan;
        let (mut columns, mut reversed) = (Vec::new(), Vec::new());
        let (layout, is_replaced) = (self.layout, matches!(way, Way::Replace | Way::Keep));
        // A row keeps its key and the time of its creation.
        let keeps = |source: &SourcePlan| {
            let SourcePlan::Column(column) = source else { return false };
            let fill = layout.column(model, *column).fill.as_ref();
            layout.at(model).key == *column || fill == Some(&Fill::Created)
        };
        for property in view.iter().flat_map(|view| &plan.view_at(*view).properties) {
            let is_set = match property.access {
                Access::ReadWrite | Access::WriteOnly => true,
                Access::CreateOnly => way == Way::Create,
                Access::ReadOnly => false,
            };
            if !is_set {
                continue;
            }
            let default = property.default.as_ref().filter(|_| is_replaced && !keeps(&property.source));
            match (&property.source, body.get(&property.name).or(default)) {
                (SourcePlan::Column(column), Some(value)) => {
                    let old = row.filter(|_| way == Way::Merge).map(|row| row.value(*column));
                    let value = old.map_or_else(|| value.clone(), |old| merged(old, value));
                    columns.push((*column, Arc::new(value)));
                }
                (SourcePlan::OwnKey(column, path), Some(key)) => {
                    let named = self.reader().by_own_key(path.model, key).map(|row| name_of(path, row));
                    columns.push((*column, Arc::new(named.unwrap_or_else(|| key.clone()))));
                }
                (SourcePlan::Column(column), None) if way == Way::Replace => {
                    let field = self.layout.column(model, *column);
                    if !keeps(&property.source) && !besides.iter().any(|(given, _)| given == column) {
                        columns.push((*column, self.fill(*column, field)));
                    }
                }
                (SourcePlan::Reverse(path), Some(value)) => {
                    reversed.push((property.name.as_str(), path, items(value, true).to_vec()));
                }
                _ => {}
            }
        }
        columns.extend(besides.into_iter().map(|(column, value)| (column, Arc::new(value))));
        let id = match row {
            Some(row) => self.change(row, columns).id,
            None => self.insert_columns(model, columns),
        };
        for (property, path, keys) in reversed {
            self.set_reverse(property, path, (model, id), &keys);
        }
        id
    }

    /// Makes exactly the rows with these keys name a row.
    fn set_reverse(&mut self, property: &str, path: &Path, (model, id): (ModelId, RowId), keys: &[Value]) {
        let [Step::Reverse { model: other, column, named_by }] = path.steps.as_slice() else { return };
        let Some(row) = self.reader().row(model, id).cloned() else { return };
        let own = row.value(*named_by).clone();
        let is_list = self.layout.column(*other, *column).reference.is_some_and(|reference| reference.many);
        let before: Vec<Arc<Row>> = self.reader().named(*other, *column, &own).cloned().collect();
        let mut wanted = Vec::new();
        for key in keys {
            let named = self.reader().named(*other, path.end.column, key).next().cloned();
            match named {
                Some(row) => wanted.push(row),
                None => self.violations.push(Violation::ReferenceMissing {
                    model: self.plan.model_name(model).to_owned(),
                    field: property.to_owned(),
                    target: self.plan.model_name(*other).to_owned(),
                    value: key.clone(),
                }),
            }
        }
        let is_in = |rows: &[Arc<Row>], row: &Arc<Row>| rows.iter().any(|known| known.id == row.id);
        let changed = before.iter().filter(|row| !is_in(&wanted, row)).map(|row| (row, false));
        let changed = changed.chain(wanted.iter().filter(|row| !is_in(&before, row)).map(|row| (row, true)));
        for (other, names) in changed {
            let value = match (is_list, names) {
                (true, _) => {
                    let kept = items(other.value(*column), true).iter().filter(|item| **item != own);
                    Value::Array(kept.chain(names.then_some(&own)).cloned().collect())
                }
                (false, true) => own.clone(),
                (false, false) => Value::Null,
            };
            self.change(other, vec![(*column, value)]);
        }
    }

    /// Makes a sequence go on after this number, unless it is further already.
    pub fn advance(&mut self, model: ModelId, field: &str, last: i64) {
        if let Some(column) = self.layout.at(model).by_name.get(field) {
            self.state.saw(self.layout.column(model, *column).model, *column, last);
        }
    }

    /// Returns every rule that is broken by the rows made and changed so far, with the row that breaks it.
    pub fn broken(&mut self) -> Vec<(RowId, Violation)> {
        if self.checked == Some(self.touched.len()) {
            return Vec::new();
        }
        self.touched.sort_unstable();
        self.touched.dedup();
        let (mut broken, mut scanned) = (Vec::new(), HashMap::new());
        for (model, id) in &self.touched {
            if let Some(row) = self.state.row(self.layout.at(*model).root(), *id) {
                let mut found = Vec::new();
                self.check(row, &mut scanned, &mut found);
                broken.extend(found.into_iter().map(|violation| (*id, violation)));
            }
        }
        self.checked = broken.is_empty().then_some(self.touched.len());
        broken
    }

    /// Returns all rows, and which of them were made, changed or deleted.
    ///
    /// # Errors
    /// With every rule that they break.
    pub(crate) fn finish(mut self) -> Result<(State, Touched), Vec<Violation>> {
        let mut found = std::mem::take(&mut self.violations);
        found.extend(self.broken().into_iter().map(|(_, violation)| violation));
        if found.is_empty() { Ok((self.state, self.touched)) } else { Err(found) }
    }

    /// Adds the rules that a row breaks. `scanned` are the rows that share keys, by the indexes that were looked at as a whole.
    fn check(&self, row: &Row, scanned: &mut HashMap<IndexId, HashSet<RowId>>, found: &mut Vec<Violation>) {
        let (reader, plan) = (self.reader(), self.layout.at(row.model));
        for (number, column) in plan.columns.iter().enumerate() {
            let (value, model) = (row.value(number), || self.plan.model_name(column.model).to_owned());
            if value.is_null() && !column.nullable {
                found.push(Violation::Missing { model: model(), field: column.name.clone() });
            }
            // The items of a list go with the rows that they name, so none names a row that is gone.
            let is_held =
                |reference: &ReferencePlan| reference.many || reference.on_delete != OnDelete::Nothing;
            let Some(reference) = column.reference.filter(is_held) else { continue };
            for key in items(value, reference.many).iter().filter(|key| !key.is_null()) {
                if reader.named(reference.model, reference.column, key).next().is_none() {
                    found.push(Violation::ReferenceMissing {
                        model: model(),
                        field: column.name.clone(),
                        target: self.plan.model_name(reference.model).to_owned(),
                        value: key.clone(),
                    });
                }
            }
        }
        for model in &plan.lineage {
            let indexes = self.layout.at(*model).indexes.iter().enumerate().filter(|(_, index)| index.unique);
            for (number, index) in indexes {
                let id = IndexId { model: *model, number };
                let shared = if self.state.index(id).len() < self.touched.len().saturating_mul(SCAN) {
                    let sharing = scanned.entry(id).or_insert_with(|| self.state.sharing(self.layout, id));
                    sharing.contains(&row.id)
                } else {
                    keys_of(self.layout, index, row).iter().any(|keys| {
                        let same = || self.state.entries(self.layout, id, keys).take(2).count() > 1;
                        !keys.iter().copied().any(Key::is_null) && same()
                    })
                };
                if shared {
                    let fields = index.columns.iter();
                    found.push(Violation::Unique {
                        model: self.plan.model_name(*model).to_owned(),
                        fields: fields.map(|(column, _)| plan.columns[*column].name.clone()).collect(),
                    });
                }
            }
        }
    }
}

/// Returns the value by which the field of a path names a row.
fn name_of(path: &Path, row: &Row) -> Value {
    match path.steps.as_slice() {
        [Step::Forward { named_by, .. }] => row.value(*named_by).clone(),
        _ => Value::Null,
    }
}

/// Returns a value after a merge patch (RFC 7386).
fn merged(old: &Value, patch: &Value) -> Value {
    let Value::Object(patch) = patch else { return patch.clone() };
    let mut merged = old.as_object().cloned().unwrap_or_default();
    for (key, change) in patch {
        match change {
            Value::Null => drop(merged.shift_remove(key)),
            change => {
                let before = merged.get(key).cloned().unwrap_or_default();
                merged.insert(key.clone(), self::merged(&before, change));
            }
        }
    }
    Value::Object(merged)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn a_merge_patch_changes_what_rfc_7386_says() {
        // The examples of its appendix.
        for (old, patch, new) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"a": null}), json!({})),
            (json!({"a": {"b": "c"}}), json!({"a": {"b": "d", "c": null}}), json!({"a": {"b": "d"}})),
            (json!({"a": [1]}), json!({"a": 1}), json!({"a": 1})),
            (json!([1]), json!({"a": "b", "c": null}), json!({"a": "b"})),
            (json!({}), json!({"a": {"bb": {"ccc": null}}}), json!({"a": {"bb": {}}})),
            (json!({"a": "foo"}), json!("bar"), json!("bar")),
        ] {
            assert_eq!(super::merged(&old, &patch), new, "{old} {patch}");
        }
    }
}
