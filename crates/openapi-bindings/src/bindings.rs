//! One run of progenitor: the model lowered for it, and its answer read back and repaired.
//!
//! The types and the client are two halves of one run, so that they always agree; `types` and `client` each write
//! one half to files. A program that wants both makes the run once, and hands it to both.

mod culprit;
mod order;
mod outline;

use std::collections::BTreeMap;

use proc_macro2::{TokenStream, TokenTree};
use serde_json::Value;
use syn::Item;

use crate::lower::{FILE, Lowered, Made};
use crate::rust::{inside, items_apart};
use crate::syntax::{self, Plan};
use crate::{panics, supported};
use openapi_document::document::Document;
use openapi_document::error::{Error, Result};
use openapi_document::model::Model;

/// Holds what progenitor made of a document, in parts.
pub struct Bindings {
    /// The items of the wire types, with a module `builder`.
    pub(crate) types: Vec<Item>,
    /// The builders of the operations, of which only the types count.
    pub(crate) builders: Vec<Item>,
    /// The origin of each type, by its name.
    pub(crate) made: BTreeMap<String, Made>,
}

/// Makes the types and the client of a document from its `model`.
///
/// # Errors
/// If the document holds what cannot be generated.
pub fn generate(model: &Model<'_>) -> Result<Bindings> {
    let document = model.document;
    supported::check(model)?;
    let lowered = Lowered::of(model);
    let tokens = progenitor(&lowered.document).map_err(|fault| {
        let mut culprits = culprit::find_all(&lowered.document, |part| progenitor(part).err());
        if culprits.is_empty() {
            culprits.insert(String::new(), fault);
        }
        let errors = culprits.into_iter().map(|(culprit, fault)| {
            document.error(
                &lowered.origin(&culprit),
                format!("progenitor cannot generate from this: {}", lowered.restored(&fault)),
                "say what stands here more plainly, or leave it out",
            )
        });
        Error::gather(errors).err().unwrap_or_else(|| document.error("", "nothing can be generated", ""))
    })?;
    let (tokens, made) = lowered.restore(outline::outline(tokens));
    let mut bindings = split(document, tokens)?;
    order::by_name(&mut bindings.types);
    order::without_redundant_names(&mut bindings.types);
    let plan = Plan::new(model, made);
    syntax::repair(&mut bindings.types, &plan);
    bindings.made = plan.made;
    Ok(bindings)
}

/// Has progenitor generate from `value`, which is `document` or a part of it; says why it cannot.
fn progenitor(value: &Value) -> Result<TokenStream, String> {
    let api = serde_json::from_value(value.clone()).map_err(|fault| fault.to_string())?;
    let mut settings = progenitor::GenerationSettings::new();
    settings.with_interface(progenitor::InterfaceStyle::Builder).with_derive("PartialEq");
    // A type is written the same way every time.
    settings.with_map_type("::std::collections::BTreeMap");
    settings.with_replacement(FILE, "::openapi_wire::form::FilePart", std::iter::empty());
    panics::catch(|| progenitor::Generator::new(&settings).generate_tokens(&api))?
        .map_err(|fault| fault.to_string())
}

/// Parses the modules of progenitor's file that are made use of.
fn split(document: &Document, modules: TokenStream) -> Result<Bindings> {
    let (mut types, mut builders) = (None, None);
    let mut name = None;
    for token in modules {
        match (token, &name) {
            (TokenTree::Ident(word), _) => name = Some(word),
            (TokenTree::Group(module), Some(name)) => {
                let items = items_apart(document, inside(module))?;
                *(if name == "types" { &mut types } else { &mut builders }) = Some(items);
            }
            _ => {}
        }
    }
    match (types, builders) {
        (Some(types), Some(builders)) => Ok(Bindings { types, builders, made: BTreeMap::new() }),
        _ => Err(document.error(
            "",
            "progenitor's output has another shape than this generator knows",
            "use the version of progenitor that this generator was made for",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the error for a document with these components.
    fn fault(components: &str) -> openapi_document::Error {
        let text = format!(
            "{{openapi: 3.0.3, info: {{title: t, version: '1'}}, paths: {{}}, components: {{schemas: {components}}}}}"
        );
        let document = Document::parse("spec.yaml", &text).unwrap();
        generate(&Model::of(&document)).err().unwrap()
    }

    #[test]
    fn what_the_generators_stop_at_is_named_where_it_stands() {
        let components = "{Fine: {type: string, enum: [A]}, Odd: {type: string, enum: [A], allOf: \
                          [{$ref: '#/components/schemas/Fine'}]}}";
        let error = fault(components);
        assert_eq!(error.diagnostics()[0].pointer, "/components/schemas/Odd");
        assert!(
            error.diagnostics()[0].message.starts_with("progenitor cannot generate from this: "),
            "{error}"
        );
    }
}
