//! The subject of a change: its name in a sentence, the direction of its data, the Rust item generated from it.

use std::sync::Arc;

use super::node::Node;
use super::rule::Direction;
use openapi_document::names::{Case, Names, plain, setters, variants};

#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// The beginning of a sentence about it.
    pub(super) label: String,
    pub(super) direction: Option<Direction>,
    /// The generated items; several where several operations are concerned.
    pub(super) items: Vec<String>,
    /// The name that a type generated for this place would get.
    pub(super) type_name: String,
    /// The Rust names of its document.
    pub(super) names: Arc<Names>,
    /// `true` of a call that the server makes, so that what it asks is what callers get.
    pub(super) is_called_back: bool,
    /// Of an operation the setters of its parameters, by their places and names.
    pub(super) setters: Arc<[(String, String, String)]>,
}

impl Subject {
    /// Makes a subject without generated items.
    pub(super) fn plain(label: impl Into<String>) -> Self {
        Subject {
            label: label.into(),
            direction: None,
            items: Vec::new(),
            type_name: String::new(),
            names: Arc::default(),
            is_called_back: false,
            setters: Arc::default(),
        }
    }

    /// Makes the call that the server makes under the name `name`.
    pub(super) fn callback(name: &str) -> Self {
        Subject { is_called_back: true, ..Subject::plain(format!("the callback `{name}`")) }
    }

    /// Returns an operation; its item is the method that starts a request.
    pub(super) fn operation(operation: &Node<'_>) -> Self {
        let (id, names) = (operation.text("operationId").unwrap_or_default(), operation.side.names());
        let setters = setters(operation.side.root, &operation.pointer).into_iter();
        Subject {
            items: vec![format!("Client::{}", names.operation(id))],
            type_name: names.builder(id),
            names,
            setters: setters
                .map(|setter| (setter.place().to_owned(), setter.wire().to_owned(), setter.name))
                .collect(),
            ..Subject::plain(format!("`{id}`"))
        }
    }

    /// Returns the component schema that `node` is, if it is one.
    pub(super) fn component(node: &Node<'_>, direction: Option<Direction>) -> Option<Self> {
        let name = node.component_name()?;
        let names = node.side.names();
        let type_name = names.component(&name);
        let items = vec![type_name.clone()];
        Some(Subject { direction, items, type_name, names, ..Subject::plain(format!("`{name}`")) })
    }

    /// Returns the same subject for the method that serves `operation`.
    pub(super) fn served_by(&self, operation: &Subject) -> Self {
        let methods = operation.items.iter().filter_map(|item| item.strip_prefix("Client::"));
        let items = methods.map(|method| operation.names.service_method(method)).collect();
        Subject { items, ..self.clone() }
    }

    pub(super) fn directed(&self, direction: Direction) -> Self {
        Subject { direction: Some(direction), ..self.clone() }
    }

    /// Returns what this operation asks, on its way to whoever answers.
    pub(super) fn asking(&self) -> Self {
        self.directed(if self.is_called_back { Direction::Response } else { Direction::Request })
    }

    /// Returns what is answered to this operation.
    pub(super) fn answering(&self) -> Self {
        self.directed(if self.is_called_back { Direction::Request } else { Direction::Response })
    }

    /// Returns a part of this with the name `label` in sentences. Its item is this item's member with the name
    /// `member`.
    pub(super) fn part(&self, label: impl Into<String>, member: &str) -> Self {
        self.member_called(label, &plain(member, Case::Snake))
    }

    /// Returns the parameter `name` of this operation, sent in `place`.
    pub(super) fn parameter(&self, label: impl Into<String>, place: &str, name: &str) -> Self {
        let known = self.setters.iter().find(|(known, wire, _)| known == place && wire == name);
        match known {
            Some((.., setter)) => self.member_called(label, setter),
            None => self.part(label, name),
        }
    }

    /// Returns the property `name` of this object.
    pub(super) fn property(&self, name: &str) -> Self {
        let label = self.path(&format!(".{name}"), &format!("property `{name}`"));
        self.member_called(label, &self.names.property(name))
    }

    fn member_called(&self, label: impl Into<String>, member: &str) -> Self {
        Subject {
            label: label.into(),
            direction: self.direction,
            items: vec![format!("{}::{member}", self.type_name)],
            type_name: format!("{}{}", self.type_name, plain(member, Case::Pascal)),
            names: Arc::clone(&self.names),
            is_called_back: self.is_called_back,
            setters: Arc::default(),
        }
    }

    /// Returns the items of this list.
    pub(super) fn list_items(&self) -> Self {
        self.below("[]", "items", "Item")
    }

    /// Returns the values of this map.
    pub(super) fn map_values(&self) -> Self {
        self.below(".*", "further properties", "Value")
    }

    /// Returns one of the schemas that this is composed of.
    pub(super) fn member(&self, number: usize) -> Self {
        self.below("", &format!("part {number}"), &format!("Variant{number}"))
    }

    /// Returns the enumerated value `text` of this, one of `values`.
    pub(super) fn value(&self, text: &str, values: &[&str]) -> Self {
        let known = variants(values).into_iter().zip(values).find(|(_, value)| **value == text);
        let variant = known.map_or_else(|| plain(text, Case::Pascal), |(variant, _)| variant);
        Subject { items: vec![format!("{}::{variant}", self.type_name)], ..self.clone() }
    }

    fn below(&self, step: &str, name: &str, suffix: &str) -> Self {
        Subject {
            label: self.path(step, name),
            type_name: format!("{}{suffix}", self.type_name),
            ..self.clone()
        }
    }

    /// Returns a step within a quoted name, or a name in front of anything else.
    fn path(&self, step: &str, name: &str) -> String {
        match self.label.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
            Some(label) if !label.contains('`') => format!("`{label}{step}`"),
            _ => format!("{name} of {}", self.label),
        }
    }
}
