//! A value of the document together with where it stands, so that whatever is wrong with it can be said there.

use proc_macro2::Ident;
use serde_json::Value;

use openapi_document::document::Document;
use openapi_document::error::Error;
use openapi_document::grammar::{is_extension, reference};
use openapi_document::names::Names;
use openapi_document::pointer::{child, of_reference, unescape};
use openapi_document::walk::{is_schema, shape_at};

use super::names;

/// A value and the pointer to it.
#[derive(Clone, Debug)]
pub(super) struct Place<'a> {
    document: &'a Document,
    pub(super) pointer: String,
    pub(super) value: &'a Value,
}

impl<'a> Place<'a> {
    /// The whole document.
    pub(super) fn root(document: &'a Document) -> Self {
        Self { document, pointer: String::new(), value: document.value() }
    }

    /// What everything in the document is called in Rust.
    pub(super) fn names(&self) -> &'a Names {
        self.document.names()
    }

    /// The member `key`; if it is a reference, the place that leads to.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        Some(self.at(child(&self.pointer, key), self.value.get(key)?))
    }

    /// The members of an object, with their keys.
    pub(super) fn members(&self) -> impl Iterator<Item = (&'a str, Self)> {
        let members = self.value.as_object().into_iter().flatten();
        members.map(|(key, value)| (key.as_str(), self.at(child(&self.pointer, key), value)))
    }

    /// The items of an array.
    pub(super) fn items(&self) -> impl Iterator<Item = Self> {
        let items = self.value.as_array().into_iter().flatten().enumerate();
        items.map(|(index, value)| self.at(child(&self.pointer, &index.to_string()), value))
    }

    /// The text of the member `key`.
    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    /// Whether the member `key` is `true`.
    pub(super) fn flag(&self, key: &str) -> bool {
        self.value.get(key).and_then(Value::as_bool).unwrap_or_default()
    }

    /// The number that the member `key` is.
    pub(super) fn number(&self, key: &str) -> Option<usize> {
        usize::try_from(self.value.get(key)?.as_u64()?).ok()
    }

    /// The texts in the list `key`.
    pub(super) fn texts(&self, key: &str) -> Vec<&'a str> {
        let items = self.value.get(key).and_then(Value::as_array);
        items.into_iter().flatten().filter_map(Value::as_str).collect()
    }

    /// The type of the component schema that stands here.
    pub(super) fn component_type(&self) -> Option<Ident> {
        self.component().map(|name| names::ident(&self.names().component(&name)))
    }

    /// The name of the component schema that stands here.
    pub(super) fn component(&self) -> Option<String> {
        let name = self.pointer.strip_prefix("/components/schemas/")?;
        (!name.contains('/')).then(|| unescape(name))
    }

    /// The value without vendor extensions, and with whatever it refers to that is no schema in place of the reference.
    pub(super) fn plain(&self) -> Value {
        self.plain_within(0)
    }

    fn plain_within(&self, depth: usize) -> Value {
        // Deeper than any document that parses; a circle of components other than schemas ends here.
        const DEEPEST: usize = 256;
        if depth > DEEPEST {
            return Value::Null;
        }
        let shape = shape_at(&self.pointer);
        let plain = |key: &str, value: &'a Value| {
            let pointer = child(&self.pointer, key);
            let member = match shape.step(key) {
                shape if is_schema(shape) || reference(value, shape).is_none() => {
                    Self { document: self.document, pointer, value }
                }
                _ => self.at(pointer, value),
            };
            member.plain_within(depth + 1)
        };
        match self.value {
            Value::Object(members) => {
                // A header may be called like an extension, and an example may have anything.
                let kept = members.iter().filter(|(key, _)| shape.object().is_none() || !is_extension(key));
                Value::Object(kept.map(|(key, value)| (key.clone(), plain(key, value))).collect())
            }
            Value::Array(items) => {
                items.iter().enumerate().map(|(index, value)| plain(&index.to_string(), value)).collect()
            }
            other => other.clone(),
        }
    }

    /// The member `key` as it is written, references and all.
    pub(super) fn written(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key)?;
        Some(Self { document: self.document, pointer: child(&self.pointer, key), value })
    }

    /// An error about what stands here.
    pub(super) fn error(&self, message: impl Into<String>, advice: impl Into<String>) -> Error {
        self.document.error(&self.pointer, message, advice)
    }

    /// `value`, which stands at `pointer`, or what it refers to.
    fn at(&self, mut pointer: String, mut value: &'a Value) -> Self {
        // A chain longer than this is a circle; parsing refuses both.
        const LONGEST_CHAIN: usize = 64;
        for _ in 0..LONGEST_CHAIN {
            let target = value.get("$ref").and_then(Value::as_str).and_then(of_reference);
            match target.and_then(|target| Some((self.document.value().pointer(&target)?, target))) {
                Some((next, target)) => (value, pointer) = (next, target),
                None => break,
            }
        }
        Self { document: self.document, pointer, value }
    }
}
