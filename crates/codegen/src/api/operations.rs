//! Emits the table of operations: a constant for each, and the list of all.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::{Map, Value};

use crate::error::Result;
use crate::rust::RustFile;

use super::model::{Model, Operation, Parameter, Response};
use super::names;
use super::rules::{option, rule};

/// The members of a document that are not about its operations.
const FRAME: [&str; 5] = ["openapi", "info", "servers", "tags", "externalDocs"];

pub(super) fn push(file: &mut RustFile, model: &Model<'_>) -> Result<()> {
    let (base, frame) = (&model.base, frame(model).to_string());
    file.push_tokens(
        model.document,
        None,
        quote! {
            use http::Method;

            use crate::operation::{Body, Content, Location, Operation, Parameter, Response, Role};
            use crate::schema::{Choice, Field, ObjectSchema, Rule, Text};
            use super::schemas;
        },
    )?;
    file.push_tokens(
        model.document,
        Some("/servers/0/url"),
        quote! {
            /// The path all operations are below.
            pub const BASE_PATH: &str = #base;
        },
    )?;
    file.push_tokens(
        model.document,
        None,
        quote! {
            /// What the document says besides its operations and schemas, as JSON.
            pub(crate) const FRAME: &str = #frame;
        },
    )?;
    for operation in &model.operations {
        let ident = names::shouty(operation.id);
        let docs = format!(" `{} {}`", operation.method.to_uppercase(), operation.path);
        let value = table(operation)?;
        file.push_tokens(
            model.document,
            Some(&operation.place.pointer),
            quote! {
                #[doc = #docs]
                pub const #ident: Operation = #value;
            },
        )?;
    }
    let all = model.operations.iter().map(|operation| names::shouty(operation.id));
    file.push_tokens(
        model.document,
        Some("/paths"),
        quote! {
            /// Every operation, in the document's order.
            pub static OPERATIONS: &[Operation] = &[#(#all),*];
        },
    )
}

fn table(operation: &Operation<'_>) -> Result<TokenStream> {
    let Operation { id, path, place, .. } = operation;
    let method = names::ident(&operation.method.to_uppercase());
    let tags = place.texts("tags");
    let text = |key| option(place.text(key));
    let (summary, description) = (text("summary"), text("description"));
    let (view_name, since) = (text("x-view-name"), text("x-since"));
    let security = operation.security.iter().map(|schemes| quote!(&[#(#schemes),*]));
    let parameters = operation.parameters.iter().map(parameter).collect::<Result<Vec<_>>>()?;
    let body = option(operation.body.as_ref().map(|body| {
        let schema = names::shouty(&body.component);
        let (required, content_types) = (body.required, &body.content_types);
        quote!(Body { schema: &schemas::#schema, required: #required, content_types: &[#(#content_types),*] })
    }));
    let responses = operation.responses.iter().map(response).collect::<Result<Vec<_>>>()?;
    let observed = operation.observed.iter().map(response).collect::<Result<Vec<_>>>()?;
    let pointer = format!("#{}", place.pointer);
    Ok(quote! {
        Operation {
            id: #id,
            method: Method::#method,
            path: #path,
            tags: &[#(#tags),*],
            summary: #summary,
            description: #description,
            view_name: #view_name,
            security: &[#(#security),*],
            parameters: &[#(#parameters),*],
            body: #body,
            responses: &[#(#responses),*],
            observed: &[#(#observed),*],
            since: #since,
            pointer: #pointer,
        }
    })
}

fn parameter(parameter: &Parameter<'_>) -> Result<TokenStream> {
    let Parameter { name, place, schema, .. } = parameter;
    let location = names::ident(if parameter.in_path { "Path" } else { "Query" });
    let purpose = match place.text("x-role") {
        Some("filter") => "Filter",
        Some("page") => "Page",
        Some("page-size") => "PageSize",
        Some("ordering") => "Ordering",
        Some("search") => "Search",
        // Parsing refuses any other role.
        _ => "Plain",
    };
    let purpose = names::ident(purpose);
    let rule = rule(schema)?;
    let required = place.flag("required");
    let (description, since) = (option(place.text("description")), option(place.text("x-since")));
    let schema = plain(place.value.get("schema").unwrap_or(schema.value)).to_string();
    Ok(quote! {
        Parameter {
            name: #name,
            location: Location::#location,
            role: Role::#purpose,
            rule: #rule,
            required: #required,
            description: #description,
            since: #since,
            schema: #schema,
        }
    })
}

fn response(response: &Response<'_>) -> Result<TokenStream> {
    let Response { status, description, .. } = response;
    let status = Literal::u16_unsuffixed(*status);
    let content = match &response.schema {
        None => quote!(None),
        Some(schema) => {
            let rule = rule(schema)?;
            let text = match schema.component() {
                Some(name) => format!("{{\"$ref\":\"#/components/schemas/{name}\"}}"),
                None => plain(schema.value).to_string(),
            };
            quote!(Some(Content { rule: #rule, schema: #text }))
        }
    };
    Ok(quote!(Response { status: #status, description: #description, content: #content }))
}

/// The frame of the document, with the security schemes, which are no schemas.
fn frame(model: &Model<'_>) -> Value {
    let mut frame = Map::new();
    for key in FRAME {
        if let Some(value) = model.root.value.get(key) {
            frame.insert(key.to_owned(), plain(value));
        }
    }
    if let Some(schemes) = model.root.value.pointer("/components/securitySchemes") {
        let components = Map::from_iter([("securitySchemes".to_owned(), plain(schemes))]);
        frame.insert("components".to_owned(), Value::Object(components));
    }
    Value::Object(frame)
}

/// A value without vendor extensions.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().filter(|(key, _)| !key.starts_with("x-"));
            Value::Object(members.map(|(key, value)| (key.clone(), plain(value))).collect())
        }
        Value::Array(items) => items.iter().map(plain).collect(),
        other => other.clone(),
    }
}
