//! The annotations of a document.

use indexmap::IndexMap;
use openapi_document::model::Place;
use openapi_document::pointer::child;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Inference;
use crate::definition::{
    Action, Envelope, Field, Filter, Model, OnDelete, Ordering, Paging, Patch, Put, Reverse, SearchField,
    Terms, Ties,
};

/// `x-resource` of a path: what its collection is.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ResourceNotes {
    /// The name of the model of its rows.
    pub(super) model: Option<String>,
    /// The fields that variables of its paths name rows by, as paths.
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, String>"))]
    pub(super) variables: IndexMap<String, String>,
    /// The order of a list.
    pub(super) order: Option<Vec<String>>,
    /// The order of rows that an order takes for the same.
    pub(super) ties: Ties,
    /// The paths that are searched.
    pub(super) search: Option<Vec<SearchNotes>>,
    /// The part of the text that is searched for at once.
    pub(super) terms: Option<Terms>,
    /// The parameter that orders.
    pub(super) ordering: Option<Ordering>,
    /// The path to the key of the user whose row it is.
    pub(super) owner: Option<String>,
    /// The conditions that parameters make, by their names.
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, FilterNotes>"))]
    pub(super) filters: IndexMap<String, FilterNotes>,
    /// Values that all rows have.
    #[serde(rename = "where")]
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, Value>"))]
    pub(super) fixed: IndexMap<String, Value>,
    /// The division of a list.
    pub(super) paging: Option<Paging>,
    /// The surroundings of a list.
    pub(super) envelope: Option<Envelope>,
    /// The treatment of properties that a replacement does not have.
    pub(super) put: Put,
    /// The treatment of objects within a row that is changed.
    pub(super) patch: Patch,
}

/// A path that is searched.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(super) enum SearchNotes {
    Path(String),
    Field(SearchField),
}

impl SearchNotes {
    pub(super) fn field(self) -> SearchField {
        match self {
            Self::Path(path) => SearchField::of(&path),
            Self::Field(field) => field,
        }
    }
}

/// `x-resource` of an operation: what it does with the rows of a collection.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OperationNotes {
    /// The path of the collection; that of the operation if it is not said.
    pub(super) collection: Option<String>,
    pub(super) action: Option<Action>,
}

/// `x-filter` of a parameter.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub(super) enum FilterNotes {
    /// `false`: it changes nothing.
    Nothing(bool),
    Path(String),
    Filter(Filter),
}

impl FilterNotes {
    /// Returns the condition; `None` if the parameter changes nothing.
    pub(super) fn filter(self) -> Option<Filter> {
        match self {
            Self::Nothing(_) => None,
            Self::Path(path) => Some(Filter { path, ..Filter::default() }),
            Self::Filter(filter) => Some(filter),
        }
    }
}

/// `x-model` of a schema.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ModelNotes {
    pub(super) name: Option<String>,
    pub(super) base: Option<String>,
    pub(super) key: Option<String>,
    pub(super) unique_together: Vec<Vec<String>>,
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, Reverse>"))]
    pub(super) reverse: IndexMap<String, Reverse>,
    pub(super) text: Option<String>,
    /// Fields that no property shows.
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, Field>"))]
    pub(super) fields: IndexMap<String, Field>,
}

impl Inference<'_> {
    /// Reads the annotation `key` at a place; an error if it is not what it has to be.
    pub(super) fn note<T: DeserializeOwned>(&mut self, pointer: &str, value: &Value, key: &str) -> Option<T> {
        let note = value.get(key)?;
        match T::deserialize(note) {
            Ok(note) => Some(note),
            Err(error) => {
                let error = self.model.document.error(
                    &child(pointer, key),
                    format!("`{key}` cannot be read: {error}"),
                    "write it as ANNOTATIONS.md of openapi-resources says",
                );
                self.errors.push(error);
                None
            }
        }
    }

    /// Reads `x-resource` of the path `path`.
    pub(super) fn resource_notes(&mut self, path: &str) -> ResourceNotes {
        let pointer = child("/paths", path);
        let Some(place) = Place::at(self.model.document, &pointer) else { return ResourceNotes::default() };
        self.note(&place.pointer, place.value, "x-resource").unwrap_or_default()
    }

    /// Reads the models that the document itself describes, `x-models`.
    pub(super) fn described_models(&mut self) {
        let root = self.model.document.value();
        let models: IndexMap<String, Model> = self.note("", root, "x-models").unwrap_or_default();
        for name in models.keys() {
            let place = child("/x-models", name);
            self.places.insert(child("/models", name), place);
        }
        self.described = models.keys().cloned().collect();
        self.definition.models = models;
    }

    /// Returns the model of the rows that a schema shows, if the document describes it.
    pub(super) fn described_model(&self, schema: &Value) -> Option<String> {
        let name = schema.get("x-model")?.as_str()?;
        self.described.contains(name).then(|| name.to_owned())
    }

    /// Reads `x-on-delete`.
    pub(super) fn on_delete(&mut self, pointer: &str, value: &Value) -> Option<OnDelete> {
        self.note(pointer, value, "x-on-delete")
    }
}
