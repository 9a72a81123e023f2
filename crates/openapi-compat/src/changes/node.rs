//! A place in a document, and the same place in both documents.
//!
//! References are followed on request, and the pointer then is that of the declaring place.

use std::sync::{Arc, OnceLock};

use serde_json::{Map, Value};

use crate::normal_form;
use openapi_document::document::Document;
use openapi_document::grammar::{DOCUMENT, Object, Shape};
use openapi_document::names::Names;
use openapi_document::pointer;
use openapi_document::walk::shape_at;

/// One of the two documents.
#[derive(Clone, Copy, Debug)]
pub(super) struct Revision<'a> {
    pub(super) root: &'a Value,
    /// The Rust names of the document. They are made when the first change needs them; most documents are nearly equal.
    pub(super) names: &'a OnceLock<Arc<Names>>,
}

/// A place in one document; there may be nothing at it.
#[derive(Clone, Debug)]
pub(super) struct Node<'a> {
    pub(super) side: Revision<'a>,
    pub(super) value: Option<&'a Value>,
    pub(super) pointer: String,
    shape: Shape,
}

/// A place in both documents.
#[derive(Clone, Debug)]
pub(super) struct Both<'a> {
    pub(super) old: Node<'a>,
    pub(super) new: Node<'a>,
}

/// The same member of two objects; at least one side has it.
pub(super) enum Member<'a> {
    Added(Node<'a>),
    Removed(Node<'a>),
    Kept(Both<'a>),
}

impl<'a> From<&'a Document> for Revision<'a> {
    fn from(document: &'a Document) -> Self {
        Revision { root: document.value(), names: document.names_once() }
    }
}

impl Revision<'_> {
    pub(super) fn names(self) -> Arc<Names> {
        Arc::clone(self.names.get_or_init(|| Arc::new(Names::of(self.root))))
    }
}

impl<'a> Node<'a> {
    pub(super) fn get(&self, key: &str) -> Node<'a> {
        self.at(key, self.value.and_then(|value| value.get(key)))
    }

    /// Returns the node below this one with the name `key`.
    pub(super) fn at(&self, key: &str, value: Option<&'a Value>) -> Node<'a> {
        let pointer = pointer::child(&self.pointer, key);
        Node { value, pointer, shape: self.shape.step(key), ..self.bare() }
    }

    /// Returns the document.
    pub(super) fn document(&self) -> Node<'a> {
        Node { value: Some(self.side.root), ..self.bare() }
    }

    /// Returns the document itself, with nothing in it.
    fn bare(&self) -> Node<'a> {
        Node { side: self.side, value: None, pointer: String::new(), shape: Shape::Object(&DOCUMENT) }
    }

    /// Returns this place with nothing at it.
    pub(super) fn emptied(&self) -> Node<'a> {
        Node { value: None, ..self.clone() }
    }

    /// Returns the grammar's description of the object here, if there is one.
    pub(super) fn kind(&self) -> Option<&'static Object> {
        self.shape.object()
    }

    /// Returns the component that `pointer` points to.
    pub(super) fn component_at(&self, pointer: &str) -> Node<'a> {
        let shape = shape_at(pointer);
        Node { value: self.side.root.pointer(pointer), pointer: pointer.to_owned(), shape, ..self.bare() }
    }

    pub(super) fn exists(&self) -> bool {
        self.value.is_some()
    }

    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.value?.get(key)?.as_str()
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        self.value.and_then(|value| value.get(key)) == Some(&Value::Bool(true))
    }

    /// Returns `true` if a schema says `key` of the property that it is, itself or by one of its parts.
    pub(super) fn is_marked(&self, key: &str) -> bool {
        let schema = self.resolved();
        schema.flag(key) || schema.get("allOf").items().iter().any(|part| part.resolved().flag(key))
    }

    pub(super) fn object(&self) -> Option<&'a Map<String, Value>> {
        self.value?.as_object()
    }

    pub(super) fn list(&self, key: &str) -> &'a [Value] {
        let items = self.value.and_then(|value| value.get(key)).and_then(Value::as_array);
        items.map_or(&[], Vec::as_slice)
    }

    /// Returns `true` if there is nothing here, or an empty list or object.
    pub(super) fn is_blank(&self) -> bool {
        match self.value {
            None => true,
            Some(Value::Array(items)) => items.is_empty(),
            Some(Value::Object(map)) => map.is_empty(),
            Some(_) => false,
        }
    }

    /// Returns the items of the list here, by number.
    pub(super) fn items(&self) -> Vec<Node<'a>> {
        let items = self.value.and_then(Value::as_array).into_iter().flatten().enumerate();
        items.map(|(index, item)| self.at(&index.to_string(), Some(item))).collect()
    }

    /// Returns the texts of the list under `key`.
    pub(super) fn texts(&self, key: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.list(key).iter().filter_map(Value::as_str)
    }

    pub(super) fn members(&self) -> impl Iterator<Item = (&'a String, Node<'a>)> + use<'a, '_> {
        self.object().into_iter().flatten().map(|(key, value)| (key, self.at(key, Some(value))))
    }

    /// Returns the name of the component schema that the reference here names.
    pub(super) fn component(&self) -> Option<String> {
        openapi_document::usage::component(self.text("$ref")?)
    }

    /// Returns the name of the component schema that this is.
    pub(super) fn component_name(&self) -> Option<String> {
        let name = self.pointer.strip_prefix("/components/schemas/").filter(|name| !name.contains('/'))?;
        Some(pointer::unescape(name))
    }

    /// Returns the node here, or the one that its references lead to.
    pub(super) fn resolved(&self) -> Node<'a> {
        let target = |node: &Node<'a>| {
            let target = pointer::of_reference(node.text("$ref")?)?;
            Some(Node { value: self.side.root.pointer(&target), pointer: target, ..node.clone() })
        };
        let is_same = |one: &Node<'a>, other: &Node<'a>| one.pointer == other.pointer;
        pointer::follow(self.clone(), target, is_same).unwrap_or_else(|| self.clone())
    }

    /// Returns `true` if `self` and `other` mean the same.
    pub(super) fn same(&self, other: &Node<'_>) -> bool {
        match (self.value, other.value) {
            (Some(old), Some(new)) => {
                normal_form::same((self.side.root, old), (other.side.root, new), self.shape)
            }
            (old, new) => old.is_none() && new.is_none(),
        }
    }
}

