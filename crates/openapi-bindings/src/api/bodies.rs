//! The Rust type of what a response or a request holds.

use proc_macro2::TokenStream;
use quote::quote;

use super::media::{Form, Media};
use super::model::{Body, Operation};
use super::names;
use super::place::Place;

/// The type of what has this content type.
pub(super) fn media_type(media: &Media<'_>) -> TokenStream {
    if !media.is_typed() {
        return quote!(openapi_server_runtime::media::Media);
    }
    media.schema.as_ref().map_or_else(any, rust_type)
}

/// The type of a body. A form without a component has a type of its own too, because no JSON value can hold a file.
pub(super) fn body_type(operation: &Operation<'_>, body: &Body<'_>) -> TokenStream {
    let inline = body.media.schema.as_ref().is_some_and(|schema| schema.component().is_none());
    if body.media.form == Form::Multipart && inline {
        let name = names::type_beside(&operation.name, "Body");
        return quote!(types::#name);
    }
    media_type(&body.media)
}

/// The type of a JSON value with the schema `schema`. A component has a type of its own, in `types`; what a document
/// describes on the spot has one only if it is a list or a scalar, and is any JSON value otherwise.
pub(super) fn rust_type(schema: &Place<'_>) -> TokenStream {
    if let Some(name) = schema.component_type() {
        return quote!(types::#name);
    }
    match (schema.text("type"), schema.text("format")) {
        (Some("array"), _) => {
            let items = schema.get("items").map_or_else(any, |items| rust_type(&items));
            quote!(Vec<#items>)
        }
        (Some("string"), Some("uuid")) => quote!(uuid::Uuid),
        (Some("string"), _) => quote!(String),
        (Some("boolean"), _) => quote!(bool),
        (Some("integer"), _) => quote!(i64),
        (Some("number"), _) => quote!(f64),
        _ => any(),
    }
}

/// The type of what may be anything.
fn any() -> TokenStream {
    quote!(serde_json::Value)
}
