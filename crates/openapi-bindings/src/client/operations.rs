//! What the runtime has to know of each operation, as tables.

use quote::{format_ident, quote};
use serde_json::Value;

use super::{security, shapes};
use crate::rust::RustFile;
use openapi_document::document::Document;
use openapi_document::error::Result;
use openapi_document::operations::operations;
use openapi_document::pointer::escape;

/// Writes a static for each operation.
pub(super) fn file(document: &Document) -> Result<RustFile> {
    let mut file = RustFile::new("What the runtime has to know of each operation.")
        .allow("dead_code, non_upper_case_globals, unused_imports")
        .allow("clippy::all, clippy::pedantic");
    let head = quote! {
        use ::openapi_client_runtime::codegen::{Operation, Pattern, Requirement, Shape, reads};
        use super::shapes;
    };
    file.push_tokens(document, None, head)?;
    for (path, method, operation) in operations(document.value()) {
        let Some(id) = operation.get("operationId").and_then(Value::as_str) else { continue };
        let constant = format_ident!("{}", document.names().operation_constant(id));
        let method_name = method.to_ascii_uppercase();
        let shape = shapes::answer(document.value(), operation)
            .map(|schema| shapes::shape(document, schema, &quote!(shapes::)));
        let answer = shape.map_or_else(|| quote!(None), |shape| quote!(Some(#shape)));
        let security = security::alternatives(document, operation);
        let item = quote! {
            pub(crate) static #constant: Operation = Operation {
                id: #id,
                method: #method_name,
                path: #path,
                answer: #answer,
                security: #security,
            };
        };
        file.push_tokens(document, Some(&format!("/paths/{}/{method}", escape(path))), item)?;
    }
    Ok(file)
}
