//! Emits the service trait: a method for each operation, which answers the example of its schema unless it is written.

use proc_macro2::TokenStream;
use quote::quote;

use crate::error::Result;
use crate::rust::RustFile;

use super::bodies::{body_type, media_type};
use super::errors::error_name;
use super::model::{Location, Model, Operation, Parameter};
use super::names;
use super::queries::sources;

pub(super) const IMPORTS: fn(&Model<'_>) -> TokenStream = |model| {
    let types = &model.types;
    quote! {
        use std::future::Future;

        use #types as types;

        use openapi_server_runtime::dispatch::example;
        use openapi_server_runtime::host::Host;
        use openapi_server_runtime::request::RequestContext;
        use super::errors::*;
        use super::queries::*;
    }
};

/// The trait.
pub(super) fn head(file: &mut RustFile, model: &Model<'_>) -> Result<()> {
    let methods = model.operations.iter().map(|operation| method(model, operation)).collect::<Vec<_>>();
    file.push_tokens(
        model.document,
        Some("/paths"),
        quote! {
            /// The operations of the document.
            ///
            /// Write the ones you serve as `async fn`; the others answer with the example of their schema. Whatever a
            /// handler cannot say with its own error it can say with a [`Failure`](openapi_server_runtime::failure::Failure), which `?`
            /// turns into that error.
            pub trait Api: Host {
                #(#methods)*
            }
        },
    )
}

/// The type of a parameter in the path.
fn path_type(parameter: &Parameter<'_>) -> TokenStream {
    let said = |key| parameter.schema.as_ref().and_then(|schema| schema.text(key));
    match (said("type"), said("format")) {
        (Some("integer"), _) => quote!(i64),
        (_, Some("uuid")) => quote!(uuid::Uuid),
        _ => quote!(String),
    }
}

fn method(model: &Model<'_>, operation: &Operation<'_>) -> TokenStream {
    let name = names::ident(&operation.name);
    let error = error_name(operation);
    let (answer, body) = match operation.success().media {
        None => (quote!(()), quote!(Ok(()))),
        Some(media) => {
            let text = media.example(model.root.value);
            let content_type = media.content_type;
            let body = if media.is_typed() {
                quote!(Ok(example(#text)?))
            } else {
                quote!(Ok(openapi_server_runtime::media::Media::text(#content_type, #text)))
            };
            (media_type(media), body)
        }
    };
    let mut arguments = Vec::new();
    for parameter in operation.parameters_in(Location::Path) {
        arguments.push((parameter.ident.clone(), path_type(parameter)));
    }
    for source in sources(operation) {
        let ty = source.type_name(operation);
        arguments.push((names::ident(source.argument), quote!(#ty)));
    }
    if let Some(body) = &operation.body {
        arguments.push((names::ident("body"), body_type(operation, body)));
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
    quote! {
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
    }
}
