//! Emits the tables of components: a static for every component that is an object.

use quote::quote;

use crate::error::Result;
use crate::rust::RustFile;

use super::model::Model;
use super::names;
use super::place::Place;
use super::rules::{self, option};

pub(super) fn push(file: &mut RustFile, model: &Model<'_>) -> Result<()> {
    file.push_tokens(
        model.document,
        None,
        quote! {
            use crate::schema::{Choice, Field, ObjectSchema, Rule, Text};
            use super::schemas;
        },
    )?;
    let schemas = model.root.get("components").and_then(|components| components.get("schemas"));
    for (name, schema) in schemas.iter().flat_map(Place::members) {
        // A component that only stands for another is known by that one's name.
        if schema.component().as_deref() != Some(name) || !rules::is_object(&schema) {
            continue;
        }
        let ident = names::shouty(name);
        let docs = format!(" `{name}`");
        let fields = rules::fields(&schema, 0)?;
        let since = option(schema.text("x-since"));
        file.push_tokens(model.document, Some(&schema.pointer), quote! {
            #[doc = #docs]
            pub static #ident: ObjectSchema = ObjectSchema { name: #name, fields: #fields, since: #since };
        })?;
    }
    Ok(())
}