impl<'a> Both<'a> {
    pub(super) fn of_documents(old: Revision<'a>, new: Revision<'a>) -> Self {
        let node = |side: Revision<'a>| Node {
            side,
            value: Some(side.root),
            pointer: String::new(),
            shape: Shape::Object(&DOCUMENT),
        };
        Both { old: node(old), new: node(new) }
    }

    pub(super) fn get(&self, key: &str) -> Both<'a> {
        Both { old: self.old.get(key), new: self.new.get(key) }
    }

    pub(super) fn resolved(&self) -> Both<'a> {
        Both { old: self.old.resolved(), new: self.new.resolved() }
    }

    /// Returns the components that two pointers point to.
    pub(super) fn components_at(&self, old: &str, new: &str) -> Both<'a> {
        Both { old: self.old.component_at(old), new: self.new.component_at(new) }
    }

    /// Returns the pointer to report: the declaring place in the new document.
    pub(super) fn pointer(&self) -> &str {
        &self.new.pointer
    }

    pub(super) fn same(&self) -> bool {
        self.old.same(&self.new)
    }

    /// Returns `true` if the two differ in meaning. A missing value and an empty one are equal.
    pub(super) fn differs_ignoring_empty(&self) -> bool {
        let blank = self.old.is_blank() && self.new.is_blank();
        !(blank || self.same())
    }

    /// Returns the members of both objects: those of the new one in its order, then those that were removed.
    pub(super) fn members(&self) -> Vec<(&'a str, Member<'a>)> {
        let members = |node: &Node<'a>| -> Vec<(&'a str, Node<'a>)> {
            node.members().map(|(key, member)| (key.as_str(), member)).collect()
        };
        joined(members(&self.old), members(&self.new))
    }
}

/// Joins what has the same key in both lists: first what the new one has, in its order, then what it has lost.
pub(super) fn joined<'a, K: PartialEq>(
    old: Vec<(K, Node<'a>)>,
    new: Vec<(K, Node<'a>)>,
) -> Vec<(K, Member<'a>)> {
    let mut old: Vec<Option<(K, Node<'a>)>> = old.into_iter().map(Some).collect();
    let mut all = Vec::new();
    for (key, new) in new {
        let found = old.iter_mut().find(|slot| slot.as_ref().is_some_and(|(known, _)| *known == key));
        let member = match found.and_then(Option::take) {
            Some((_, old)) => Member::Kept(Both { old, new }),
            None => Member::Added(new),
        };
        all.push((key, member));
    }
    all.extend(old.into_iter().flatten().map(|(key, old)| (key, Member::Removed(old))));
    all
}
