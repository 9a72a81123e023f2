//! Emits the way from an operation of the table to a method of a service trait: each argument taken from the request, the
//! answer given its status.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use crate::rust::RustFile;
use openapi_document::error::Result;

use super::bodies::body_type;
use super::model::{Location, Model, Operation};
use super::names;
use super::queries::{sources, variable};

pub(super) const IMPORTS: fn(&Model<'_>) -> TokenStream = |model| {
    let types = &model.types;
    quote! {
        use #types as types;

        use openapi_server_runtime::dispatch::{Dispatch, HandlerResponse};
        use openapi_server_runtime::failure::Failure;
        use openapi_server_runtime::filters::Query;
        use openapi_server_runtime::operation::Operation;
        use openapi_server_runtime::request::RequestContext;
        use crate::generated::operations::Document;
        use crate::generated::queries::*;
        use crate::generated::service::*;
    }
};

/// Returns the way to all operations.
pub(super) fn head(file: &mut RustFile, model: &Model<'_>) -> Result<()> {
    let arms = model.operations.iter().map(|operation| arm(model, operation));
    push_dispatch(file, model, &quote!(#(#arms)*))
}

/// Returns the way to operations that are in modules of their own.
pub(super) fn groups(
    file: &mut RustFile,
    model: &Model<'_>,
    groups: &[(Ident, Vec<&Operation<'_>>)],
) -> Result<()> {
    let arms = groups.iter().map(|(module, operations)| {
        let ids = operations.iter().map(|operation| operation.id);
        quote!(#(#ids)|* => #module::dispatch(api, cx, operation).await,)
    });
    push_dispatch(file, model, &quote!(#(#arms)*))
}

/// Returns the way to the operations of one module.
pub(super) fn group(file: &mut RustFile, model: &Model<'_>, operations: &[&Operation<'_>]) -> Result<()> {
    let arms = operations.iter().map(|operation| arm(model, operation));
    file.push_tokens(
        model.document,
        Some("/paths"),
        quote! {
            pub(super) async fn dispatch<A: Api>(
                api: &A,
                cx: &RequestContext<A::User>,
                operation: &'static Operation,
            ) -> Result<HandlerResponse, Failure> {
                match operation.id {
                    #(#arms)*
                    _ => Err(Failure::Unwritten),
                }
            }
        },
    )
}

fn push_dispatch(file: &mut RustFile, model: &Model<'_>, arms: &TokenStream) -> Result<()> {
    file.push_tokens(
        model.document,
        Some("/paths"),
        quote! {
            impl<A: Api> Dispatch<A> for Document {
                async fn dispatch(
                    api: &A,
                    cx: &RequestContext<A::User>,
                    operation: &'static Operation,
                ) -> Result<HandlerResponse, Failure> {
                    match operation.id {
                        #arms
                        _ => Err(Failure::Unwritten),
                    }
                }
            }
        },
    )
}

fn arm(model: &Model<'_>, operation: &Operation<'_>) -> TokenStream {
    let id = operation.id;
    let service_trait = names::ident(model.document.names().service_trait(id).unwrap_or("Api"));
    let method = names::ident(operation.name);
    let success = operation.success();
    let status = Literal::u16_unsuffixed(success.status);
    let path = operation.parameters_in(Location::Path);
    let path = path.map(|parameter| variable(model, operation, parameter).1);
    let sources = sources(operation).map(|source| {
        let query = source.type_name(operation);
        quote!(#query::of(cx)?)
    });
    let body = operation.body.as_ref().map(|body| {
        let ty = body_type(operation, body);
        match (body.media.is_typed(), body.required) {
            (true, true) => quote!(cx.body::<#ty>()?.clone()),
            (true, false) => quote!(cx.optional_body::<#ty>()?.cloned()),
            (false, true) => quote!(cx.media()),
            (false, false) => quote!(cx.optional_media()),
        }
    });
    let protocols = operation.protocols();
    let upgrade = protocols
        .as_ref()
        .map(|protocols| quote!(openapi_server_runtime::upgrade::Upgrade::of(cx, &[#(#protocols),*])?));
    let arguments = path.chain(sources).chain(body).chain(upgrade);
    let call = quote!(#service_trait::#method(api, cx, #(#arguments),*).await?);
    let answer = match success.media {
        _ if protocols.is_some() => quote!(Ok(#call.answer(cx))),
        Some(media) if media.is_typed() => quote!(HandlerResponse::json(#status, &#call)),
        Some(_) => quote!(Ok(HandlerResponse::media(#status, #call))),
        None => quote!({
            #call;
            Ok(HandlerResponse::empty(#status))
        }),
    };
    quote!(#id => #answer,)
}
