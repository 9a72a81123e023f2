//! Models as a store works by them: fields are numbers, and it is known what is indexed.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use crate::definition::{Fill, Kind, OnDelete};
use crate::ids::{IndexId, ModelId};
use crate::path::Path;
use crate::supply::Supply;

/// All models, and where what is new in their rows comes from.
#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) models: Vec<ModelPlan>,
    pub(crate) supply: Arc<dyn Supply>,
}

/// A model with the fields of its bases.
#[derive(Debug)]
pub(crate) struct ModelPlan {
    pub(crate) name: String,
    /// The model itself, its base, the base of that, and so on.
    pub(crate) lineage: Vec<ModelId>,
    /// The fields, those of the base first, so that a field has one number in all models that share it.
    pub(crate) columns: Vec<Column>,
    pub(crate) by_name: HashMap<String, usize>,
    pub(crate) key: usize,
    /// The models whose rows are rows of this one and are named by a field of their own, and that field.
    pub(crate) own_keys: Vec<(ModelId, usize)>,
    pub(crate) reverse: HashMap<String, ReversePlan>,
    /// The indexes of its rows and those of models that it is a base of.
    pub(crate) indexes: Vec<IndexPlan>,
    /// The fields whose texts stand side by side to be searched.
    pub(crate) texts: Vec<Vec<usize>>,
    /// The fields that refer to this model.
    pub(crate) referrers: Vec<Referrer>,
    /// The number of views of all models with the same last base.
    pub(crate) slots: usize,
    pub(crate) text: Option<TemplatePlan>,
}

/// A field.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Column {
    /// Its name.
    pub name: String,
    /// The model that declares it.
    pub model: ModelId,
    /// The kind of its values.
    pub kind: Kind,
    /// `true` if its value may be null.
    pub nullable: bool,
    /// `true` if no two rows may have the same value.
    pub unique: bool,
    /// The source of the value of a new row that is given none.
    pub fill: Option<Fill>,
    /// The value of a new row that is given none, unless it is drawn, counted or computed; all these rows share it.
    pub(crate) initial: Arc<Value>,
    /// The paths in a template that fills it.
    pub(crate) template: Option<TemplatePlan>,
    /// The rows that it names.
    pub reference: Option<ReferencePlan>,
    /// The index of its values alone.
    pub(crate) index: Option<IndexId>,
}

/// The rows that a field names.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ReferencePlan {
    /// The model of these rows.
    pub model: ModelId,
    /// The field that they are named by.
    pub column: usize,
    /// `true` if it may name several.
    pub many: bool,
    pub(crate) on_delete: OnDelete,
}

/// The rows that name a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReversePlan {
    pub(crate) model: ModelId,
    pub(crate) column: usize,
    /// The field of the row that they name it by.
    pub(crate) named_by: usize,
}

/// A field that refers to a model.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Referrer {
    pub(crate) model: ModelId,
    pub(crate) column: usize,
    pub(crate) named_by: usize,
    pub(crate) many: bool,
    pub(crate) on_delete: OnDelete,
    pub(crate) index: IndexId,
}

/// Values of rows in their order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct IndexPlan {
    /// The fields, each with whether the greatest is first.
    pub(crate) columns: Vec<(usize, bool)>,
    /// `true` if no two rows may have the same values.
    pub(crate) unique: bool,
    /// `true` if the one field is a list, whose items are indexed.
    pub(crate) many: bool,
}

/// A text with paths.
#[derive(Debug, Clone)]
pub(crate) struct TemplatePlan {
    /// Texts, each with the path after it.
    pub(crate) parts: Vec<(String, Option<Path>)>,
}

impl Column {
    /// Returns `true` if the value of a new row that is given none depends on its other values, or on other rows.
    pub(crate) fn is_derived(&self) -> bool {
        matches!(self.fill, Some(Fill::Template(_) | Fill::Function(_)))
    }
}

impl Layout {
    /// Returns `true` if every row of `model` is a row of `base`.
    pub(crate) fn is_a(&self, model: ModelId, base: ModelId) -> bool {
        self.at(model).lineage.contains(&base)
    }

    /// Returns the model of this name.
    pub(crate) fn named(&self, name: &str) -> Option<ModelId> {
        self.models.iter().position(|model| model.name == name).map(ModelId)
    }

    pub(crate) fn at(&self, model: ModelId) -> &ModelPlan {
        &self.models[model.0]
    }

    pub(crate) fn column(&self, model: ModelId, column: usize) -> &Column {
        &self.models[model.0].columns[column]
    }

    pub(crate) fn index(&self, id: IndexId) -> &IndexPlan {
        &self.models[id.model.0].indexes[id.number]
    }
}

impl ModelPlan {
    /// Returns the last base, which keeps the rows.
    pub(crate) fn root(&self) -> ModelId {
        // A lineage has at least the model itself.
        self.lineage.last().copied().unwrap_or(ModelId(0))
    }
}
