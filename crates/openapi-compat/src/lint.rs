//! Whether a document is written in the style its authors agreed on.
//!
//! A valid document may still lack words, or be out of order. The rules are listed in [`RULES`], each with its reason;
//! what they ask of one document in particular is a [`Style`], which the caller gives. Whether a document is valid is
//! not asked here.

mod answers;
mod names;
mod order;
mod provenance;
mod sharing;
mod style;
mod values;
mod vocabulary;
mod words;

use serde_json::Value;

use openapi_document::document::Document;
use openapi_document::grammar::Shape;
use openapi_document::{pointer, walk};
pub use style::{Extension, Form, Provenance, Style, Verb};

/// One thing that a style asks for.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// What findings call it.
    pub id: &'static str,
    /// Why it is asked for, as a sentence without its full stop.
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
    /// What is not as it should be.
    pub message: String,
    /// The place in the document.
    pub pointer: String,
    /// What to do about it.
    pub remedy: String,
}

/// Every rule, in the order in which they are tried.
pub const RULES: &[Rule] = &[
    Rule {
        id: "described",
        why: "whoever reads the API, a page or the rustdoc of it has nothing else to learn from",
        check: words::described,
    },
    Rule {
        id: "note-of-its-own",
        why: "a note that repeats the description has to be kept in step with it and says nothing",
        check: words::notes,
    },
    Rule {
        id: "operation-id",
        why: "methods are called by the id, and whoever knows the path and the pattern knows the method",
        check: names::operation_ids,
    },
    Rule {
        id: "tag",
        why: "tags group the operations, and those listed at the top are all there are",
        check: names::tags,
    },
    Rule {
        id: "path-order",
        why: "a path is found where its neighbours are, and two people who add one choose the same place",
        check: order::paths,
    },
    Rule { id: "component-order", why: "a component is found by its name", check: order::components },
    Rule { id: "parameter-order", why: "a parameter is found by its name", check: order::parameters },
    Rule {
        id: "key-order",
        why: "what is always in the same place is read at a glance, and changes stay small",
        check: order::keys,
    },
    Rule {
        id: "required-order",
        why: "`required` is compared with the properties line by line",
        check: order::required,
    },
    Rule {
        id: "extension",
        why: "an extension key that is misspelt or misplaced is ignored without a word",
        check: vocabulary::extensions,
    },
    Rule {
        id: "enum-labels",
        why: "a value without a label is shown by its bare name",
        check: vocabulary::labels,
    },
    Rule { id: "provenance", why: "what nobody vouches for cannot be checked", check: provenance::check },
    Rule { id: "shared", why: "what is written twice is changed once", check: sharing::repeated },
    Rule {
        id: "named",
        why: "a type made from an unnamed schema is called after the place where it happened to be used",
        check: sharing::unnamed,
    },
    Rule {
        id: "used",
        why: "a component that nothing refers to is dead weight in every generated crate",
        check: sharing::unused,
    },
    Rule {
        id: "error-answers",
        why: "callers handle errors in one place only if all operations declare them alike",
        check: answers::check,
    },
    Rule {
        id: "fits",
        why: "a default or example that its own schema refuses misleads",
        check: values::check,
    },
];

/// What the paths of a document are sorted by.
pub(crate) fn path_order(path: &str) -> Vec<(bool, String)> {
    order::segments(path).into_iter().map(|(is_fixed, name)| (is_fixed, name.to_owned())).collect()
}

/// What in `document` is not in `style`, in the order of the rules and of the document.
#[must_use]
pub fn check(document: &Document, style: &Style) -> Vec<Finding> {
    let rules = RULES.iter().flat_map(|rule| {
        let mut scope = Scope { document, style, rule, findings: Vec::new() };
        (rule.check)(&mut scope);
        scope.findings
    });
    rules.collect()
}

/// What a rule looks at, and where it notes what it finds.
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

    /// Every operation with its path, method and pointer.
    fn operations(&self) -> Vec<(&'a str, &'a str, &'a Value, String)> {
        let operations = openapi_document::operations::operations(self.root());
        operations
            .map(|(path, method, operation)| {
                (path, method, operation, format!("{}/{method}", pointer::child("/paths", path)))
            })
            .collect()
    }

    /// Every component with its kind, name and pointer.
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

    /// Every object of a kind known to OpenAPI, with the name of its kind and its pointer; references are none.
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

/// The member `key` of `value` if it is a text that says something.
fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key)?.as_str().filter(|text| !text.trim().is_empty())
}

/// Names as prose: "`a`, `b`".
fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
