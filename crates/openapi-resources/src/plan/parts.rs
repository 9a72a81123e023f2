//! The parts of a plan.

use std::collections::HashMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::view::ViewPlan;
use crate::definition::{Collection, Definition, Operation};
use crate::functions::Functions;
use crate::ids::{CollectionId, ModelId, ViewId};
use crate::layout::{Column, Layout};
use crate::path::Path;
use crate::query::OrderPlan;
use crate::reader::Relation;
use crate::supply::Supply;

/// A definition that was checked.
#[derive(Debug)]
pub struct Plan {
    pub(crate) definition: Definition,
    pub(crate) functions: Functions,
    pub(crate) layout: Layout,
    pub(crate) views: Vec<ViewPlan>,
    pub(crate) collections: Vec<CollectionPlan>,
    pub(crate) by_operation: HashMap<String, CollectionId>,
}

/// A collection.
#[derive(Debug)]
pub(crate) struct CollectionPlan {
    pub(crate) model: ModelId,
    pub(crate) lookup: Option<(String, Path)>,
    pub(crate) parents: Vec<(String, Path)>,
    pub(crate) fixed: Vec<(usize, serde_json::Value)>,
    pub(crate) filters: IndexMap<String, Path>,
    pub(crate) ordering: IndexMap<String, Path>,
    pub(crate) search: Vec<Path>,
    /// The number of the texts of the model that are those searched.
    pub(crate) texts: Option<usize>,
    pub(crate) order: OrderPlan,
    pub(crate) owner: Option<Path>,
}

impl Plan {
    /// Returns the definition.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// Returns the functions that it calls.
    #[must_use]
    pub fn functions(&self) -> &Functions {
        &self.functions
    }

    /// Changes where times, keys and secrets of new rows come from.
    #[must_use]
    pub fn with_supply(mut self, supply: impl Supply + 'static) -> Self {
        self.layout.supply = Arc::new(supply);
        self
    }

    /// Returns where times, keys and secrets of new rows come from.
    #[must_use]
    pub fn supply(&self) -> &dyn Supply {
        &*self.layout.supply
    }

    /// Returns the model of this name.
    #[must_use]
    pub fn model(&self, name: &str) -> Option<ModelId> {
        self.definition.models.get_index_of(name).map(ModelId)
    }

    /// Returns the view of this name.
    #[must_use]
    pub fn view(&self, name: &str) -> Option<ViewId> {
        self.definition.views.get_index_of(name).map(ViewId)
    }

    /// Returns the collection of this name.
    #[must_use]
    pub fn collection(&self, name: &str) -> Option<CollectionId> {
        self.definition.collections.get_index_of(name).map(CollectionId)
    }

    /// Returns the collection that has the operation of this id.
    #[must_use]
    pub fn collection_of(&self, operation: &str) -> Option<CollectionId> {
        self.by_operation.get(operation).copied()
    }

    /// Returns the operation of this id as the definition has it, and its collection.
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<(&Collection, &Operation)> {
        let collection = self.collection_of(id)?;
        let (_, collection) = self.definition.collections.get_index(collection.0)?;
        Some((collection, collection.operations.get(id)?))
    }

    /// Returns the path `text` from rows of `model` to other rows; `None` if it leads to none.
    #[must_use]
    pub fn relation(&self, model: ModelId, text: &str) -> Option<Relation> {
        let path = super::compile::compile(&self.layout.models, model, text, super::compile::Goal::Rows);
        path.ok().map(|path| Relation { from: model, path })
    }

    /// Returns the name of a model.
    #[must_use]
    pub fn model_name(&self, model: ModelId) -> &str {
        &self.layout.at(model).name
    }

    /// Returns `true` if every row of `model` is a row of `base`.
    #[must_use]
    pub fn is_a(&self, model: ModelId, base: ModelId) -> bool {
        self.layout.is_a(model, base)
    }

    /// Returns a model, its base, the base of that, and so on.
    #[must_use]
    pub fn lineage(&self, model: ModelId) -> &[ModelId] {
        &self.layout.at(model).lineage
    }

    /// Returns the fields of a model, those of its base first, so that a field has one number in all models that share it.
    #[must_use]
    pub fn columns(&self, model: ModelId) -> &[Column] {
        &self.layout.at(model).columns
    }

    /// Returns the number of a field.
    #[must_use]
    pub fn column(&self, model: ModelId, field: &str) -> Option<usize> {
        self.layout.at(model).by_name.get(field).copied()
    }

    /// Returns the number of the field that rows are named by.
    #[must_use]
    pub fn key(&self, model: ModelId) -> usize {
        self.layout.at(model).key
    }

    pub(crate) fn view_at(&self, view: ViewId) -> &ViewPlan {
        &self.views[view.0]
    }

    pub(crate) fn collection_at(&self, collection: CollectionId) -> &CollectionPlan {
        &self.collections[collection.0]
    }
}
