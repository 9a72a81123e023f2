//! A builder for each operation: what is set of it, how it is sent, and what the document says about all of that.

mod sending;

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Ident, ImplItem, Item, Type, parse_quote};

use super::pages::{self, Pages};
use super::signatures::Signature;
use super::tokens;
use crate::rust::{self, RustFile};
use crate::syntax::documentation::attributes;
use crate::syntax::setters::Setters;
use crate::syntax::tree::wrapped;
use crate::words;
use openapi_document::error::Result;
use openapi_document::model::{AnswerForm, Form, Model, Operation};

/// Writes a builder for each operation, with the types of `signatures`.
pub(super) fn file(
    model: &Model<'_>,
    signatures: &HashMap<String, Signature>,
    pages: Option<&Pages>,
) -> Result<RustFile> {
    let mut file = RustFile::new("A builder for each operation: set its parameters, then send it.")
        .allow("clippy::all, clippy::pedantic");
    let head = quote! {
        #[allow(unused_imports)]
        use ::openapi_client_runtime::codegen as runtime;
        #[allow(unused_imports)]
        use super::types;
    };
    file.push_tokens(model.document, None, head)?;
    if let Some(pages) = pages {
        pages::check(model, pages)?;
    }
    let none = Signature::default();
    let setters = Setters::new(&parse_quote!(types::IntoField), &parse_quote!(runtime::Refusal));
    for operation in &model.operations {
        let signature = signatures.get(&operation.builder).unwrap_or(&none);
        let builder = Builder::new(model, operation, signature);
        let stream = pages
            .and_then(|pages| pages::stream(model, operation, pages))
            .or_else(|| tokens::stream(model, operation, signature));
        let stream = stream.transpose()?;
        let mut items = rust::items(model.document, &operation.pointer, builder.items(stream.as_ref()))?;
        builder.add_setters(&mut items, &setters);
        file.push_known(model.document, Some(&operation.pointer), items);
    }
    Ok(file)
}

