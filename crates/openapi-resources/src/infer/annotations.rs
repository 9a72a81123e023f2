//! The annotations of a document.

use indexmap::IndexMap;
use openapi_document::model::Place;
use openapi_document::pointer::child;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Inference;
use crate::definition::{
    Action, Envelope, Field, Filter, OnDelete, Ordering, Paging, Patch, Put, Reverse, SearchField, Terms,
};

/// `x-resource` of a path: what its collection is.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ResourceNotes {
    /// The name of the model of its rows.
    pub(super) model: Option<String>,
    /// The fields that variables of its paths name rows by, as paths.
    pub(super) variables: IndexMap<String, String>,
    /// The order of a list.
    pub(super) order: Option<Vec<String>>,
    /// The paths that are searched.
    pub(super) search: Option<Vec<SearchNotes>>,
    /// The part of the text that is searched for at once.
    pub(super) terms: Option<Terms>,
    /// The parameter that orders.
    pub(super) ordering: Option<Ordering>,
    /// The path to the key of the user whose row it is.
    pub(super) owner: Option<String>,
    /// Values that all rows have.
    #[serde(rename = "where")]
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
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct OperationNotes {
    /// The path of the collection; that of the operation if it is not said.
    pub(super) collection: Option<String>,
    pub(super) action: Option<Action>,
}

/// `x-filter` of a parameter.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub(super) enum FilterNotes {
    /// `false`: it changes nothing.
    Nothing(bool),
    Path(String),
    Filter(Filter),
}

/// `x-model` of a schema.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ModelNotes {
    pub(super) name: Option<String>,
    pub(super) base: Option<String>,
    pub(super) key: Option<String>,
    pub(super) unique_together: Vec<Vec<String>>,
    pub(super) reverse: IndexMap<String, Reverse>,
    pub(super) text: Option<String>,
    /// Fields that no property shows.
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
                    "write it as the README of openapi-resources says",
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

    /// Reads `x-on-delete`.
    pub(super) fn on_delete(&mut self, pointer: &str, value: &Value) -> Option<OnDelete> {
        self.note(pointer, value, "x-on-delete")
    }
}
