//! Emits a call of the client for each operation: each value as the type that the setter takes, the answer as JSON.

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;
use syn::Type;

use super::client::{Builder, Builders};
use super::crates::Crates;
use crate::api::model::{Body, Model, Operation};
use crate::api::names;
use crate::rust::RustFile;
use openapi_document::error::Result;
use openapi_document::model::Form;
use openapi_document::pointer::resolve;

/// Writes the calls.
pub(super) fn file(model: &Model<'_>, crates: &Crates, builders: &Builders) -> Result<RustFile> {
    let mut file = RustFile::new("A call of the client for each operation.")
        .allow("dead_code, unused_imports, unused_mut, unused_variables")
        .allow("clippy::all, clippy::pedantic");
    file.push_tokens(model.document, None, head(crates))?;
    let called: Vec<(&Operation<'_>, &Builder)> = model
        .operations
        .iter()
        .filter_map(|operation| Some((operation, builders.of(model, operation)?)))
        .filter(|(_, builder)| builder.kind().is_some())
        .collect();
    let setters = builders.credentials.iter().map(|(setter, count)| {
        let texts = std::iter::repeat_n("sample", *count);
        quote!(.#setter(#(#texts),*))
    });
    file.push_tokens(
        model.document,
        None,
        quote! {
            /// Sets credentials for every security scheme.
            pub fn with_credentials(builder: ClientBuilder) -> ClientBuilder {
                builder #(#setters)*
            }
        },
    )?;
    let arms = called.iter().map(|(operation, _)| {
        let (id, name) = (operation.id, names::ident(operation.name));
        quote!(#id => of::#name(client, sent).await,)
    });
    file.push_tokens(
        model.document,
        None,
        quote! {
            /// Calls the operation with this id.
            pub async fn call(client: &Client, id: &str, sent: &mut Sent) -> Result<Outcome, String> {
                match id {
                    #(#arms)*
                    _ => Err("the client has no such call".to_owned()),
                }
            }
        },
    )?;
    let calls = called.iter().map(|(operation, builder)| call(model, operation, builder));
    file.push_tokens(
        model.document,
        None,
        quote! {
            /// The calls.
            mod of {
                use super::*;
                #(#calls)*
            }
        },
    )?;
    Ok(file)
}

fn call(model: &Model<'_>, operation: &Operation<'_>, builder: &Builder) -> TokenStream {
    let name = names::ident(operation.name);
    let parameters = operation.parameters.iter().filter_map(|parameter| {
        let (setter, ty) = builder.setter(parameter)?;
        let (setter, key) = (names::ident(&setter), super::plan::key(parameter));
        Some(quote! {
            if let Some(value) = sent.parameter::<#ty>(#key)? {
                call = call.#setter(value);
            }
        })
    });
    let body = operation.body.as_ref().and_then(|body| {
        let read = body_of(model, body, &builder.body(body.required)?);
        Some(quote! {
            if let Some(body) = #read? {
                call = call.body(body);
            }
        })
    });
    let kind = builder.kind();
    quote! {
        pub(super) async fn #name(client: &Client, sent: &mut Sent) -> Result<Outcome, String> {
            let mut call = client.#name();
            #(#parameters)*
            #body
            #kind(call.send().await)
        }
    }
}

