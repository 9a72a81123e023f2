//! Emits the service trait: a method for each operation, which answers the example of its schema unless it is written.

use proc_macro2::TokenStream;
use quote::quote;

use crate::error::Result;
use crate::example;
use crate::rust::RustFile;

use super::bodies::rust_type;
use super::errors::error_name;
use super::model::{Model, Operation, Parameter};
use super::names;
use super::queries::query_name;

pub(super) fn push(file: &mut RustFile, model: &Model<'_>) -> Result<()> {
    let types = &model.types;
    file.push_tokens(
        model.document,
        None,
        quote! {
            use std::future::Future;

            use #types as types;

            use crate::dispatch::example;
            use crate::host::Host;
            use crate::request::RequestContext;
            use super::errors::*;
            use super::queries::*;
        },
    )?;
    let methods =
        model.operations.iter().map(|operation| method(model, operation)).collect::<Result<Vec<_>>>()?;
    file.push_tokens(
        model.document,
        Some("/paths"),
        quote! {
            /// The operations of the document.
            ///
            /// Write the ones you serve as `async fn`; the others answer with the example of their schema. Whatever a
            /// handler cannot say with its own error it can say with a [`Failure`](crate::failure::Failure), which `?`
            /// turns into that error.
            pub trait Api: Host {
                #(#methods)*
            }
        },
    )
}

/// The type of a parameter in the path.
pub(super) fn path_type(parameter: &Parameter<'_>) -> TokenStream {
    match (parameter.schema.text("type"), parameter.schema.text("format")) {
        (Some("integer"), _) => quote!(i64),
        (_, Some("uuid")) => quote!(uuid::Uuid),
        _ => quote!(String),
    }
}

fn method(model: &Model<'_>, operation: &Operation<'_>) -> Result<TokenStream> {
    let name = names::snake(operation.id);
    let error = error_name(operation);
    let success = operation.success()?;
    let (answer, body) = match &success.schema {
        None => (quote!(()), quote!(Ok(()))),
        Some(schema) => {
            let answer = rust_type(schema);
            let text = example::of(model.root.value, schema.value).to_string();
            (answer, quote!(Ok(example(#text)?)))
        }
    };
    let mut arguments = Vec::new();
    for parameter in operation.parameters_in(true) {
        let ty = path_type(parameter);
        arguments.push((names::snake(parameter.name), ty));
    }
    if operation.has_query() {
        let query = query_name(operation);
        arguments.push((names::ident("query"), quote!(#query)));
    }
    if let Some(body) = &operation.body {
        let ty = rust_type(&body.schema);
        arguments.push((names::ident("body"), ty));
    }
    let (idents, types): (Vec<_>, Vec<_>) = arguments.into_iter().unzip();
    let text = operation.place.text("description").or_else(|| operation.place.text("summary"));
    let description = text.unwrap_or(operation.id).lines().map(|line| format!(" {line}"));
    let route = format!(
        " `{} {}`, from `#{}`.",
        operation.method.to_uppercase(),
        operation.path,
        operation.place.pointer
    );
    Ok(quote! {
        #(#[doc = #description])*
        #[doc = ""]
        #[doc = #route]
        fn #name(
            &self,
            cx: &RequestContext<Self::User>,
            #(#idents: #types),*
        ) -> impl Future<Output = Result<#answer, #error>> + Send {
            let _ = (cx, #(#idents),*);
            async { #body }
        }
    })
}
