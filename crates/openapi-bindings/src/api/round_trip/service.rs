//! Emits the implementation of the service traits: each method says what it was given, and answers what is planned.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::crates::Crates;
use super::names;
use crate::api::bodies::{argument_type, media_type};
use crate::api::errors::{error_name, variant_name};
use crate::api::model::{self, Location, Model, Operation};
use crate::api::queries::{sources, variable};
use crate::rust::RustFile;
use openapi_document::error::Result;
use openapi_document::model::Form;

/// Writes the implementation.
pub(super) fn file(model: &Model<'_>, crates: &Crates) -> Result<RustFile> {
    let mut file = RustFile::new("The service, which answers what is planned.")
        .allow("unused_imports, unused_mut, unused_variables")
        .allow("clippy::all, clippy::pedantic");
    file.push_tokens(model.document, None, head(crates))?;
    let known = model.document.names();
    for name in known.service_traits() {
        let operations = model.operations.iter();
        let operations = operations.filter(|operation| {
            // An upgraded connection is nothing that can be compared.
            known.service_trait(operation.id) == Some(name) && operation.protocols().is_none()
        });
        let methods = operations.map(|operation| method(model, crates, operation));
        let (api, name) = (&crates.api, names::ident(name));
        file.push_tokens(
            model.document,
            Some("/paths"),
            quote! {
                impl #api::#name for Answers {
                    #(#methods)*
                }
            },
        )?;
    }
    Ok(file)
}

fn method(model: &Model<'_>, crates: &Crates, operation: &Operation<'_>) -> TokenStream {
    let api = &crates.api;
    let (id, name, error) = (operation.id, names::ident(operation.name), error_name(operation));
    let mut arguments = Vec::new();
    let mut records = Vec::new();
    for parameter in operation.parameters_in(Location::Path) {
        let (ident, ty, key) = (
            model::ident(operation, parameter),
            variable(model, operation, parameter).0,
            super::plan::key(parameter),
        );
        arguments.push(quote!(#ident: #ty));
        records.push(quote!(received.parameter(#key, &#ident);));
    }
    for source in sources(operation) {
        let (argument, ty) = (names::ident(source.argument), source.type_name(operation));
        arguments.push(quote!(#argument: #api::#ty));
        for parameter in operation.parameters_in(source.location) {
            let (ident, key) = (model::ident(operation, parameter), super::plan::key(parameter));
            let value = match parameter.place.text("x-role") {
                Some("page") => quote!(#argument.#ident.map(page)),
                Some("page-size") => quote!(#argument.#ident.map(|size| size.rows())),
                _ => quote!(#argument.#ident),
            };
            records.push(quote!(received.parameter(#key, &#value);));
        }
    }
    if let Some(body) = &operation.body {
        let ty = argument_type(operation, body);
        arguments.push(quote!(body: #ty));
        let record = match body.media.form {
            Form::Multipart if body.media.is_typed() => quote!(received.body_as(super::calls::parts(body));),
            _ if !body.media.is_typed() => {
                quote!(received.body(&String::from_utf8_lossy(&body.bytes));)
            }
            _ => quote!(received.body(&body);),
        };
        records.push(if body.required { record } else { quote!(if let Some(body) = body { #record }) });
    }
    let (answer, given) = match operation.success().media {
        None => (quote!(()), quote!(Ok(self.0.answer_nothing()))),
        Some(media) if media.is_typed() => (media_type(media), quote!(Ok(self.answer()?))),
        Some(media) => {
            let content_type = media.content_type;
            (media_type(media), quote!(Ok(Media::text(#content_type, self.0.answer_text()))))
        }
    };
    let failures = super::plan::typed_failures(operation).map(|response| {
        let status = Literal::u16_unsuffixed(response.status);
        let variant = names::ident(&variant_name(response.status));
        if response.media.is_some() {
            quote!(#status => Err(#api::#error::#variant(self.answer()?)),)
        } else {
            quote! {
                #status => {
                    self.0.answer_nothing();
                    Err(#api::#error::#variant)
                }
            }
        }
    });
    quote! {
        async fn #name(&self, cx: &RequestContext<()>, #(#arguments),*) -> Result<#answer, #api::#error> {
            let mut received = Received::new(#id);
            #(#records)*
            match self.0.receive(received) {
                #(#failures)*
                _ => #given,
            }
        }
    }
}

/// Returns what all methods share.
fn head(crates: &Crates) -> TokenStream {
    let types = &crates.types;
    quote! {
        use openapi_round_trip::{Exchange, Received};
        use openapi_server_runtime::credentials::Credentials;
        use openapi_server_runtime::failure::Failure;
        use openapi_server_runtime::filters::PageNumber;
        use openapi_server_runtime::host::Host;
        use openapi_server_runtime::media::Media;
        use openapi_server_runtime::request::RequestContext;
        use serde::Serialize;
        use serde::de::DeserializeOwned;
        use #types as types;

        /// Answers what is planned.
        pub struct Answers(pub Exchange);

        impl Host for Answers {
            type User = ();

            async fn authenticate(&self, _: &Credentials) -> Result<Option<()>, Failure> {
                Ok(Some(()))
            }
        }

        impl Answers {
            fn answer<T: DeserializeOwned + Serialize>(&self) -> Result<T, Failure> {
                self.0.answer().map_err(|_| Failure::ServerError)
            }
        }

        /// Returns a page as a parameter says it.
        fn page(page: PageNumber) -> serde_json::Value {
            match page {
                PageNumber::Number(number) => number.into(),
                PageNumber::Last => "last".into(),
                PageNumber::Invalid => "invalid".into(),
            }
        }
    }
}
