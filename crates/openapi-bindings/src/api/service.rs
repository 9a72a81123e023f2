//! Emits the service traits: a method for each operation, which answers the example of its schema unless it is written.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use serde_json::{Value, json};

use crate::rust::RustFile;
use crate::safe_text::{code, markdown};
use crate::syntax::documentation::attributes;
use openapi_document::error::Result;
use openapi_document::pointer::child;
use openapi_document::service_traits::{self, Common, ServiceTrait};

use super::bodies::{argument_type, media_type};
use super::errors::error_name;
use super::model::{self, Location, Model, Operation, UPGRADE};
use super::names;
use super::queries::{sources, variable};

pub(super) const IMPORTS: fn(&Model<'_>) -> TokenStream = |model| {
    let types = &model.types;
    quote! {
        use std::future::Future;

        use #types as types;

        use openapi_server_runtime::host::Host;
        use openapi_server_runtime::request::RequestContext;
        use openapi_server_runtime::failure::Failure;
        use super::errors::*;
        use super::queries::*;
    }
};

/// Returns the traits, and their sum.
pub(super) fn head(file: &mut RustFile, model: &Model<'_>) -> Result<()> {
    let found = service_traits::divide(model.root.value);
    let names: Vec<Ident> =
        model.document.names().service_traits().iter().map(|name| names::ident(name)).collect();
    for (name, found) in names.iter().zip(&found) {
        file.push_tokens(
            model.document,
            Some(&origin(model, &found.common)),
            service_trait(model, name, found),
        )?;
    }
    file.push_tokens(model.document, Some("/paths"), sum(&names))
}

/// Returns the pointer to what the operations of a trait have in common.
fn origin(model: &Model<'_>, common: &Common<'_>) -> String {
    let root = model.root.value;
    let declared = match common {
        Common::Tag(tag) => {
            let tags = root.get("tags").and_then(Value::as_array).into_iter().flatten();
            let position = tags.map(|known| known.get("name")).position(|name| name == Some(&json!(tag)));
            position.map(|position| format!("/tags/{position}"))
        }
        Common::Path(segments) => {
            let path = format!("/{}", segments.join("/"));
            let items = [format!("{path}/"), path].map(|path| child("/paths", &path));
            items.into_iter().find(|pointer| root.pointer(pointer).is_some())
        }
    };
    declared.unwrap_or_else(|| "/paths".to_owned())
}

fn service_trait(model: &Model<'_>, name: &Ident, found: &ServiceTrait<'_>) -> TokenStream {
    let about = match &found.common {
        Common::Tag(tag) => format!(" Serves the operations with the tag {}.", code(tag)),
        Common::Path(segments) if segments.is_empty() => {
            " Serves the operations whose paths begin with a variable.".to_owned()
        }
        Common::Path(segments) => {
            format!(" Serves the operations at {} and below it.", code(&format!("/{}", segments.join("/"))))
        }
    };
    let example = format!(" impl {name} for MyApi {{}}");
    let missing = format!("an empty implementation of `{name}` answers every operation with its example");
    let served =
        |operation: &&Operation<'_>| found.operations.iter().any(|served| served.id == Some(operation.id));
    let methods = model.operations.iter().filter(served).map(|operation| method(model, operation));
    quote! {
        #[doc = #about]
        #[doc = ""]
        #[doc = " Write the operations you serve as `async fn`. The others answer what [`Host::unwritten`] gives, or else the"]
        #[doc = " example of their schema, marked by the header `x-example-response: true`. So an empty implementation is a"]
        #[doc = " beginning:"]
        #[doc = ""]
        #[doc = " ```ignore"]
        #[doc = #example]
        #[doc = " ```"]
        #[doc = ""]
        #[doc = " A handler fails with the error of its operation, and `?` turns any"]
        #[doc = " [`Failure`](openapi_server_runtime::failure::Failure) into it."]
        #[diagnostic::on_unimplemented(note = #missing)]
        pub trait #name: Host {
            #(#methods)*
        }
    }
}

/// Returns the trait of everything that implements all the others.
fn sum(names: &[Ident]) -> TokenStream {
    let listed = names.iter().map(|name| format!(" - [`{name}`]"));
    quote! {
        #[doc = " Serves all operations of the document."]
        #[doc = ""]
        #[doc = " Implemented by everything that implements [`Host`] and these traits:"]
        #[doc = ""]
        #(#[doc = #listed])*
        pub trait Api: Host #(+ #names)* {}

        impl<A: Host #(+ #names)*> Api for A {}
    }
}

fn method(model: &Model<'_>, operation: &Operation<'_>) -> TokenStream {
    let name = names::ident(operation.name);
    let error = error_name(operation);
    let protocols = operation.protocols();
    let answer = match operation.success().media {
        _ if protocols.is_some() => quote!(openapi_server_runtime::upgrade::SwitchingProtocols),
        None => quote!(()),
        Some(media) => media_type(media),
    };
    let mut arguments = Vec::new();
    for parameter in operation.parameters_in(Location::Path) {
        arguments.push((model::ident(operation, parameter), variable(model, operation, parameter).0));
    }
    for source in sources(operation) {
        let ty = source.type_name(operation);
        arguments.push((names::ident(source.argument), quote!(#ty)));
    }
    if let Some(body) = &operation.body {
        arguments.push((names::ident("body"), argument_type(operation, body)));
    }
    let upgrade = protocols.map(|protocols| {
        arguments.push((names::ident(UPGRADE), quote!(openapi_server_runtime::upgrade::Upgrade)));
        let named = protocols.iter().map(|protocol| code(protocol)).collect::<Vec<_>>().join(" or ");
        let text = format!(" Accept the upgrade to {named}, and its handler is given the connection.");
        quote!(#[doc = ""] #[doc = #text])
    });
    let (idents, types): (Vec<_>, Vec<_>) = arguments.into_iter().unzip();
    let text = operation.place.text("description").or_else(|| operation.place.text("summary"));
    let description = attributes(&text.map_or_else(|| code(operation.id), markdown));
    let pointer = code(&format!("#{}", operation.place.pointer));
    let route = format!(" {}, from {pointer}.", names::route(operation));
    quote! {
        #(#description)*
        #upgrade
        #[doc = ""]
        #[doc = #route]
        fn #name(
            &self,
            cx: &RequestContext<Self::User>,
            #(#idents: #types),*
        ) -> impl Future<Output = Result<#answer, #error>> + Send {
            async { Err(Failure::Unwritten.into()) }
        }
    }
}
