//! Emits what each operation can fail with: an enumeration of the answers that are not its success.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use crate::rust::RustFile;
use crate::safe_text::line;
use openapi_document::error::Result;

use super::bodies::media_type;
use super::model::{Model, Operation, Response};
use super::names;
use openapi_tables::media::Media;

pub(super) const IMPORTS: fn(&Model<'_>) -> TokenStream = |model| {
    let types = &model.types;
    quote! {
        use std::fmt;

        use #types as types;

        use openapi_server_runtime::failure::Failure;
    }
};

/// Returns the error of one operation.
pub(super) fn item(file: &mut RustFile, model: &Model<'_>, operation: &Operation<'_>) -> Result<()> {
    file.push_tokens(model.document, Some(&operation.place.pointer), error(operation))
}

/// Returns the name of an operation's error.
pub(super) fn error_name(operation: &Operation<'_>) -> Ident {
    names::type_beside(operation.name, "Error")
}

/// One way to fail.
struct Variant {
    status: Literal,
    name: Ident,
    docs: String,
    body: Option<TokenStream>,
}

fn error(operation: &Operation<'_>) -> TokenStream {
    let name = error_name(operation);
    let docs = format!(" The errors of {}.", names::route(operation));
    // Failures are JSON; what is not has no variant of its own.
    let json = |response: &&Response<'_>| response.media.as_ref().is_none_or(Media::is_typed);
    let variants: Vec<Variant> = operation.failures().filter(json).map(variant).collect();
    let declarations = variants.iter().map(|variant| {
        let Variant { name, docs, body, .. } = variant;
        let body = body.as_ref().map(|body| quote!((#body)));
        quote!(#[doc = #docs] #name #body)
    });
    let into_failure = variants.iter().map(|variant| {
        let Variant { status, name: variant, body, .. } = variant;
        if body.is_some() {
            quote!(#name::#variant(body) => Self::typed(#status, &body))
        } else {
            quote!(#name::#variant => Self::empty(#status))
        }
    });
    quote! {
        #[doc = #docs]
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name {
            #(#declarations,)*
            /// Anything else, and whatever the runtime refuses.
            Other(Failure),
        }
        impl From<Failure> for #name {
            fn from(failure: Failure) -> Self {
                Self::Other(failure)
            }
        }
        impl From<#name> for Failure {
            fn from(error: #name) -> Self {
                match error {
                    #(#into_failure,)*
                    #name::Other(failure) => failure,
                }
            }
        }
        impl fmt::Display for #name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                Failure::from(self.clone()).fmt(f)
            }
        }
        impl std::error::Error for #name {}
    }
}

fn variant(response: &Response<'_>) -> Variant {
    Variant {
        status: Literal::u16_unsuffixed(response.status),
        name: names::ident(&variant_name(response.status)),
        docs: match response.description {
            "" => format!(" {}", response.status),
            description => format!(" {}: {}", response.status, line(description)),
        },
        body: response.media.as_ref().map(media_type),
    }
}

/// Returns the standard's name of a status.
pub(super) fn variant_name(status: u16) -> String {
    let name = match status {
        400 => "BadRequest",
        401 => "Unauthorized",
        402 => "PaymentRequired",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        406 => "NotAcceptable",
        408 => "RequestTimeout",
        409 => "Conflict",
        410 => "Gone",
        412 => "PreconditionFailed",
        413 => "PayloadTooLarge",
        415 => "UnsupportedMediaType",
        422 => "UnprocessableEntity",
        423 => "Locked",
        429 => "TooManyRequests",
        500 => "InternalServerError",
        501 => "NotImplemented",
        502 => "BadGateway",
        503 => "ServiceUnavailable",
        504 => "GatewayTimeout",
        other => return format!("Status{other}"),
    };
    name.to_owned()
}
