//! Emits what the server is told of each operation: the types its documentation is made from, and an endpoint.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::error::Result;
use crate::rust::RustFile;

use super::bodies::rust_type;
use super::model::{Model, Operation};
use super::names;

pub(super) fn push(file: &mut RustFile, model: &Model<'_>) -> Result<()> {
    let types = &model.types;
    file.push_tokens(
        model.document,
        None,
        quote! {
            use dropshot::{ApiDescription, ApiDescriptionRegisterError, ApiEndpoint, StubContext};
            use #types as types;

            use crate::emission::{Json, Nothing, Signature, described, described_component};
            use crate::operation::Operation;
            use crate::registration::endpoint;
            use crate::service::Service;
            use super::operations;
            use super::service::Api;
        },
    )?;
    for operation in &model.operations {
        file.push_tokens(model.document, Some(&operation.place.pointer), signature(operation)?)?;
    }
    let registered = model.operations.iter().zip(1_u64..).map(|(operation, number)| {
        let (name, number) = (names::pascal(operation.id), Literal::u64_unsuffixed(number));
        quote!(api.register(endpoint::<A, #name>(#number))?;)
    });
    let described = model.operations.iter().map(|operation| names::pascal(operation.id));
    let components = error_components(model);
    file.push_tokens(
        model.document,
        Some("/paths"),
        quote! {
            /// Registers an endpoint for every operation, numbered from one in the order of the table.
            pub(crate) fn register<A: Api>(
                api: &mut ApiDescription<Service<A>>,
            ) -> Result<(), ApiDescriptionRegisterError> {
                #(#registered)*
                Ok(())
            }

            /// Every operation as it is documented, in the order of the table.
            pub(crate) fn operations_described() -> Vec<ApiEndpoint<StubContext>> {
                vec![#(described::<#described>(),)*]
            }

            /// The components of errors, which no operation answers with when it succeeds.
            pub(crate) fn errors_described() -> Vec<ApiEndpoint<StubContext>> {
                vec![#(described_component::<types::#components>(),)*]
            }
        },
    )
}

fn signature(operation: &Operation<'_>) -> Result<TokenStream> {
    let name = names::pascal(operation.id);
    let constant = names::shouty(operation.id);
    let docs = format!(" `{} {}`", operation.method.to_uppercase(), operation.path);
    let json = |ty: TokenStream| quote!(Json<#ty>);
    let nothing = || quote!(Nothing);
    let body = operation.body.as_ref().map_or_else(nothing, |body| json(rust_type(&body.schema)));
    let answer = operation.success()?.schema.as_ref().map_or_else(nothing, |schema| json(rust_type(schema)));
    Ok(quote! {
        #[doc = #docs]
        pub struct #name;
        impl Signature for #name {
            const OPERATION: &'static Operation = &operations::#constant;
            type Body = #body;
            type Answer = #answer;
        }
    })
}

fn error_components(model: &Model<'_>) -> Vec<proc_macro2::Ident> {
    let responses = model.operations.iter().flat_map(|operation| &operation.responses);
    let errors = responses.filter(|response| response.status >= 400);
    let names: BTreeSet<String> =
        errors.filter_map(|response| response.schema.as_ref()?.component()).collect();
    names.iter().map(|name| names::pascal(name)).collect()
}
