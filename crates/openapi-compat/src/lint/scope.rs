//! Rules, what they check, and what they find.

use serde_json::{Map, Value};

use super::style::Style;
use openapi_document::document::Document;
use openapi_document::grammar::{Shape, is_extension};
use openapi_document::{pointer, walk};

/// One thing that a style asks for.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The name that findings show.
    pub id: &'static str,
    /// The reason for the rule, as a sentence without its full stop.
    pub why: &'static str,
    pub(super) check: fn(&mut Scope<'_>),
}

/// Something that is not in style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule.
    pub rule: &'static str,
    /// The rule's reason.
    pub why: &'static str,
    /// The problem.
    pub message: String,
    /// The place in the document.
    pub pointer: String,
    /// The way to fix it.
    pub remedy: String,
}

/// The document that a rule checks, and the findings that it adds.
pub(super) struct Scope<'a> {
    pub(super) document: &'a Document,
    pub(super) style: &'a Style,
    pub(super) rule: &'static Rule,
    pub(super) findings: Vec<Finding>,
}

impl<'a> Scope<'a> {
    pub(super) fn add(&mut self, at: &str, message: impl Into<String>, remedy: impl Into<String>) {
        let Rule { id, why, .. } = *self.rule;
        let (message, remedy) = (message.into(), remedy.into());
        self.findings.push(Finding { rule: id, why, message, pointer: at.to_owned(), remedy });
    }

    pub(super) fn root(&self) -> &'a Value {
        self.document.value()
    }

    /// Returns every operation with its path, method and pointer.
    pub(super) fn operations(&self) -> Vec<(&'a str, &'a str, &'a Value, String)> {
        let operations = openapi_document::operations::operations(self.root());
        operations
            .map(|(path, method, operation)| {
                (path, method, operation, format!("{}/{method}", pointer::child("/paths", path)))
            })
            .collect()
    }

    /// Returns the components of each kind.
    pub(super) fn kinds(&self) -> impl Iterator<Item = (&'a str, &'a Map<String, Value>)> {
        let kinds = self.root().get("components").and_then(Value::as_object).into_iter().flatten();
        let kinds = kinds.filter(|(kind, _)| !is_extension(kind));
        kinds.filter_map(|(kind, components)| Some((kind.as_str(), components.as_object()?)))
    }

    /// Returns every component with its kind, name and pointer.
    pub(super) fn components(&self) -> Vec<(&'a str, &'a str, &'a Value, String)> {
        let mut found = Vec::new();
        for (kind, components) in self.kinds() {
            for (name, component) in components {
                let at = pointer::child(&pointer::child("/components", kind), name);
                found.push((kind, name.as_str(), component, at));
            }
        }
        found
    }

    /// Returns every object of a kind known to OpenAPI, with the name of its kind and its pointer. References are left
    /// out.
    pub(super) fn objects(&self) -> Vec<(&'static str, &'a Value, String)> {
        let mut found = Vec::new();
        walk::walk(self.root(), |value, shape: Shape, at| {
            if let (Some(object), true) = (shape.object(), value.is_object() && value.get("$ref").is_none()) {
                found.push((object.name, value, at.to_owned()));
            }
        });
        found
    }

    pub(super) fn objects_of(&self, kind: &str) -> Vec<(&'a Value, String)> {
        let of_kind = self.objects().into_iter().filter(|(of, ..)| *of == kind);
        of_kind.map(|(_, value, at)| (value, at)).collect()
    }
}

/// Returns the member `key` of `value` if it is a text that is not blank.
pub(super) fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str().filter(|text| !text.trim().is_empty())
}

/// Returns names as prose: "`a`, `b`".
pub(super) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
