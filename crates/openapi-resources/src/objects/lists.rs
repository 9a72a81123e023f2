//! The lists that objects stand in, and the answers that show them.

use serde_json::Value;

use crate::definition::{Access, Action, Fill};
use crate::ids::{ModelId, ViewId};
use crate::layout::Column;
use crate::plan::{Plan, SourcePlan, ViewPlan};
use crate::row::Row;

/// The sections of the form.
pub(super) const OBJECTS: &str = "objects";
pub(super) const BESIDE: &str = "beside";

/// A collection whose answers show whole rows.
pub(super) struct List<'a> {
    /// Its path, without slashes around it.
    pub(super) name: &'a str,
    /// The position of the collection in the definition.
    pub(super) number: usize,
    pub(super) model: ModelId,
    pub(super) view: ViewId,
    /// The values that all its rows have.
    pub(super) fixed: &'a [(usize, Value)],
}

/// Returns the collections whose answers show the keys of their rows, each with the answer that shows most.
pub(super) fn lists(plan: &Plan) -> Vec<List<'_>> {
    let collections = plan.definition.collections.iter().zip(&plan.collections).enumerate();
    let lists = collections.filter_map(|(number, ((path, collection), compiled))| {
        let shown = collection.operations.values();
        let shown = shown.filter(|operation| matches!(operation.action, Action::List | Action::Retrieve));
        let views = shown.filter_map(|operation| plan.view(operation.answer.as_deref()?));
        let (_, view) = views
            .filter(|view| key_property(plan, compiled.model, *view).is_some())
            .map(|view| (columns(plan.view_at(view)).count(), view))
            // Of several that show as much, the first.
            .reduce(|best, other| if other.0 > best.0 { other } else { best })?;
        let name = path.trim_matches('/');
        Some(List { name, number, model: compiled.model, view, fixed: &compiled.fixed })
    });
    lists.collect()
}

/// Returns the fields that answers of a view show as they are, with the names of their properties.
pub(super) fn columns(view: &ViewPlan) -> impl Iterator<Item = (&str, usize)> {
    view.properties.iter().filter(|property| property.access != Access::WriteOnly).filter_map(|property| {
        match property.source {
            SourcePlan::Column(column) => Some((property.name.as_str(), column)),
            _ => None,
        }
    })
}

/// Returns the property that shows the key of rows of a model.
pub(super) fn key_property(plan: &Plan, model: ModelId, view: ViewId) -> Option<&str> {
    let key = plan.layout.at(model).key;
    columns(plan.view_at(view)).find(|(_, column)| *column == key).map(|(name, _)| name)
}

impl List<'_> {
    /// Returns the view that shows rows of a model, which this is a list of.
    pub(super) fn view_of(&self, plan: &Plan, model: ModelId) -> ViewId {
        plan.view_at(self.view).of.get(&model).copied().unwrap_or(self.view)
    }

    /// Returns how far the model of a row is from that of the list; `None` if the list does not show the row.
    pub(super) fn distance(&self, plan: &Plan, row: &Row) -> Option<usize> {
        let lineage = &plan.layout.at(row.model).lineage;
        let distance = lineage.iter().position(|model| *model == self.model)?;
        let fits = self.fixed.iter().all(|(column, value)| row.value(*column) == value);
        let key = |view| key_property(plan, self.model, view);
        (fits && key(self.view_of(plan, row.model)) == key(self.view)).then_some(distance)
    }
}

/// Returns the value that a field has where nothing is said of it.
pub(super) fn default_of(column: &Column) -> Value {
    match &column.fill {
        Some(Fill::Value(value)) => value.clone(),
        _ if column.reference.is_some_and(|reference| reference.many) => Value::Array(Vec::new()),
        _ => Value::Null,
    }
}
