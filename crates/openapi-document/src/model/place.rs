//! The cursor of the model: a value of the document together with where it stands.

use serde_json::Value;

use crate::document::Document;
use crate::error::Error;
use crate::pointer::{child, follow, of_reference};

/// A value and the pointer to it.
#[derive(Clone, Debug)]
pub struct Place<'a> {
    document: &'a Document,
    /// The pointer.
    pub pointer: String,
    /// The value.
    pub value: &'a Value,
}

impl<'a> Place<'a> {
    /// Returns the whole document.
    #[must_use]
    pub fn root(document: &'a Document) -> Self {
        Self { document, pointer: String::new(), value: document.value() }
    }

    /// Returns the place of `value`, which stands at `pointer`.
    #[must_use]
    pub fn of(document: &'a Document, pointer: String, value: &'a Value) -> Self {
        Self { document, pointer, value }
    }

    /// Returns the place that `pointer` leads to; if a reference stands there, where that leads to.
    #[must_use]
    pub fn at(document: &'a Document, pointer: &str) -> Option<Self> {
        let value = document.value().pointer(pointer)?;
        Some(Self { document, pointer: pointer.to_owned(), value }.followed())
    }

    /// Returns the document that this is a place of.
    #[must_use]
    pub fn document(&self) -> &'a Document {
        self.document
    }

    /// Returns the member `key`; if it is a reference, the place that leads to.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Self> {
        Some(self.written(key)?.followed())
    }

    /// Returns the member `key` as it is written, references and all.
    #[must_use]
    pub fn written(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key)?;
        Some(Self { document: self.document, pointer: child(&self.pointer, key), value })
    }

    /// Returns the members of an object as they are written, with their keys.
    pub fn members(&self) -> impl Iterator<Item = (&'a str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        members.map(|(key, value)| {
            let pointer = child(&self.pointer, key);
            (key.as_str(), Self { document: self.document, pointer, value })
        })
    }

    /// Returns the members of an object, with their keys; of a reference, the place that leads to.
    pub fn followed_members(&self) -> impl Iterator<Item = (&'a str, Self)> {
        self.members().map(|(key, member)| (key, member.followed()))
    }

    /// Returns the items of a list as they are written.
    pub fn items(&self) -> impl Iterator<Item = Self> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(|(index, value)| {
            let pointer = child(&self.pointer, &index.to_string());
            Self { document: self.document, pointer, value }
        })
    }

    /// Returns the text of the member `key`.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    /// Returns whether the member `key` is `true`.
    #[must_use]
    pub fn flag(&self, key: &str) -> bool {
        self.value.get(key).and_then(Value::as_bool).unwrap_or_default()
    }

    /// Returns the texts in the list `key`.
    #[must_use]
    pub fn texts(&self, key: &str) -> Vec<&'a str> {
        let items = self.value.get(key).and_then(Value::as_array);
        items.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// Returns what this refers to, through any number of references, or this place if it is no reference.
    #[must_use]
    pub fn followed(self) -> Self {
        match self.referred() {
            Some(target) => {
                follow(target, Self::referred, |one, other| one.pointer == other.pointer).unwrap_or(self)
            }
            None => self,
        }
    }

    /// Returns what this refers to, if it is a reference; that may be a reference in turn.
    #[must_use]
    pub fn referred(&self) -> Option<Self> {
        let pointer = of_reference(self.value.get("$ref")?.as_str()?)?;
        let value = self.document.value().pointer(&pointer)?;
        Some(Self { document: self.document, pointer, value })
    }

    /// Returns an error about what stands here.
    #[must_use]
    pub fn error(&self, message: impl Into<String>, advice: impl Into<String>) -> Error {
        self.document.error(&self.pointer, message, advice)
    }
}
