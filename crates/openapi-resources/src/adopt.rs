//! Takes over rows from a store with another plan, as far as the two describe them alike.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use crate::definition::Definition;
use crate::entries;
use crate::ids::{ModelId, RowId};
use crate::layout::Layout;
use crate::plan::Plan;
use crate::row::Row;
use crate::state::State;
use crate::store::{Snapshot, Store};
use crate::transaction::Transaction;

/// The models of a store after it took over rows, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Adopted {
    /// The models whose rows are those of the other store.
    pub kept: Vec<String>,
    /// The models whose rows are what they were in this store.
    pub anew: Vec<String>,
}

impl Store {
    /// Takes over the rows of models that a store with another plan describes alike, before others use this store: nothing is
    /// written to its journal. The rows of other models stay, but for those that then break a rule.
    pub fn adopt(&self, other: &Snapshot) -> Adopted {
        let (state, adopted) = adopt(self.plan(), &self.current(), other);
        self.set(Arc::new(state));
        adopted
    }
}

/// Returns the rows of `other` where the two describe a model alike, and those of `own` elsewhere, without those that then
/// break a rule.
fn adopt(plan: &Plan, own: &State, other: &Snapshot) -> (State, Adopted) {
    let alike = alike(&plan.definition, &other.plan.definition);
    let is_alike = |layout: &Layout, model: ModelId| alike.contains(layout.at(model).name.as_str());
    let mut transaction = Transaction::new(plan, State::empty(&plan.layout));
    let kept = rows(&other.plan.layout, &other.state).filter(|row| is_alike(&other.plan.layout, row.model));
    let kept = kept.filter_map(|row| moved(plan, &other.plan.layout, row, row.id));
    // Numbers tell rows apart, and which of two is older.
    let offset = other.state.next;
    let anew = rows(&plan.layout, own).filter(|row| !is_alike(&plan.layout, row.model));
    let anew = anew.filter_map(|row| moved(plan, &plan.layout, row, RowId(offset.saturating_add(row.id.0))));
    transaction.place(kept.chain(anew).collect());
    let kept = other.state.sequences().map(|sequence| (&other.plan.layout, true, sequence));
    let fresh = own.sequences().map(|sequence| (&plan.layout, false, sequence));
    for (layout, is_kept, (model, column, last)) in kept.chain(fresh) {
        let (name, field) = (&layout.at(model).name, &layout.column(model, column).name);
        if let Some(model) = plan.model(name).filter(|_| alike.contains(name.as_str()) == is_kept) {
            transaction.advance(model, field, last);
        }
    }
    // Each round removes at least one row.
    loop {
        let broken: BTreeSet<RowId> = transaction.broken().into_iter().map(|(row, _)| row).collect();
        if broken.is_empty() {
            break;
        }
        transaction.discard(&broken);
    }
    let (kept, anew) = plan.definition.models.keys().cloned().partition(|name| alike.contains(name.as_str()));
    (transaction.into_state(), Adopted { kept, anew })
}

/// Returns the models that two definitions describe alike, with all models that they depend on.
fn alike<'a>(one: &'a Definition, other: &Definition) -> BTreeSet<&'a str> {
    let same = one.models.iter().filter(|(name, model)| other.models.get(*name) == Some(*model));
    let mut alike: BTreeSet<&str> = same.map(|(name, _)| name.as_str()).collect();
    loop {
        let depends = |name: &str| {
            let model = one.models.get(name);
            let fields = model.into_iter().flat_map(|model| model.fields.values());
            let targets = fields.filter_map(|field| Some(field.reference.as_ref()?.model.as_str()));
            let mut needed = targets.chain(model.and_then(|model| model.base.as_deref()));
            needed.all(|needed| alike.contains(needed))
        };
        let left: BTreeSet<&str> = alike.iter().copied().filter(|name| depends(name)).collect();
        if left.len() == alike.len() {
            return left;
        }
        alike = left;
    }
}

fn rows<'a>(layout: &'a Layout, state: &'a State) -> impl Iterator<Item = &'a Arc<Row>> {
    let roots = (0..layout.models.len()).map(ModelId).filter(|model| layout.at(*model).root() == *model);
    roots.flat_map(|root| state.rows(root))
}

/// Returns a row with the values that a row of another layout has.
fn moved(plan: &Plan, layout: &Layout, row: &Row, id: RowId) -> Option<Row> {
    let described = layout.at(row.model);
    let model = plan.model(&described.name)?;
    let values = described.columns.iter().zip(&row.values);
    let values = values.map(|(column, value)| (column.name.clone(), Value::clone(value)));
    Some(entries::row(&plan.layout, id, model, values.collect()))
}