/// Returns the expression that reads the body.
fn body_of(model: &Model<'_>, body: &Body<'_>, ty: &Type) -> TokenStream {
    match body.media.form {
        Form::Multipart if body.media.is_typed() => {
            let files = files(model, body);
            quote!(sent.body_by(|value| read_form::<#ty>(value, &[#(#files),*]), |body| parts(body.clone())))
        }
        _ if !body.media.is_typed() => quote!(sent.body::<String>()),
        _ => quote!(sent.body::<#ty>()),
    }
}

/// Returns the properties of a body in parts that are files, or lists of them.
fn files(model: &Model<'_>, body: &Body<'_>) -> Vec<String> {
    // More parts than any person composed a body of: one that is a part of itself.
    const MOST_PARTS: usize = 100;
    let root = model.root.value;
    let is_file = |property: &Value| {
        let property = resolve(root, property);
        let property = property.get("items").map_or(property, |items| resolve(root, items));
        property.get("format").is_some_and(|format| format == "binary")
    };
    let mut parts: Vec<&Value> = body.media.schema.iter().map(|schema| schema.value).collect();
    let mut files = Vec::new();
    for _ in 0..MOST_PARTS {
        let Some(part) = parts.pop().map(|part| resolve(root, part)) else { break };
        let properties = part.get("properties").and_then(Value::as_object);
        let found = properties.into_iter().flatten().filter(|(_, property)| is_file(property));
        files.extend(found.map(|(name, _)| name.clone()));
        parts.extend(part.get("allOf").and_then(Value::as_array).into_iter().flatten());
    }
    files
}

/// Returns what all calls share.
fn head(crates: &Crates) -> TokenStream {
    let Crates { types, client, .. } = crates;
    quote! {
        use openapi_client_runtime::codegen as runtime;
        use openapi_round_trip::{Outcome, Sent};
        use openapi_wire::form::{Field, FilePart, Form, IntoForm, Part, read};
        use serde::Serialize;
        use serde::de::DeserializeOwned;
        use serde_json::{Value, json as value};
        use #client::{Client, ClientBuilder, Error, ResponseValue};
        use #types as types;

        /// Returns an answer that was read as JSON, or as nothing.
        fn json<T: Serialize>(answer: Result<ResponseValue<T>, Error>) -> Result<Outcome, String> {
            outcome(answer, |body| serde_json::to_value(body).map_err(|fault| fault.to_string()))
        }

        /// Returns an answer that was taken as it is.
        fn bytes(answer: Result<ResponseValue<runtime::bytes::Bytes>, Error>) -> Result<Outcome, String> {
            outcome(answer, |body| Ok(String::from_utf8_lossy(&body).into()))
        }

        fn outcome<T>(
            answer: Result<ResponseValue<T>, Error>,
            write: fn(T) -> Result<Value, String>,
        ) -> Result<Outcome, String> {
            let error = match answer {
                Ok(answer) => {
                    let status = answer.status().as_u16();
                    let drift = answer.drift().iter().map(|drift| format!("{:?} at {}", drift.kind(), drift.pointer()));
                    let drift = drift.collect();
                    return Ok(Outcome { status, drift, answer: write(answer.into_inner())? });
                }
                Err(error) => error,
            };
            match error.answer() {
                Some(answer) if !matches!(error, Error::Decode { .. }) => {
                    let bytes = answer.body().bytes();
                    let body = if bytes.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(bytes) };
                    let body = body.unwrap_or_else(|_| answer.body().text().into());
                    Ok(Outcome { status: answer.status().as_u16(), answer: body, drift: Vec::new() })
                }
                Some(answer) => Err(format!("{error}: {}", answer.body().text())),
                None => Err(error.to_string()),
            }
        }

        /// Reads a body in parts, whose `files` have a name and a media type.
        fn read_form<T: DeserializeOwned>(body: &Value, files: &[&str]) -> Result<T, String> {
            let file = |value: &Value| match value {
                Value::String(text) => {
                    Field::File(FilePart::new("naïve \"name\".txt", text.clone()).with_content_type("text/x-sample"))
                }
                other => Field::Value(other.clone()),
            };
            let members = body.as_object().into_iter().flatten();
            let fields = members.map(|(name, value)| {
                let field = match value {
                    Value::Array(items) if files.contains(&name.as_str()) => {
                        let files = items.iter().map(file).filter_map(|field| match field {
                            Field::File(file) => Some(file),
                            _ => None,
                        });
                        Field::Files(files.collect())
                    }
                    value if files.contains(&name.as_str()) => file(value),
                    value => Field::Value(value.clone()),
                };
                (name.clone(), field)
            });
            read(fields).map_err(|fault| fault.to_string())
        }

        /// Returns the parts of a body as JSON.
        pub(super) fn parts(body: impl IntoForm) -> Result<Value, String> {
            let form: Form = body.into_form().map_err(|fault| fault.to_string())?;
            let mut said = serde_json::Map::new();
            for (name, part) in form.parts {
                let part = match part {
                    Part::Text(text) => value!(text),
                    Part::Json(json) => json,
                    Part::File(file) => value!({
                        "file": file.file_name,
                        "type": file.content_type,
                        "content": String::from_utf8_lossy(&file.content),
                    }),
                };
                let parts = said.entry(name).or_insert_with(|| value!([]));
                if let Some(parts) = parts.as_array_mut() {
                    parts.push(part);
                }
            }
            Ok(said.into())
        }
    }
}
