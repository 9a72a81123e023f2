//! What a change is about: how a sentence calls it, which way its data goes, which Rust item it becomes.

use heck::{ToPascalCase as _, ToSnakeCase as _};

use super::rule::Direction;
use crate::document::pointer;

#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// How a sentence begins.
    pub(super) label: String,
    pub(super) direction: Option<Direction>,
    /// The generated items; several where several operations are concerned.
    pub(super) items: Vec<String>,
    /// What a type made for this place would be called.
    pub(super) type_name: String,
}

impl Subject {
    /// Something without generated items.
    pub(super) fn plain(label: impl Into<String>) -> Self {
        Subject { label: label.into(), direction: None, items: Vec::new(), type_name: String::new() }
    }

    /// The operation called `id`; its item is the method that starts a request.
    pub(super) fn operation(id: &str) -> Self {
        let type_name = id.to_pascal_case();
        let items = vec![format!("Client::{}", id.to_snake_case())];
        Subject { label: format!("`{id}`"), direction: None, items, type_name }
    }

    /// The component schema `name`, if `at` points to one.
    pub(super) fn component(at: &str, direction: Option<Direction>) -> Option<Self> {
        let name = at.strip_prefix("/components/schemas/").filter(|name| !name.contains('/'))?;
        let name = pointer::unescape(name);
        let type_name = name.to_pascal_case();
        Some(Subject { label: format!("`{name}`"), direction, items: vec![type_name.clone()], type_name })
    }

    pub(super) fn directed(&self, direction: Direction) -> Self {
        Subject { direction: Some(direction), ..self.clone() }
    }

    /// A part of this that sentences call `label`; its item is this item's member.
    pub(super) fn part(&self, label: impl Into<String>, member: &str) -> Self {
        Subject {
            label: label.into(),
            direction: self.direction,
            items: vec![format!("{}::{}", self.type_name, member.to_snake_case())],
            type_name: format!("{}{}", self.type_name, member.to_pascal_case()),
        }
    }

    /// The property `name` of this object.
    pub(super) fn property(&self, name: &str) -> Self {
        self.part(self.path(&format!(".{name}"), &format!("property `{name}`")), name)
    }

    /// The items of this list.
    pub(super) fn list_items(&self) -> Self {
        self.below("[]", "items", "Item")
    }

    /// The values of this map.
    pub(super) fn map_values(&self) -> Self {
        self.below(".*", "further properties", "Value")
    }

    /// One of the schemas that this is composed of.
    pub(super) fn member(&self, number: usize) -> Self {
        self.below("", &format!("part {number}"), &format!("Variant{number}"))
    }

    /// The enumerated value `text` of this.
    pub(super) fn value(&self, text: &str) -> Self {
        let item = format!("{}::{}", self.type_name, text.to_pascal_case());
        Subject { items: vec![item], ..self.clone() }
    }

    fn below(&self, step: &str, name: &str, suffix: &str) -> Self {
        Subject {
            label: self.path(step, name),
            type_name: format!("{}{suffix}", self.type_name),
            ..self.clone()
        }
    }

    /// A step within a quoted name, or a name in front of anything else.
    fn path(&self, step: &str, name: &str) -> String {
        match self.label.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
            Some(label) if !label.contains('`') => format!("`{label}{step}`"),
            _ => format!("{name} of {}", self.label),
        }
    }
}
