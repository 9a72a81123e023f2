//! Emits the way from an operation of the table to a method of the service: each argument taken from the request, the
//! answer given its status.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::error::Result;
use crate::rust::RustFile;

use super::model::{Model, Operation};
use super::names;
use super::queries::query_name;

pub(super) fn push(file: &mut RustFile, model: &Model<'_>) -> Result<()> {
    let arms = model.operations.iter().map(arm).collect::<Result<Vec<_>>>()?;
    file.push_tokens(
        model.document,
        None,
        quote! {
            use crate::dispatch::{Dispatch, Payload, Reply};
            use crate::failure::Failure;
            use crate::filters::Query;
            use crate::operation::Operation;
            use crate::request::RequestContext;
            use super::operations;
            use super::queries::*;
            use super::service::Api;
        },
    )?;
    file.push_tokens(
        model.document,
        Some("/paths"),
        quote! {
            impl<A: Api> Dispatch for A {
                const OPERATIONS: &'static [Operation] = operations::OPERATIONS;
                const BASE_PATH: &'static str = operations::BASE_PATH;

                async fn dispatch(
                    &self,
                    cx: &RequestContext<Self::User>,
                    operation: &'static Operation,
                    payload: Payload,
                ) -> Result<Reply, Failure> {
                    match operation.id {
                        #(#arms)*
                        _ => Err(Failure::not_found()),
                    }
                }
            }
        },
    )
}

fn arm(operation: &Operation<'_>) -> Result<TokenStream> {
    let id = operation.id;
    let method = names::snake(id);
    let success = operation.success()?;
    let status = Literal::u16_unsuffixed(success.status);
    let path = operation.parameters_in(true).map(|parameter| {
        let name = parameter.name;
        match (parameter.schema.text("type"), parameter.schema.text("format")) {
            (Some("integer"), _) => quote!(cx.path_integer(#name)?),
            (_, Some("uuid")) => quote!(cx.path_uuid(#name)?),
            _ => quote!(cx.path_parameter(#name).to_owned()),
        }
    });
    let query = operation.has_query().then(|| {
        let query = query_name(operation);
        quote!(#query::parse(self, cx).await?)
    });
    let body = operation.body.as_ref().map(|_| quote!(payload.into_typed()?));
    let arguments = path.chain(query).chain(body);
    let call = quote!(self.#method(cx, #(#arguments),*).await?);
    let answer = if success.schema.is_some() {
        quote!(Reply::json(#status, &#call))
    } else {
        quote!({
            #call;
            Ok(Reply::empty(#status))
        })
    };
    Ok(quote!(#id => #answer,))
}
