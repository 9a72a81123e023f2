//! A method of the client for each operation, which starts its builder.

use quote::{format_ident, quote};

use crate::rust::RustFile;
use crate::syntax::documentation::attributes;
use crate::words;
use openapi_document::error::Result;
use openapi_document::model::Model;

/// Adds the methods to `file`, which has the module `builder`.
pub(super) fn push(file: &mut RustFile, model: &Model<'_>) -> Result<()> {
    for operation in &model.operations {
        let (answers, _) = words::of_answers(model, operation);
        let more = words::of_arguments(model, operation).into_iter().chain([answers]);
        let about = attributes(&words::of_operation(model, operation, more));
        let (name, builder) = (format_ident!("{}", operation.rust), format_ident!("{}", operation.builder));
        let item = quote! {
            impl Client {
                #(#about)*
                pub fn #name(&self) -> builder::#builder<'_> {
                    builder::#builder::new(self)
                }
            }
        };
        file.push_tokens(model.document, Some(&operation.pointer), item)?;
    }
    Ok(())
}
