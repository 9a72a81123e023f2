//! Checks that a document is written in the style its authors agreed on.
//!
//! A valid document may still lack descriptions, or be out of order. The rules are listed in [`RULES`], each with its
//! reason. The caller gives a [`Style`], which holds the choices of one document. Validity is not checked here.

mod answers;
mod components;
mod descriptions;
mod extensions;
mod names;
mod order;
mod provenance;
mod style;
mod values;

use serde_json::Value;

use openapi_document::document::Document;
use openapi_document::grammar::Shape;
use openapi_document::{pointer, walk};
pub use style::{Extension, Form, Provenance, Style, Verb};

/// One thing that a style asks for.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// The name that findings show.
    pub id: &'static str,
    /// The reason for the rule, as a sentence without its full stop.
    pub why: &'static str,
    check: fn(&mut Scope<'_>),
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

/// Every rule, in the order in which they are tried.
pub const RULES: &[Rule] = &[
    Rule {
        id: "described",
        why: "readers of the API, its pages and its rustdoc depend on descriptions",
        check: descriptions::described,
    },
    Rule {
        id: "note-of-its-own",
        why: "a note that repeats the description adds nothing and has to be kept in step with it",
        check: descriptions::notes,
    },
    Rule {
        id: "operation-id",
        why: "methods are named after the id, so a regular id can be guessed from the path",
        check: names::operation_ids,
    },
    Rule {
        id: "tag",
        why: "tags group the operations, and every tag is listed at the top of the document",
        check: names::tags,
    },
    Rule {
        id: "path-order",
        why: "in a fixed order a path is easy to find, and a new one has one place",
        check: order::paths,
    },
    Rule {
        id: "component-order",
        why: "in order of their names components are easy to find",
        check: order::components,
    },
    Rule {
        id: "parameter-order",
        why: "in order of their names parameters are easy to find",
        check: order::parameters,
    },
    Rule {
        id: "key-order",
        why: "keys in a fixed order are easy to read, and changes stay small",
        check: order::keys,
    },
    Rule {
        id: "required-order",
        why: "`required` is compared with the properties line by line",
        check: order::required,
    },
    Rule {
        id: "extension",
        why: "a misspelt or misplaced extension key is ignored silently",
        check: extensions::extensions,
    },
    Rule {
        id: "enum-labels",
        why: "a value without a label is shown by its bare name",
        check: extensions::labels,
    },
    Rule { id: "provenance", why: "a part without a source cannot be checked", check: provenance::check },
    Rule { id: "shared", why: "of two copies, only one gets changed", check: components::repeated },
    Rule {
        id: "named",
        why: "a type made from an unnamed schema is named after the place where it is used",
        check: components::unnamed,
    },
    Rule {
        id: "used",
        why: "an unused component adds unused code to every generated crate",
        check: components::unused,
    },
    Rule {
        id: "error-answers",
        why: "callers handle errors in one place only if all operations declare them alike",
        check: answers::check,
    },
    Rule {
        id: "fits",
        why: "a default or example that its own schema rejects is misleading",
        check: values::check,
    },
];

/// Returns the key that the paths of a document are sorted by.
pub(crate) fn path_order(path: &str) -> Vec<(bool, String)> {
    order::segments(path).into_iter().map(|(is_fixed, name)| (is_fixed, name.to_owned())).collect()
}

/// Returns every place in `document` that violates `style`, in the order of the rules and of the document.
#[must_use]
pub fn check(document: &Document, style: &Style) -> Vec<Finding> {
    let rules = RULES.iter().flat_map(|rule| {
        let mut scope = Scope { document, style, rule, findings: Vec::new() };
        (rule.check)(&mut scope);
        scope.findings
    });
    rules.collect()
}

/// The document that a rule checks, and the findings that it adds.
struct Scope<'a> {
    document: &'a Document,
    style: &'a Style,
    rule: &'static Rule,
    findings: Vec<Finding>,
}

impl<'a> Scope<'a> {
    fn add(&mut self, at: &str, message: impl Into<String>, remedy: impl Into<String>) {
        let Rule { id, why, .. } = *self.rule;
        let (message, remedy) = (message.into(), remedy.into());
        self.findings.push(Finding { rule: id, why, message, pointer: at.to_owned(), remedy });
    }

    fn root(&self) -> &'a Value {
        self.document.value()
    }

    /// Returns every operation with its path, method and pointer.
    fn operations(&self) -> Vec<(&'a str, &'a str, &'a Value, String)> {
        let operations = openapi_document::operations::operations(self.root());
        operations
            .map(|(path, method, operation)| {
                (path, method, operation, format!("{}/{method}", pointer::child("/paths", path)))
            })
            .collect()
    }

    /// Returns every component with its kind, name and pointer.
    fn components(&self) -> Vec<(&'a str, &'a str, &'a Value, String)> {
        let mut found = Vec::new();
        let kinds = self.root().get("components").and_then(Value::as_object);
        for (kind, components) in kinds.into_iter().flatten() {
            for (name, component) in components.as_object().into_iter().flatten() {
                let at = pointer::child(&pointer::child("/components", kind), name);
                found.push((kind.as_str(), name.as_str(), component, at));
            }
        }
        found
    }

    /// Returns every object of a kind known to OpenAPI, with the name of its kind and its pointer. References are left
    /// out.
    fn objects(&self) -> Vec<(&'static str, &'a Value, String)> {
        let mut found = Vec::new();
        walk::walk(self.root(), |value, shape: Shape, at| {
            if let (Some(object), true) = (shape.object(), value.is_object() && value.get("$ref").is_none()) {
                found.push((object.name, value, at.to_owned()));
            }
        });
        found
    }

    fn objects_of(&self, kind: &str) -> Vec<(&'a Value, String)> {
        let of_kind = self.objects().into_iter().filter(|(of, ..)| *of == kind);
        of_kind.map(|(_, value, at)| (value, at)).collect()
    }
}

/// Returns the member `key` of `value` if it is a text that is not blank.
fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str().filter(|text| !text.trim().is_empty())
}

/// Returns names as prose: "`a`, `b`".
fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
