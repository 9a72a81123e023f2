//! Emits the way from an operation of the table to a method of the service: each argument taken from the request, the
//! answer given its status.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use crate::error::Result;
use crate::rust::RustFile;

use super::model::{Location, Model, Operation};
use super::names;
use super::queries::sources;

pub(super) const IMPORTS: fn(&Model<'_>) -> TokenStream = |_| {
    quote! {
        use openapi_server_runtime::dispatch::{Dispatch, Payload, Reply};
        use openapi_server_runtime::failure::Failure;
        use openapi_server_runtime::filters::Query;
        use openapi_server_runtime::operation::Operation;
        use openapi_server_runtime::request::RequestContext;
        use crate::generated::operations::Document;
        use crate::generated::queries::*;
        use crate::generated::service::Api;
    }
};

/// The way to all operations.
pub(super) fn head(file: &mut RustFile, model: &Model<'_>) -> Result<()> {
    let arms = model.operations.iter().map(arm);
    let payload = payload(model.operations.iter());
    push_dispatch(file, model, &payload, &quote!(#(#arms)*))
}

/// The way to operations that are in modules of their own.
pub(super) fn groups(
    file: &mut RustFile,
    model: &Model<'_>,
    groups: &[(Ident, Vec<&Operation<'_>>)],
) -> Result<()> {
    let arms = groups.iter().map(|(module, operations)| {
        let ids = operations.iter().map(|operation| operation.id);
        quote!(#(#ids)|* => #module::dispatch(api, cx, operation, payload).await,)
    });
    push_dispatch(file, model, &quote!(payload), &quote!(#(#arms)*))
}

/// The way to the operations of one module.
pub(super) fn group(file: &mut RustFile, model: &Model<'_>, operations: &[&Operation<'_>]) -> Result<()> {
    let arms = operations.iter().map(|operation| arm(operation));
    let payload = payload(operations.iter().copied());
    file.push_tokens(
        model.document,
        Some("/paths"),
        quote! {
            pub(super) async fn dispatch<A: Api>(
                api: &A,
                cx: &RequestContext<A::User>,
                operation: &'static Operation,
                #payload: Payload,
            ) -> Result<Reply, Failure> {
                match operation.id {
                    #(#arms)*
                    _ => Err(Failure::not_found()),
                }
            }
        },
    )
}

/// The name of the argument for the body, if any of these operations has one.
fn payload<'o, 'a: 'o>(mut operations: impl Iterator<Item = &'o Operation<'a>>) -> TokenStream {
    if operations.any(|operation| operation.body.is_some()) { quote!(payload) } else { quote!(_) }
}

fn push_dispatch(
    file: &mut RustFile,
    model: &Model<'_>,
    payload: &TokenStream,
    arms: &TokenStream,
) -> Result<()> {
    file.push_tokens(
        model.document,
        Some("/paths"),
        quote! {
            impl<A: Api> Dispatch<A> for Document {
                async fn dispatch(
                    api: &A,
                    cx: &RequestContext<A::User>,
                    operation: &'static Operation,
                    #payload: Payload,
                ) -> Result<Reply, Failure> {
                    match operation.id {
                        #arms
                        _ => Err(Failure::not_found()),
                    }
                }
            }
        },
    )
}

fn arm(operation: &Operation<'_>) -> TokenStream {
    let id = operation.id;
    let method = names::ident(&operation.name);
    let success = operation.success();
    let status = Literal::u16_unsuffixed(success.status);
    let path = operation.parameters_in(Location::Path).map(|parameter| {
        let name = parameter.name;
        let said = |key| parameter.schema.as_ref().and_then(|schema| schema.text(key));
        match (said("type"), said("format")) {
            (Some("integer"), _) => quote!(cx.path_integer(#name)?),
            (_, Some("uuid")) => quote!(cx.path_uuid(#name)?),
            _ => quote!(cx.path_parameter(#name).to_owned()),
        }
    });
    let sources = sources(operation).map(|source| {
        let query = source.type_name(operation);
        quote!(#query::parse(api, cx).await?)
    });
    let body = operation.body.as_ref().map(|body| {
        if body.media.is_typed() { quote!(payload.into_typed()?) } else { quote!(payload.into_media()) }
    });
    let arguments = path.chain(sources).chain(body);
    let call = quote!(Api::#method(api, cx, #(#arguments),*).await?);
    let answer = match success.media {
        Some(media) if media.is_typed() => quote!(Reply::json(#status, &#call)),
        Some(_) => quote!(Ok(Reply::media(#status, #call))),
        None => quote!({
            #call;
            Ok(Reply::empty(#status))
        }),
    };
    quote!(#id => #answer,)
}
