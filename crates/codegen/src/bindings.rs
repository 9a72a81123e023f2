//! One run of progenitor: a document through the passes, progenitor, and the passes over its answer.
//!
//! The types and the client are two halves of one run, so that they always agree; `types` and `client` each write
//! one half to files.

use serde_json::Value;
use syn::{Item, ItemImpl};

use crate::document::Document;
use crate::error::Result;
use crate::passes::{self, Plan};
use crate::rust::not_rust;
use crate::syntax;

/// What progenitor made of a document, in parts.
pub(crate) struct Bindings {
    /// The items of the wire types, with a module `builder`.
    pub(crate) types: Vec<Item>,
    /// `impl Client`: a method per operation, which starts its builder.
    pub(crate) methods: ItemImpl,
    /// The builders of the operations.
    pub(crate) builders: Vec<Item>,
}

/// Makes the types and the client of `document`; the passes called `when_present` may find nothing to change.
pub(crate) fn generate(document: &Document, when_present: &[String]) -> Result<Bindings> {
    let plan = Plan::new(document, when_present)?;
    let mut value = document.value().clone();
    plan.run(passes::DOCUMENT, &mut value)?;
    let file = progenitor(document, value)?;
    let mut bindings = split(document, file)?;
    plan.run(syntax::TYPES, &mut bindings.types)?;
    plan.run(syntax::CLIENT, &mut bindings.builders)?;
    Ok(bindings)
}

fn progenitor(document: &Document, value: Value) -> Result<syn::File> {
    let api = serde_json::from_value(value).map_err(|fault| {
        document.error(
            "",
            format!("progenitor cannot read this document: {fault}"),
            "write what it names as OpenAPI 3.0 says",
        )
    })?;
    let mut settings = progenitor::GenerationSettings::new();
    settings.with_interface(progenitor::InterfaceStyle::Builder).with_derive("PartialEq");
    let tokens = progenitor::Generator::new(&settings).generate_tokens(&api).map_err(|fault| {
        document.error(
            "",
            format!("progenitor cannot generate from this document: {fault}"),
            "leave out what it names, or say it more plainly",
        )
    })?;
    syn::parse2(tokens).map_err(|fault| not_rust(document, "", &fault))
}

/// Takes progenitor's file apart; what makes up a `Client` of its own is left behind.
fn split(document: &Document, file: syn::File) -> Result<Bindings> {
    let (mut types, mut builders, mut methods) = (None, None, None);
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => types = module.content.map(|(_, items)| items),
            Item::Mod(module) if module.ident == "builder" => {
                builders = module.content.map(|(_, items)| items)
            }
            // The first such impl constructs progenitor's own client, the last has the operations.
            Item::Impl(item) if item.trait_.is_none() => methods = Some(item),
            _ => {}
        }
    }
    match (types, methods, builders) {
        (Some(types), Some(methods), Some(builders)) => Ok(Bindings { types, methods, builders }),
        _ => Err(document.error(
            "",
            "progenitor's output has another shape than this generator knows",
            "use the version of progenitor that this generator was made for",
        )),
    }
}
