//! Emits the tables of components: a static for every component whose rule refers to something.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, ItemStatic, parse_quote};

use crate::rust::RustFile;
use crate::safe_text::code;
use openapi_document::error::Result;
use openapi_document::pointer::child;
use openapi_server_runtime::schema::Rule;

use super::model::Model;
use super::print::{constant, print};

pub(super) const IMPORTS: fn(&Model<'_>) -> TokenStream = |_| {
    quote! {
        use openapi_server_runtime::schema::{
            Additional, Bound, Choice, Field, Integer, ItemTraits, Key, List, Map, Member, Message, Number, ObjectSchema, Rule, Size, Text,
            To, Union,
        };
        use super::schemas;
    }
};

/// Returns all components.
pub(super) fn head(file: &mut RustFile, model: &Model<'_>) -> Result<()> {
    for component in model.tables.components {
        let (ty, value) = match &component.rule {
            Rule::Object(object) => (quote!(ObjectSchema), print(model.document, object.get())?),
            Rule::Union(union) => (quote!(Union), print(model.document, union.get())?),
            Rule::List(list) => (quote!(List), print(model.document, list.get())?),
            Rule::Map(map) => (quote!(Map), print(model.document, map.get())?),
            _ => continue,
        };
        let name = component.name;
        let (ident, docs) = (constant(model.document, name), format!(" {}", code(name)));
        let mut item: ItemStatic = parse_quote! {
            #[doc = #docs]
            pub static #ident: #ty = ();
        };
        *item.expr = value;
        let origin = child("/components/schemas", name);
        file.push_known(model.document, Some(&origin), [Item::Static(item)]);
    }
    Ok(())
}

/// Returns the list of all components.
pub(super) fn list(model: &Model<'_>) -> TokenStream {
    let components = model.tables.components.iter().map(|component| {
        let (name, ident) = (component.name, constant(model.document, component.name));
        let variant = match &component.rule {
            Rule::Union(_) => quote!(Union),
            Rule::List(_) => quote!(List),
            Rule::Map(_) => quote!(Map),
            _ => quote!(Object),
        };
        quote!(Component { name: #name, rule: Rule::#variant(To::Own(&schemas::#ident)) })
    });
    quote!(&[#(#components),*])
}
