//! Checks that a document is written in the style its authors agreed on.
//!
//! A valid document may still lack descriptions, or be out of order. The rules are listed in [`RULES`], each with its
//! reason. The caller gives a [`Style`], which holds the choices of one document. Validity is not checked here.

mod answers;
mod components;
mod descriptions;
mod extensions;
mod mistakes;
mod names;
mod order;
mod provenance;
mod scope;
mod style;
mod values;

use openapi_document::document::Document;
use scope::Scope;
pub use scope::{Finding, Rule};
pub use style::{Extension, Form, Provenance, Style, Verb};

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
    Rule { id: "misspelt", why: "a key that nothing knows is ignored silently", check: mistakes::keys },
    Rule {
        id: "required-declared",
        why: "objects must have the property, but nothing says what it is",
        check: mistakes::required,
    },
    Rule {
        id: "beside-reference",
        why: "OpenAPI 3.0 reads only the reference, so the key has no effect",
        check: mistakes::siblings,
    },
    Rule {
        id: "untyped",
        why: "generated types of the property hold any value, which is seldom meant",
        check: mistakes::untyped,
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

#[cfg(test)]
mod tests;
