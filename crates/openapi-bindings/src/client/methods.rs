//! A method of the client for each operation, which starts its builder.

use quote::{format_ident, quote};

use crate::rust::RustFile;
use crate::syntax::documentation::attributes;
use crate::words;
use openapi_document::error::Result;
use openapi_document::model::{Model, Operation};

/// Adds the methods to `file`, which has the module `builder`.
pub(super) fn push(file: &mut RustFile, model: &Model<'_>) -> Result<()> {
    let (root, names) = (model.document.value(), model.names());
    for operation in &model.operations {
        let Operation { pointer, method, path, .. } = operation;
        let arguments = words::of_arguments(root, pointer, names);
        let answers = words::of_answers(root, pointer, names).map(|(good, _)| good);
        let about = words::of_operation(root, pointer, (method, path), arguments.into_iter().chain(answers));
        let about = attributes(&about.unwrap_or_default());
        let (name, builder) = (format_ident!("{}", operation.rust), format_ident!("{}", operation.builder));
        let item = quote! {
            impl Client {
                #(#about)*
                pub fn #name(&self) -> builder::#builder<'_> {
                    builder::#builder::new(self)
                }
            }
        };
        file.push_tokens(model.document, Some(pointer), item)?;
    }
    Ok(())
}
