//! Rows as objects.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use super::lists::{BESIDE, List, OBJECTS, columns, default_of, lists};
use crate::ids::ModelId;
use crate::plan::Plan;
use crate::reader::plain;
use crate::row::Row;
use crate::store::Snapshot;

/// Returns all rows in the form of the API.
pub(super) fn export(snapshot: &Snapshot) -> Value {
    let (plan, layout) = (snapshot.plan(), &snapshot.plan().layout);
    let lists = lists(plan);
    let mut shown: Vec<(Vec<Value>, Map<String, Value>)> = lists.iter().map(|_| Default::default()).collect();
    let mut alone = Vec::new();
    let mut keys = HashSet::new();
    let roots = (0..layout.models.len()).map(ModelId).filter(|model| layout.at(*model).root() == *model);
    for row in roots.flat_map(|root| snapshot.state.rows(root)) {
        let known =
            lists.iter().enumerate().filter_map(|(number, list)| Some((list.distance(plan, row)?, number)));
        let home = known.min().and_then(|(_, number)| {
            let list = lists.get(number)?;
            let key = plain(row.value(layout.at(list.model).key));
            keys.insert((number, key.clone())).then_some((number, list, key))
        });
        let Some((number, list, key)) = home else {
            let values = besides(plan, row, &Map::new(), &[]);
            alone.push(json!({"row": row.id.0, "model": layout.at(row.model).name, "values": values}));
            continue;
        };
        let (object, beside) = of(snapshot, list, row);
        if let Some((objects, besides)) = shown.get_mut(number) {
            objects.push(object);
            besides.insert(key, beside);
        }
    }
    let (mut objects, mut beside_objects) = (Map::new(), Map::new());
    for (list, (rows, besides)) in lists.iter().zip(shown).filter(|(_, (rows, _))| !rows.is_empty()) {
        objects.insert(list.name.to_owned(), Value::Array(rows));
        beside_objects.insert(list.name.to_owned(), Value::Object(besides));
    }
    let sequences = snapshot.state.sequences().map(|(model, column, last)| {
        (format!("{}/{}", layout.at(model).name, layout.column(model, column).name), Value::from(last))
    });
    let sequences: Map<String, Value> = sequences.collect();
    json!({OBJECTS: objects, BESIDE: {OBJECTS: beside_objects, "rows": alone, "sequences": sequences}})
}

/// Returns a row as its list shows it, and what stands beside it.
fn of(snapshot: &Snapshot, list: &List<'_>, row: &Row) -> (Value, Value) {
    let plan = snapshot.plan();
    let view = list.view_of(plan, row.model);
    let object = snapshot.object(view, row);
    let columns: Vec<(&str, usize)> = columns(plan.view_at(view)).collect();
    let mut beside = Map::from_iter([("row".to_owned(), Value::from(row.id.0))]);
    if row.model != list.model {
        beside.insert("model".to_owned(), Value::from(plan.model_name(row.model)));
    }
    let values = besides(plan, row, object.as_object().unwrap_or(&Map::new()), &columns);
    if !values.is_empty() {
        beside.insert("values".to_owned(), Value::Object(values));
    }
    (object, Value::Object(beside))
}

/// Returns the fields that neither an object nor a default says.
fn besides(
    plan: &Plan,
    row: &Row,
    object: &Map<String, Value>,
    shown: &[(&str, usize)],
) -> Map<String, Value> {
    let columns = plan.layout.at(row.model).columns.iter().enumerate();
    let untold = columns.filter(|(number, column)| {
        let is_shown = shown.iter().any(|(name, known)| known == number && object.contains_key(*name));
        !is_shown && *row.value(*number) != default_of(column)
    });
    untold.map(|(number, column)| (column.name.clone(), row.value(number).clone())).collect()
}

/// Returns an exported state as text: an object in each line.
#[must_use]
pub fn text(state: &Value) -> String {
    let mut out = String::new();
    write(state, 0, &mut out);
    out.push('\n');
    out
}

/// Writes a value, in lines where it holds objects.
fn write(value: &Value, depth: usize, out: &mut String) {
    /// The depth of an object in its list.
    const OBJECT: usize = 3;
    let holds_objects = || value.as_object().is_some_and(|members| members.values().all(Value::is_object));
    let lined = depth < OBJECT || (depth == OBJECT && holds_objects());
    let line = |out: &mut String, position: usize, depth: usize| {
        out.push_str(if position > 0 { ",\n" } else { "\n" });
        out.extend(std::iter::repeat_n("  ", depth));
    };
    match value {
        Value::Object(members) if lined && !members.is_empty() => {
            out.push('{');
            for (position, (name, member)) in members.iter().enumerate() {
                line(out, position, depth + 1);
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push_str(": ");
                write(member, depth + 1, out);
            }
            line(out, 0, depth);
            out.push('}');
        }
        Value::Array(items) if lined && !items.is_empty() => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                line(out, position, depth + 1);
                write(item, depth + 1, out);
            }
            line(out, 0, depth);
            out.push(']');
        }
        value => out.push_str(&value.to_string()),
    }
}
