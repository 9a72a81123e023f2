//! Streams over lists that are paged by tokens, as servers made with dropshot do it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Type, parse_quote};

use super::signatures::Signature;
use crate::rust::not_rust;
use crate::syntax::tree::wrapped;
use openapi_document::error::Result;
use openapi_document::model::{Form, Kind, Location, Model, Operation, SchemaId};

/// The parameter that asks for a page.
const TOKEN: &str = "page_token";

/// The parameter that says how many objects a page has.
const LIMIT: &str = "limit";

/// Returns the streams of an operation, if it says by `x-dropshot-pagination` that it is paged and looks like it.
pub(super) fn stream(
    model: &Model<'_>,
    operation: &Operation<'_>,
    signature: &Signature,
) -> Option<Result<TokenStream>> {
    operation.value.get("x-dropshot-pagination")?;
    let is_text = |ty: &Type| {
        let text = wrapped(ty, "Option").and_then(crate::syntax::tree::type_name);
        text.as_deref() == Some("String")
    };
    let query = || operation.parameters.iter().filter(|parameter| parameter.location == Location::Query);
    let setter = |name| query().find(|parameter| parameter.name == name).map(|parameter| &parameter.setter);
    let token = setter(TOKEN)?;
    setter(LIMIT)?;
    let all_optional = query()
        .all(|known| signature.parameter(&known.setter).is_some_and(|ty| wrapped(ty, "Option").is_some()));
    let is_raw = operation
        .body
        .as_ref()
        .and_then(|body| body.sent())
        .is_some_and(|media| matches!(media.form, Form::Bytes | Form::Text));
    if !all_optional || is_raw || !is_text(signature.parameter(token)?) {
        return None;
    }
    let object = object(model, operation)?;
    // The token alone says what was asked for.
    let cleared = query().filter(|parameter| ![TOKEN, LIMIT].contains(&parameter.name));
    let cleared = cleared.map(|parameter| format_ident!("{}", parameter.setter));
    let (builder, token) = (format_ident!("{}", operation.builder), format_ident!("{token}"));
    let object: Type = match syn::parse_str(&format!("types::{object}")) {
        Ok(object) => object,
        Err(fault) => return Some(Err(not_rust(model.document, &operation.pointer, &fault))),
    };
    let following: TokenStream = quote! {
        Some(token) => Self { #token: Ok(Some(token)), #(#cleared: Ok(None),)* ..self.clone() },
        None => self.clone(),
    };
    let stream: syn::ItemImpl = parse_quote! {
        impl<'a> #builder<'a> {
            /// Returns all objects of all pages, from the page asked for or the first one on.
            ///
            /// A page is requested when the stream is polled for its first object; each is a call of its own to the
            /// options. The stream ends after an error.
            pub fn stream(self) -> runtime::BoxStream<'a, Result<#object, runtime::Error>> {
                runtime::stream_by_token(move |token| {
                    let request = match token { #following };
                    async move {
                        let page = request.send().await?.into_inner();
                        Ok((page.items, page.next_page))
                    }
                })
            }

            /// Iterates over the objects of [`Self::stream`], for callers that do not await.
            #[cfg(feature = "blocking")]
            pub fn iter_blocking(self) -> runtime::Iter<'a, #object> {
                runtime::iterate(Self::OPERATION, self.stream())
            }
        }
    };
    Some(Ok(quote!(#stream)))
}

/// Returns the type of the objects in a page, which has nothing but `items` and `next_page`.
fn object(model: &Model<'_>, operation: &Operation<'_>) -> Option<String> {
    let answers = operation.answers(&model.schemas);
    let [page] = answers.schemas[..] else { return None };
    let properties = model.schemas.properties(page);
    let property = |name: &str| -> Option<SchemaId> {
        properties.iter().find(|property| property.name == name).map(|property| property.schema)
    };
    let next = model.resolved(property("next_page")?);
    let required = properties.iter().any(|property| property.name == "next_page" && property.required);
    let is_token = next.kind == Some(Kind::String) && (next.nullable || !required) && next.format.is_none();
    let items = model.resolved(property("items")?);
    let object = model.schema(model.schema(items.items?).reference?).component()?;
    (properties.len() == 2 && is_token && items.kind == Some(Kind::Array))
        .then(|| model.names().component(object))
}
