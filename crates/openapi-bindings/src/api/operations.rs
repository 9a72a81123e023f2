//! Emits the table of operations: a constant for each, and the list of all.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::{Map, Value};

use crate::rust::RustFile;
use openapi_document::error::Result;
use openapi_document::model::{self as document, Credential, KeyPlace};

use super::media::Media;
use super::model::{Location, Model, Operation, Parameter, Response};
use super::names;
use super::plain::plain;
use super::rest;
use super::rules::{Named, list, option, rule, value_rule};

/// The members of a document that are not about its operations.
const FRAME: [&str; 5] = ["openapi", "info", "servers", "tags", "externalDocs"];

pub(super) const IMPORTS: fn(&Model<'_>) -> TokenStream = |_| {
    quote! {
        use http::Method;

        use openapi_server_runtime::credentials::{Requirement, SchemeKind, SecurityScheme};
        use openapi_server_runtime::operation::{Body, Content, Location, Operation, Parameter, Response, Role};
        use openapi_server_runtime::schema::{
            Additional, Bound, Choice, Field, Integer, List, Map, Member, Number, ObjectSchema, Rule, Size, Text,
            Union,
        };
        use crate::generated::schemas;
    }
};

/// What stands before the operations.
pub(super) fn head(file: &mut RustFile, model: &Model<'_>) -> Result<()> {
    let (base, frame) = (&model.base, frame(model).to_string());
    let document = model.document.value().to_string();
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
            /// The document, for the runtime: its tables and the way to its operations.
            #[derive(Clone, Copy, Debug)]
            pub struct Document;

            impl openapi_server_runtime::dispatch::Document for Document {
                const OPERATIONS: &'static [Operation] = OPERATIONS;
                const BASE_PATH: &'static str = BASE_PATH;
                const SECURITY_SCHEMES: &'static [SecurityScheme] = SECURITY_SCHEMES;
                const FRAME: &'static str = #frame;
            }
        },
    )?;
    file.push_tokens(
        model.document,
        None,
        quote! {
            /// The document itself, as JSON.
            pub const DOCUMENT: &str = #document;
        },
    )?;
    let schemes = security_schemes(model)?;
    file.push_tokens(
        model.document,
        Some("/components/securitySchemes"),
        quote! {
            /// The security schemes, in the document's order.
            pub static SECURITY_SCHEMES: &[SecurityScheme] = &[#(#schemes),*];
        },
    )
}

/// The security schemes as a table.
fn security_schemes(model: &Model<'_>) -> Result<Vec<TokenStream>> {
    model.read.security_schemes.iter().map(|scheme| security_scheme(model, scheme)).collect()
}

