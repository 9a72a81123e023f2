//! Emits the table of operations: a constant for each, and the list of all.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, ItemConst, parse_quote};

use crate::rust::RustFile;
use openapi_document::error::Result;

use super::model::{Model, Operation};
use super::names;
use super::print::print;
use super::schemas;

pub(super) const IMPORTS: fn(&Model<'_>) -> TokenStream = |_| {
    quote! {
        use http::Method;

        use openapi_server_runtime::credentials::{Requirement, SchemeKind, SecurityScheme};
        use openapi_server_runtime::media::Form;
        use openapi_server_runtime::operation::{
            Body, Content, Encoding, Location, Operation, Parameter, Response, Role, Style,
        };
        use openapi_server_runtime::schema::{
            Additional, Bound, Choice, Field, Integer, ItemTraits, Key, List, Map, Member, Message, Number, ObjectSchema, Rule, Size, Text,
            To, Union,
        };
        use openapi_server_runtime::tables::{Component, Tables};
        use crate::generated::schemas;
    }
};

/// Adds what stands before the operations.
pub(super) fn head(file: &mut RustFile, model: &Model<'_>) -> Result<()> {
    let (base, frame) = (model.tables.base_path, model.tables.frame);
    let document = model.document.value().to_string();
    file.push_tokens(
        model.document,
        Some("/servers/0/url"),
        quote! {
            /// The path all operations are below.
            pub const BASE_PATH: &str = #base;
        },
    )?;
    let components = schemas::list(model);
    file.push_tokens(
        model.document,
        None,
        quote! {
            /// All tables of the document.
            pub static TABLES: Tables = Tables {
                operations: OPERATIONS,
                base_path: BASE_PATH,
                security_schemes: SECURITY_SCHEMES,
                components: #components,
                frame: #frame,
            };
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
                const TABLES: &'static Tables = &TABLES;
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
    let schemes = print(model.document, &model.tables.security_schemes)?;
    file.push_tokens(
        model.document,
        Some("/components/securitySchemes"),
        quote! {
            /// The security schemes, in the document's order.
            pub static SECURITY_SCHEMES: &[SecurityScheme] = #schemes;
        },
    )
}

/// Returns one operation.
pub(super) fn item(file: &mut RustFile, model: &Model<'_>, operation: &Operation<'_>) -> Result<()> {
    let Some(table) = model.table(operation) else { return Ok(()) };
    let ident = names::operation_constant(operation.name);
    let docs = format!(" {}", names::route(operation));
    let mut item: ItemConst = parse_quote! {
        #[doc = #docs]
        pub const #ident: Operation = ();
    };
    *item.expr = print(model.document, table)?;
    file.push_known(model.document, Some(&operation.place.pointer), [Item::Const(item)]);
    Ok(())
}

/// Adds what stands after the operations.
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
