//! Passes: small named repairs, each for one thing that progenitor or typify cannot do.
//!
//! The passes over the document are listed here and run before progenitor reads it; those over the syntax tree that
//! progenitor answers are in [`syntax`](crate::syntax). A pass that changes nothing is an error, unless the caller
//! said that it is for documents where its subject is present: so a new progenitor, or a new document, cannot lose a
//! repair or keep a useless one without notice.

pub(crate) mod answers;
pub(crate) mod bodies;
mod enums;
mod errors;
mod names;
mod numbers;
mod requests;
mod responses;
mod titles;
pub(crate) mod unions;

use std::collections::BTreeSet;

use serde_json::Value;

pub(crate) use enums::component_of_enum;
use openapi_document::document::Document;
use openapi_document::error::{Error, Result};
use openapi_document::usage::Usage;

/// What every pass may look at besides what it changes.
#[derive(Debug)]
pub struct Plan<'a> {
    /// The document as written.
    pub document: &'a Document,
    /// Which components requests and answers use.
    pub usage: Usage,
    when_present: BTreeSet<&'a str>,
}

/// One repair of a `T`: the JSON of a document, or items of a syntax tree.
pub struct Pass<T: ?Sized> {
    /// What error messages and configurations call it: the name of its function.
    pub name: &'static str,
    /// Repairs, and answers how many changes it made.
    pub apply: fn(&mut T, &Plan<'_>) -> usize,
}

/// The passes over a document, in their order.
pub const DOCUMENT: &[Pass<Value>] = &[
    Pass { name: "error_responses", apply: errors::error_responses },
    Pass { name: "plain_answers", apply: answers::plain_answers },
    Pass { name: "alternative_bodies", apply: bodies::alternative_bodies },
    Pass { name: "multipart_bodies", apply: bodies::multipart_bodies },
    Pass { name: "body_kinds", apply: bodies::body_kinds },
    Pass { name: "whole_numbers", apply: numbers::whole_numbers },
    Pass { name: "parameter_enums", apply: enums::parameter_enums },
    Pass { name: "lenient_responses", apply: responses::lenient_responses },
    Pass { name: "request_defaults", apply: requests::request_defaults },
    Pass { name: "request_lists", apply: requests::request_lists },
    Pass { name: "request_items", apply: requests::request_items },
    Pass { name: "any_of_unions", apply: unions::any_of_unions },
    Pass { name: "discriminators", apply: unions::discriminators },
];

/// The last passes over a document: after them, nothing is called as it is on the wire.
pub const NAMES: &[Pass<Value>] = &[
    Pass { name: "type_names", apply: titles::type_names },
    Pass { name: "rust_names", apply: names::rust_names },
];

impl<'a> Plan<'a> {
    /// A plan for `document`; the passes called `when_present` may find nothing to change.
    ///
    /// # Errors
    /// If there is no pass of one of these names.
    pub fn new(document: &'a Document, when_present: &'a [String]) -> Result<Self> {
        let known: BTreeSet<&str> = names().collect();
        if let Some(unknown) = when_present.iter().find(|name| !known.contains(name.as_str())) {
            let known: Vec<&str> = known.into_iter().collect();
            return Err(document.error(
                "",
                format!(
                    "there is no pass `{unknown}` that could be for documents where its subject is present"
                ),
                format!("the passes are {}", known.join(", ")),
            ));
        }
        let usage = Usage::of(document);
        Ok(Plan { document, usage, when_present: when_present.iter().map(String::as_str).collect() })
    }

    /// Runs `passes` over `subject`, one after another.
    ///
    /// # Errors
    /// If a pass changed nothing, and is not for documents where its subject is present.
    pub fn run<T: ?Sized>(&self, passes: &[Pass<T>], subject: &mut T) -> Result<()> {
        for pass in passes {
            let changes = (pass.apply)(subject, self);
            if changes == 0 && !self.when_present.contains(pass.name) {
                return Err(self.idle(pass.name));
            }
        }
        Ok(())
    }

    fn idle(&self, pass: &str) -> Error {
        self.document.error(
            "",
            format!("the pass `{pass}` changed nothing"),
            "if the document has no use for it, list it under `when_present`; if progenitor no longer needs it, remove it",
        )
    }
}

/// The names of all passes, for a document of which nothing is known: any of them may find nothing to change.
pub fn names() -> impl Iterator<Item = &'static str> {
    let document = DOCUMENT.iter().chain(NAMES).map(|pass| pass.name);
    document
        .chain(crate::syntax::TYPES.iter().map(|pass| pass.name))
        .chain(crate::syntax::ADDED_TYPES.iter().map(|pass| pass.name))
        .chain(crate::syntax::CLIENT.iter().map(|pass| pass.name))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// `text` after one pass of this name, and how many changes it made.
    pub(crate) fn after(name: &str, text: &str) -> (Value, usize) {
        let document = Document::parse("spec.yaml", text).unwrap();
        let plan = Plan::new(&document, &[]).unwrap();
        let mut value = document.value().clone();
        let pass = DOCUMENT.iter().chain(NAMES).find(|pass| pass.name == name).unwrap();
        let changes = (pass.apply)(&mut value, &plan);
        (value, changes)
    }

    const EMPTY: &str = "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}";

    #[test]
    fn a_pass_that_changes_nothing_is_an_error_that_names_it() {
        let document = Document::parse("spec.yaml", EMPTY).unwrap();
        let plan = Plan::new(&document, &[]).unwrap();
        let error = plan.run(DOCUMENT, &mut document.value().clone()).unwrap_err();
        assert!(error.to_string().contains("the pass `error_responses` changed nothing"), "{error}");
    }

    #[test]
    fn a_pass_for_documents_where_its_subject_is_present_may_change_nothing() {
        let document = Document::parse("spec.yaml", EMPTY).unwrap();
        let all: Vec<String> = names().map(str::to_owned).collect();
        let plan = Plan::new(&document, &all).unwrap();
        let mut value = document.value().clone();
        plan.run(DOCUMENT, &mut value).unwrap();
        assert_eq!(&value, document.value());
    }

    #[test]
    fn a_misspelt_pass_is_an_error_that_lists_the_passes() {
        let document = Document::parse("spec.yaml", EMPTY).unwrap();
        let misspelt = ["whole_number".to_owned()];
        let error = Plan::new(&document, &misspelt).unwrap_err();
        assert!(error.to_string().contains("no pass `whole_number`"), "{error}");
        assert!(error.to_string().contains("whole_numbers"), "{error}");
    }

    #[test]
    fn no_two_passes_share_a_name() {
        let distinct: BTreeSet<&str> = names().collect();
        assert_eq!(distinct.len(), names().count());
    }
}