fn security_scheme(model: &Model<'_>, scheme: &document::SecurityScheme<'_>) -> Result<TokenStream> {
    let text = |key: &str| scheme.value.get(key).and_then(Value::as_str).unwrap_or_default();
    let error = |message: String, advice: &str| model.document.error(&scheme.pointer, message, advice);
    let kind = match (text("type"), scheme.credential) {
        ("oauth2", _) => quote!(SchemeKind::OAuth2),
        ("openIdConnect", _) => quote!(SchemeKind::OpenIdConnect),
        (_, Some(Credential::Basic)) => quote!(SchemeKind::Basic),
        (_, Some(Credential::Token)) => quote!(SchemeKind::Bearer),
        (_, Some(Credential::Http(name))) => {
            let name = name.to_ascii_lowercase();
            quote!(SchemeKind::Http(#name))
        }
        (_, Some(Credential::Key(place, name))) => {
            let location = match place {
                KeyPlace::Header => quote!(Location::Header),
                KeyPlace::Query => quote!(Location::Query),
                KeyPlace::Cookie => quote!(Location::Cookie),
            };
            quote!(SchemeKind::ApiKey { location: #location, name: #name })
        }
        ("http", None) => quote!(SchemeKind::Http("")),
        ("apiKey", None) => {
            return Err(error(
                "this key is sent nowhere".to_owned(),
                "say `in: header`, `in: query` or `in: cookie`",
            ));
        }
        (other, None) => {
            return Err(error(
                format!("nothing is known of security schemes of the type `{other}`"),
                "say `http`, `apiKey`, `oauth2` or `openIdConnect`",
            ));
        }
    };
    let name = scheme.name;
    Ok(quote!(SecurityScheme { name: #name, kind: #kind }))
}

/// One operation.
pub(super) fn item(file: &mut RustFile, model: &Model<'_>, operation: &Operation<'_>) -> Result<()> {
    let ident = names::operation_constant(operation.name);
    let docs = format!(" `{} {}`", operation.method.to_uppercase(), operation.path);
    let value = table(model, operation)?;
    file.push_tokens(
        model.document,
        Some(&operation.place.pointer),
        quote! {
            #[doc = #docs]
            pub const #ident: Operation = #value;
        },
    )
}

/// What stands after the operations.
pub(super) fn tail(file: &mut RustFile, model: &Model<'_>) -> Result<()> {
    let all = model.operations.iter().map(|operation| names::operation_constant(operation.name));
    file.push_tokens(
        model.document,
        Some("/paths"),
        quote! {
            /// Every operation, in the document's order.
            pub static OPERATIONS: &[Operation] = &[#(#all),*];
        },
    )
}

fn table(model: &Model<'_>, operation: &Operation<'_>) -> Result<TokenStream> {
    let Operation { id, path, place, .. } = operation;
    let method = names::ident(&operation.method.to_uppercase());
    let tags = place.texts("tags");
    let text = |key| option(place.text(key));
    let (summary, description) = (text("summary"), text("description"));
    let (view_name, since) = (text("x-view-name"), text("x-since"));
    let security = operation.security.iter().map(|alternative| {
        let requirements = alternative.iter().map(|document::Requirement { scheme, scopes }| {
            quote!(Requirement { scheme: #scheme, scopes: &[#(#scopes),*] })
        });
        quote!(&[#(#requirements),*])
    });
    let parameters = operation.parameters.iter().map(parameter).collect::<Result<Vec<_>>>()?;
    let body = operation.body.as_ref().map(|body| {
        let (required, content_types) = (body.required, &body.content_types);
        let content = content(model, &body.media)?;
        Ok(quote!(Body { content: #content, required: #required, content_types: &[#(#content_types),*] }))
    });
    let body = option(body.transpose()?);
    let responses =
        operation.responses.iter().map(|known| response(model, known)).collect::<Result<Vec<_>>>()?;
    let observed =
        operation.observed.iter().map(|known| response(model, known)).collect::<Result<Vec<_>>>()?;
    let pointer = format!("#{}", place.pointer);
    let rest = option(rest::of(operation).map(|rest| rest.to_string()));
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
            rest: #rest,
        }
    })
}

fn parameter(parameter: &Parameter<'_>) -> Result<TokenStream> {
    let Parameter { name, place, .. } = parameter;
    let location = names::ident(match parameter.location {
        Location::Path => "Path",
        Location::Query => "Query",
        Location::Header => "Header",
        Location::Cookie => "Cookie",
    });
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
    let rule = parameter_rule(parameter)?;
    let required = place.flag("required");
    let (description, since) = (option(place.text("description")), option(place.text("x-since")));
    let schema = place.written("schema").map_or_else(|| "{}".to_owned(), |schema| plain(&schema).to_string());
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

/// The rule for a parameter: what is neither a scalar nor a list of scalars is text.
fn parameter_rule(parameter: &Parameter<'_>) -> Result<TokenStream> {
    let text = || Ok(quote!(Rule::Text(Text::ANY)));
    let Some(schema) = &parameter.schema else { return text() };
    match (Named::of(schema), parameter.separator) {
        (Some(Named::Object | Named::Union | Named::Map), _) => text(),
        (Some(Named::List), Some(separator)) => {
            let list = list(schema)?;
            Ok(quote!(Rule::Joined { list: &#list, separator: #separator }))
        }
        _ => rule(schema),
    }
}

fn response(model: &Model<'_>, response: &Response<'_>) -> Result<TokenStream> {
    let Response { status, description, media } = response;
    let status = Literal::u16_unsuffixed(*status);
    let content = option(media.as_ref().map(|media| content(model, media)).transpose()?);
    Ok(quote!(Response { status: #status, description: #description, content: #content }))
}

fn content(model: &Model<'_>, media: &Media<'_>) -> Result<TokenStream> {
    let rule = match &media.schema {
        Some(schema) if media.is_typed() => value_rule(schema)?,
        _ => quote!(Rule::Any),
    };
    let (media_type, schema) = (media.content_type, media.schema_text(model.read));
    Ok(quote!(Content { media_type: #media_type, rule: #rule, schema: #schema }))
}

/// The frame of the document, with the security schemes, which are no schemas, and what is said of components and paths
/// and dropshot has no words for.
fn frame(model: &Model<'_>) -> Value {
    let mut frame = Map::new();
    for key in FRAME {
        if let Some(place) = model.root.written(key) {
            frame.insert(key.to_owned(), plain(&place));
        }
    }
    let mut components = Map::new();
    let written = model.root.written("components");
    if let Some(schemes) = written.and_then(|components| components.written("securitySchemes")) {
        components.insert("securitySchemes".to_owned(), plain(&schemes));
    }
    let schemas = rest::of_components(&model.root);
    if !schemas.is_empty() {
        components.insert("schemas".to_owned(), Value::Object(schemas));
    }
    if !components.is_empty() {
        frame.insert("components".to_owned(), Value::Object(components));
    }
    let paths = rest::of_paths(&model.root);
    if !paths.is_empty() {
        frame.insert("paths".to_owned(), Value::Object(paths));
    }
    Value::Object(frame)
}
