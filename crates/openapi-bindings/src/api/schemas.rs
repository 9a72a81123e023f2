//! Emits the tables of components: a static for every component whose rule refers to something.

use proc_macro2::TokenStream;
use quote::quote;

use crate::rust::RustFile;
use openapi_document::error::Result;

use super::model::Model;
use super::names;
use super::node::Node;
use super::rules::Named;

pub(super) const IMPORTS: fn(&Model<'_>) -> TokenStream = |_| {
    quote! {
        use openapi_server_runtime::schema::{
            Additional, Bound, Choice, Field, Integer, List, Map, Member, Number, ObjectSchema, Rule, Size, Text,
            Union,
        };
        use super::schemas;
    }
};

/// All components.
pub(super) fn head(file: &mut RustFile, model: &Model<'_>) -> Result<()> {
    for (name, schema) in model.read.schemas.components() {
        let schema = Node::of(model.read, schema.id);
        // A component that only stands for another is known by that one's name.
        let Some(kind) = Named::of(&schema).filter(|_| schema.component() == Some(name)) else { continue };
        let ident = names::ident(&model.document.names().constant(name));
        let docs = format!(" `{name}`");
        let (ty, value) = (kind.rust_type(), kind.value(&schema, name, 0)?);
        file.push_tokens(
            model.document,
            Some(&schema.pointer),
            quote! {
                #[doc = #docs]
                pub static #ident: #ty = #value;
            },
        )?;
    }
    Ok(())
}