/// Returns the type of the answer of an operation, of which progenitor says what its JSON is.
fn answer(model: &Model<'_>, operation: &Operation<'_>, json: Option<&Type>) -> Type {
    let answers = operation.answers(&model.schemas);
    match (answers.form, json) {
        _ if answers.upgrades => parse_quote!(runtime::reqwest::Upgraded),
        (AnswerForm::Nothing, _) => parse_quote!(()),
        (AnswerForm::Text, _) => parse_quote!(::std::string::String),
        (AnswerForm::Bytes, _) => parse_quote!(runtime::bytes::Bytes),
        (AnswerForm::Json, json) => {
            let json = json.cloned().unwrap_or_else(|| parse_quote!(::serde_json::Value));
            if answers.optional { parse_quote!(::std::option::Option<#json>) } else { json }
        }
    }
}

/// The parts of an operation's builder.
struct Builder<'m, 'a> {
    model: &'m Model<'a>,
    operation: &'m Operation<'a>,
    /// The field that holds the client; a parameter may have its usual name.
    client: Ident,
    parameters: Vec<Field>,
    body: Option<Body>,
    /// The type of the answer.
    answer: Type,
}

/// A parameter.
struct Field {
    ident: Ident,
    /// Its name on the wire.
    name: String,
    ty: Type,
    /// The text of its documentation.
    words: String,
}

/// The body of a request.
struct Body {
    form: Form,
    required: bool,
    ty: Type,
    /// The type of its builder, if it has one.
    builder: Option<Type>,
    /// `true` if the caller may say its media type.
    has_media_types: bool,
}

impl<'m, 'a> Builder<'m, 'a> {
    fn new(model: &'m Model<'a>, operation: &'m Operation<'a>, signature: &Signature) -> Self {
        let parameters = operation.parameters.iter().map(|parameter| {
            let ty = signature.parameter(&parameter.setter).cloned();
            let text = if parameter.required { parse_quote!(String) } else { parse_quote!(Option<String>) };
            Field {
                ident: format_ident!("{}", parameter.setter),
                name: parameter.name.to_owned(),
                ty: ty.unwrap_or(text),
                words: words::of_parameter(model, parameter),
            }
        });
        let parameters: Vec<Field> = parameters.collect();
        let is_taken = parameters.iter().any(|field| field.ident == "client");
        Builder {
            model,
            operation,
            client: format_ident!("{}", if is_taken { "client_" } else { "client" }),
            body: Body::of(operation, signature),
            answer: answer(model, operation, signature.answer.as_ref()),
            parameters,
        }
    }

    /// Returns the struct and its impl, without the setters of parameters, and the `stream` after them.
    fn items(&self, stream: Option<&TokenStream>) -> TokenStream {
        let Operation { rust, builder, .. } = self.operation;
        let (name, client) = (format_ident!("{builder}"), &self.client);
        let about = words::of_operation(self.model, self.operation, None);
        let about = attributes(&format!(
            "A call of [`Client::{rust}`](super::Client::{rust}): set its parameters, then send it.\n\n{about}"
        ));
        let constant = format_ident!("{}", self.model.names().operation_constant(self.operation.id));
        let (idents, types): (Vec<_>, Vec<_>) =
            self.parameters.iter().map(|Field { ident, ty, .. }| (ident, ty)).unzip();
        let values = self.parameters.iter().map(Field::unset);
        let body_field = self.body.as_ref().map(|body| {
            let held = body.held();
            quote!(body: Result<#held, runtime::Refusal>,)
        });
        let body_value = self.body.as_ref().map(|body| {
            let unset = body.unset();
            quote!(body: #unset,)
        });
        let has_body_as = self.body.as_ref().is_some_and(|body| body.has_media_types);
        let body_as_field = has_body_as.then(|| quote!(body_as: Option<runtime::MediaBody>,));
        let body_as_value = has_body_as.then(|| quote!(body_as: None,));
        // What is sent as it is may be a stream, which can be sent once.
        let derives = if self.body.as_ref().is_some_and(Body::is_raw) {
            quote!(#[derive(Debug)])
        } else {
            quote!(#[derive(Debug, Clone)])
        };
        let body = self.body.as_ref().map(|body| body.setters(self.model, self.operation));
        let send = self.send();
        quote! {
            #(#about)*
            #derives
            pub struct #name<'a> {
                #client: &'a super::Client,
                #(#idents: Result<#types, runtime::Refusal>,)*
                #body_field
                #body_as_field
                options: runtime::CallOptions,
            }
            impl<'a> #name<'a> {
                const OPERATION: &'static runtime::Operation = &super::operations::#constant;
                /// Starts a call by `client`, with nothing set yet.
                pub fn new(client: &'a super::Client) -> Self {
                    Self {
                        #client: client,
                        #(#idents: #values,)*
                        #body_value
                        #body_as_value
                        options: ::std::default::Default::default(),
                    }
                }
                #body
                /// Sets how long this call may take, and whether it is repeated; what is not said is as the client has it.
                pub fn options(mut self, options: runtime::CallOptions) -> Self {
                    self.options = options;
                    self
                }
                #send
            }
            #stream
        }
    }

    /// Adds the setters of parameters, which come after what makes a builder.
    fn add_setters(&self, items: &mut [Item], setters: &Setters) {
        let Some(Item::Impl(methods)) = items.iter_mut().find(|item| matches!(item, Item::Impl(_))) else {
            return;
        };
        let is_new = |item: &ImplItem| matches!(item, ImplItem::Fn(method) if method.sig.ident == "new");
        let place = methods.items.iter().position(is_new).map_or(0, |place| place + 1);
        let setters = self.parameters.iter().map(|Field { ident, name, ty, words }| {
            ImplItem::Fn(setters.setter(attributes(words), (ident, name), ty))
        });
        methods.items.splice(place..place, setters);
    }
}

impl Field {
    /// Returns its value before it is set.
    fn unset(&self) -> TokenStream {
        let name = &self.name;
        if wrapped(&self.ty, "Option").is_some() {
            quote!(Ok(None))
        } else {
            quote!(Err(runtime::Refusal::missing(#name)))
        }
    }
}

impl Body {
    fn of(operation: &Operation<'_>, signature: &Signature) -> Option<Self> {
        let body = operation.body.as_ref()?;
        let form = body.sent()?.form;
        let (ty, builder) = match (form, &signature.body) {
            (Form::Bytes, _) => (parse_quote!(runtime::reqwest::Body), None),
            (Form::Text, _) => (parse_quote!(String), None),
            (_, Some(known)) => known.clone(),
            // There is none if progenitor was not shown it, which cannot be.
            (_, None) => return None,
        };
        Some(Body { form, required: body.required, ty, builder, has_media_types: body.has_media_types() })
    }

    fn is_raw(&self) -> bool {
        matches!(self.form, Form::Bytes | Form::Text)
    }

    /// Returns the type that holds it until it is sent.
    fn held(&self) -> TokenStream {
        let raw: Type = parse_quote!(runtime::reqwest::Body);
        let held = if self.is_raw() { &raw } else { self.builder.as_ref().unwrap_or(&self.ty) };
        if self.required { quote!(#held) } else { quote!(Option<#held>) }
    }

    /// Returns its value before it is set.
    fn unset(&self) -> TokenStream {
        match (&self.builder, self.required) {
            (_, false) => quote!(Ok(None)),
            (Some(_), true) => quote!(Ok(::std::default::Default::default())),
            (None, true) => quote!(Err(runtime::Refusal::missing("body"))),
        }
    }

    /// Returns the methods that set it.
    fn setters(&self, model: &Model<'_>, operation: &Operation<'_>) -> TokenStream {
        let about = operation.body.as_ref().map(|body| words::of_body(model, body));
        let about = attributes(&about.unwrap_or_default());
        let ty = &self.ty;
        let made =
            (self.is_raw() || self.builder.is_some()).then(|| quote!(.map(::std::convert::From::from)));
        let set = (!self.required).then(|| quote!(.map(Some)));
        let body_map = self.builder.as_ref().map(|builder| {
            let changed = if self.required {
                quote!(self.body.map(f))
            } else {
                quote!(self.body.map(|body| Some(f(body.unwrap_or_default()))))
            };
            quote! {
                /// Has a function change what the body is made from.
                pub fn body_map<F>(mut self, f: F) -> Self
                where
                    F: ::std::ops::FnOnce(#builder) -> #builder,
                {
                    self.body = #changed;
                    self
                }
            }
        });
        let body_as = self.has_media_types.then(|| {
            let about = attributes(&words::of_media_types(operation));
            quote! {
                #(#about)*
                pub fn body_as(
                    mut self,
                    media_type: impl ::std::convert::Into<::std::string::String>,
                    bytes: impl ::std::convert::Into<runtime::bytes::Bytes>,
                ) -> Self {
                    self.body_as = Some(runtime::MediaBody::new(media_type, bytes));
                    self
                }
            }
        });
        quote! {
            #(#about)*
            pub fn body<V>(mut self, value: V) -> Self
            where
                V: ::std::convert::TryInto<#ty>,
                V::Error: ::std::fmt::Display + 'static,
            {
                self.body = value.try_into()#made #set.map_err(|e| runtime::Refusal::of("", &e));
                self
            }
            #body_map
            #body_as
        }
    }
}
