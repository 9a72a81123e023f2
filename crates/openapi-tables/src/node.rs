//! A schema together with the model it is of, so that what it is made of can be reached from it.

use std::ops::Deref;

use serde_json::Value;

use openapi_document::error::Error;
use openapi_document::model::{Kind, Model, Schema, SchemaId};

/// A schema that is no reference.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
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
    /// Returns the schema that `id` leads to.
    #[must_use]
    pub fn of(read: &'a Model<'a>, id: SchemaId) -> Self {
        Self { read, schema: read.resolved(id) }
    }

    /// Another schema of the same document.
    #[must_use]
    pub fn at(&self, id: SchemaId) -> Self {
        Self::of(self.read, id)
    }

    /// The same schema as it is written, which may be a reference.
    #[must_use]
    pub fn written(&self, id: SchemaId) -> &'a Schema<'a> {
        self.read.schema(id)
    }

    /// Returns the schema of the items of a list.
    #[must_use]
    pub fn items(&self) -> Option<Self> {
        self.schema.items.map(|id| self.at(id))
    }

    /// Returns `true` if values are of this type.
    #[must_use]
    pub fn is(&self, kind: Kind) -> bool {
        self.kind == Some(kind)
    }

    /// The text of the member `key`.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.member(key).and_then(Value::as_str)
    }

    /// Returns the model that it is of.
    #[must_use]
    pub fn model(&self) -> &'a Model<'a> {
        self.read
    }

    /// An error about this schema.
    #[must_use]
    pub fn error(&self, message: impl Into<String>, advice: impl Into<String>) -> Error {
        self.error_at("", message, advice)
    }

    /// An error about what stands at `pointer` below this schema.
    #[must_use]
    pub fn error_at(&self, pointer: &str, message: impl Into<String>, advice: impl Into<String>) -> Error {
        self.read.document.error(&format!("{}{pointer}", self.pointer), message, advice)
    }
}
