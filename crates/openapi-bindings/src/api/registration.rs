//! Emits what the server is told of each operation: the types its documentation is made from, and an endpoint.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::rust::RustFile;
use openapi_document::error::Result;
use openapi_document::operations::components as all_components;
use openapi_document::usage::{component, reached_from};

use super::bodies::media_type;
use super::model::{Model, Operation};
use super::names;
use openapi_tables::media::Media;
use openapi_tables::plain::plain;

pub(super) const IMPORTS: fn(&Model<'_>) -> TokenStream = |model| {
    let types = &model.types;
    quote! {
        use #types as types;

        use openapi_server_runtime::emission::{
            Described, Description, Json, Nothing, Raw, Signature, described, described_component,
        };
        use openapi_server_runtime::operation::Operation;
        use crate::generated::operations;
        use crate::generated::operations::Document;
    }
};

/// Returns the type of one operation.
pub(super) fn item(file: &mut RustFile, model: &Model<'_>, operation: &Operation<'_>) -> Result<()> {
    file.push_tokens(model.document, Some(&operation.place.pointer), signature(operation))
}

/// Adds the implementation that lists all operations and components.
pub(super) fn tail(file: &mut RustFile, model: &Model<'_>) -> Result<()> {
    let described = model.operations.iter().map(|operation| names::operation_type(operation.name));
    let components = other_components(model);
    file.push_tokens(
        model.document,
        Some("/paths"),
        quote! {
            impl Described for Document {
                fn operations() -> Vec<Description> {
                    vec![#(described::<#described>(),)*]
                }

                fn components() -> Vec<Description> {
                    vec![#(described_component::<types::#components>(),)*]
                }
            }
        },
    )
}

fn signature(operation: &Operation<'_>) -> TokenStream {
    let name = names::operation_type(operation.name);
    let constant = names::operation_constant(operation.name);
    let docs = format!(" {}", names::route(operation));
    let described = |media: Option<&Media<'_>>| match media {
        None => quote!(Nothing),
        Some(media) if media.is_typed() => {
            let ty = media_type(media);
            quote!(Json<#ty>)
        }
        Some(_) => quote!(Raw),
    };
    let body = described(operation.body.as_ref().map(|body| &body.media));
    let answer = described(operation.success().media);
    quote! {
        #[doc = #docs]
        pub struct #name;
        impl Signature for #name {
            const OPERATION: &'static Operation = &operations::#constant;
            type Body = #body;
            type Answer = #answer;
        }
    }
}

/// Returns the components that operations refer to besides those that are their bodies and what they answer with, and those
/// that no operation leads to.
fn other_components(model: &Model<'_>) -> Vec<Ident> {
    let mut described = BTreeSet::new();
    let mut mentioned = BTreeSet::new();
    let mut reached = BTreeSet::new();
    for operation in &model.operations {
        let body = operation.body.as_ref().map(|body| &body.media);
        let typed = [body, operation.success().media].into_iter().flatten().filter(|media| media.is_typed());
        described.extend(typed.filter_map(|media| Some(media.schema?.component()?.to_owned())));
        mention(&plain(&operation.place), &mut mentioned);
        reached.extend(reached_from(model.document.value(), operation.place.value));
    }
    let all = all_components(model.document.value()).map(|(name, _)| name);
    mentioned.extend(all.filter(|name| !reached.contains(*name)).cloned());
    let names = model.document.names();
    mentioned.difference(&described).map(|name| names::ident(&names.component(name))).collect()
}

/// Adds the components that `value` refers to.
fn mention(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).and_then(component));
            members.values().for_each(|member| mention(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| mention(item, found)),
        _ => {}
    }
}
