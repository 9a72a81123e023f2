//! The Rust type of what a response or a request holds.

use proc_macro2::TokenStream;
use quote::quote;

use openapi_document::model::{Form, Kind};

use super::model::{Body, Operation};
use super::names;
use openapi_tables::media::Media;
use openapi_tables::node::Node;

/// Returns the type of what has this content type.
pub(super) fn media_type(media: &Media<'_>) -> TokenStream {
    if !media.is_typed() {
        return quote!(openapi_server_runtime::media::Media);
    }
    media.schema.as_ref().map_or_else(any, rust_type)
}

/// Returns the type of a body. A form without a component has a type of its own too, because no JSON value can hold a file.
pub(super) fn body_type(operation: &Operation<'_>, body: &Body<'_>) -> TokenStream {
    match body.media.schema.filter(|_| body.media.form == Form::Multipart) {
        Some(schema) => {
            let component = schema.at(schema.model().schemas.unwrapped(schema.id).id);
            let own = || names::type_beside(operation.name, "Body");
            let name = names::component_type(&component).unwrap_or_else(own);
            quote!(types::#name)
        }
        None => media_type(&body.media),
    }
}

/// Returns the type of the argument that is a body; `Option<_>` of one that may be left out.
pub(super) fn argument_type(operation: &Operation<'_>, body: &Body<'_>) -> TokenStream {
    let ty = body_type(operation, body);
    if body.required { ty } else { quote!(Option<#ty>) }
}

/// Returns the type of a JSON value with the schema `schema`. A component has a type of its own, in `types`; what a document
/// describes on the spot has one only if it is a list or a scalar, and is any JSON value otherwise.
pub(super) fn rust_type(schema: &Node<'_>) -> TokenStream {
    if let Some(name) = names::component_type(schema) {
        return quote!(types::#name);
    }
    match (schema.kind, schema.format) {
        (Some(Kind::Array), _) => {
            let items = schema.items().map_or_else(any, |items| rust_type(&items));
            quote!(Vec<#items>)
        }
        (Some(Kind::String), Some("uuid")) => quote!(uuid::Uuid),
        (Some(Kind::String), _) => quote!(String),
        (Some(Kind::Boolean), _) => quote!(bool),
        (Some(Kind::Integer), _) => quote!(i64),
        (Some(Kind::Number), _) => quote!(f64),
        _ => any(),
    }
}

/// Returns the type of what may be anything.
fn any() -> TokenStream {
    quote!(serde_json::Value)
}
