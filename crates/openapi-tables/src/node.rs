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

    /// Returns another schema of the same document.
    #[must_use]
    pub fn at(&self, id: SchemaId) -> Self {
        Self::of(self.read, id)
    }

    /// Returns the same schema as it is written, which may be a reference.
    #[must_use]
    pub fn written(&self, id: SchemaId) -> &'a Schema<'a> {
        self.read.schema(id)
    }

    /// Returns the schema of the items of a list.
    #[must_use]
    pub fn items(&self) -> Option<Self> {
        self.schema.items.map(|id| self.at(id))
    }

    /// Returns the schema that this one is nothing but a wrapper of, or itself.
    #[must_use]
    pub fn unwrapped(&self) -> Self {
        // More wrappers than any person puts around one another: those of a circle.
        const MAX_WRAPPERS: usize = 64;
        let mut schema = *self;
        for _ in 0..MAX_WRAPPERS {
            let Some(part) = schema.only_part() else { break };
            schema = part;
        }
        schema
    }

    /// Returns the only part of a schema that is nothing but a wrapper of it.
    pub(crate) fn only_part(&self) -> Option<Self> {
        if self.member("properties").is_some() {
            return None;
        }
        let parts = if self.member("allOf").is_some() { &self.all_of } else { self.alternatives()? };
        match parts {
            [part] => Some(self.at(*part)),
            _ => None,
        }
    }

    /// Returns the alternatives of a schema that is nothing else.
    pub(crate) fn alternatives(&self) -> Option<&[SchemaId]> {
        let lists = |key: &str| self.member(key).is_some();
        match () {
            () if lists("oneOf") => Some(&self.one_of),
            () if lists("anyOf") => Some(&self.any_of),
            () => None,
        }
    }

    /// Returns `true` if values are of this type.
    #[must_use]
    pub fn is(&self, kind: Kind) -> bool {
        self.kind == Some(kind)
    }

    /// Returns the text of the member `key`.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.member(key).and_then(Value::as_str)
    }

    /// Returns the model that it is of.
    #[must_use]
    pub fn model(&self) -> &'a Model<'a> {
        self.read
    }

    /// Returns an error about this schema.
    #[must_use]
    pub fn error(&self, message: impl Into<String>, advice: impl Into<String>) -> Error {
        self.error_at("", message, advice)
    }

    /// Returns an error about what stands at `pointer` below this schema.
    #[must_use]
    pub fn error_at(&self, pointer: &str, message: impl Into<String>, advice: impl Into<String>) -> Error {
        self.read.document.error(&format!("{}{pointer}", self.pointer), message, advice)
    }
}
