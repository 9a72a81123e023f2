//! A schema together with the model it is of, so that what it is made of can be reached from it.

use std::ops::Deref;

use proc_macro2::Ident;
use serde_json::Value;

use openapi_document::error::Error;
use openapi_document::model::{Kind, Model, Schema, SchemaId};

use super::names;

/// A schema that is no reference.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a> {
    read: &'a Model<'a>,
    schema: &'a Schema<'a>,
}

impl<'a> Deref for Node<'a> {
    type Target = Schema<'a>;

    fn deref(&self) -> &Schema<'a> {
        self.schema
    }
}

impl<'a> Node<'a> {
    /// What the schema `id` leads to.
    pub(super) fn of(read: &'a Model<'a>, id: SchemaId) -> Self {
        Self { read, schema: read.resolved(id) }
    }

    /// Another schema of the same document.
    pub(super) fn at(&self, id: SchemaId) -> Self {
        Self::of(self.read, id)
    }

    /// The same schema as it is written, which may be a reference.
    pub(super) fn written(&self, id: SchemaId) -> &'a Schema<'a> {
        self.read.schema(id)
    }

    /// What every item of a list is.
    pub(super) fn items(&self) -> Option<Self> {
        self.schema.items.map(|id| self.at(id))
    }

    /// Whether values are of this type.
    pub(super) fn is(&self, kind: Kind) -> bool {
        self.kind == Some(kind)
    }

    /// The text of the member `key`.
    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.member(key).and_then(Value::as_str)
    }

    /// The name of the constant for the component that this is.
    pub(super) fn constant(&self) -> Option<Ident> {
        self.component().map(|name| names::ident(&self.read.names().constant(name)))
    }

    /// The type of the component that this is.
    pub(super) fn component_type(&self) -> Option<Ident> {
        self.component().map(|name| names::ident(&self.read.names().component(name)))
    }

    /// An error about this schema.
    pub(super) fn error(&self, message: impl Into<String>, advice: impl Into<String>) -> Error {
        self.error_at("", message, advice)
    }

    /// An error about what stands at `pointer` below this schema.
    pub(super) fn error_at(
        &self,
        pointer: &str,
        message: impl Into<String>,
        advice: impl Into<String>,
    ) -> Error {
        self.read.document.error(&format!("{}{pointer}", self.pointer), message, advice)
    }
}
