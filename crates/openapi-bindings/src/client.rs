//! The client as files: its construction, and a method and a builder per operation.
//!
//! They are written against `openapi-client-runtime`, which the crate that holds them depends on. That crate has the feature
//! `blocking`, which turns on that of the runtime.

mod builders;
mod construction;
mod methods;
mod operations;
mod pages;
mod security;
mod shapes;
mod signatures;
#[cfg(test)]
mod tests;
mod tokens;

use quote::quote;

use crate::bindings::{self, Bindings};
use crate::generated_file::GeneratedFile;
use crate::groups::Groups;
use crate::rust::{RustFile, not_rust};
use openapi_document::error::Result;
use openapi_document::model::Model;
pub use pages::Pages;

/// Where the files go, and what they use.
#[derive(Clone, Debug)]
pub struct Config {
    /// The directory of the crate's sources, such as `crates/pets-client/src`.
    pub directory: String,
    /// The crate that holds the wire types, such as `pets_types`.
    pub types: String,
    /// How lists are paged, if they are.
    pub pages: Option<Pages>,
    /// The dialect of the server: the path of a constant, such as `crate::dialect::PETS`; the runtime's `Plain` unless
    /// given.
    pub dialect: Option<String>,
}

/// Generates the files of the client.
///
/// # Errors
/// If the document holds what cannot be generated.
pub fn generate(model: &Model<'_>, config: &Config) -> Result<Vec<GeneratedFile>> {
    files(model, &mut bindings::generate(model)?, config)
}

/// Writes the files of the client from the `bindings` of a document, which are no longer there afterwards.
///
/// # Errors
/// If lists are paged, but none is in the way that `config` says.
pub fn files(model: &Model<'_>, bindings: &mut Bindings, config: &Config) -> Result<Vec<GeneratedFile>> {
    let document = model.document;
    let signatures = signatures::read(model, &std::mem::take(&mut bindings.builders));
    let types: syn::Path = syn::parse_str(&config.types).map_err(|fault| not_rust(document, "", &fault))?;
    let mut root = RustFile::new("A method for each operation of the document, which starts its builder.")
        .allow("clippy::all, clippy::pedantic");
    let head = quote! {
        const _: () = ::openapi_client_runtime::generated_for(5);
        #[rustfmt::skip]
        pub mod builder;
        #[rustfmt::skip]
        mod construction;
        #[rustfmt::skip]
        pub(crate) mod operations;
        #[rustfmt::skip]
        pub(crate) mod shapes;
        pub use construction::{Client, ClientBuilder};
        #[cfg(feature = "blocking")]
        pub use ::openapi_client_runtime::blocking;
        pub use ::openapi_client_runtime::{
            Answer, Attempt, Body, CallOptions, Drift, DriftKind, DriftReport, Error, FieldError, FieldErrors,
            Method, OtherRequest, Requirement, ResponseValue, Retries, StatusCode, header,
        };
        pub use #types as types;
    };
    root.push_tokens(document, None, head)?;
    methods::push(&mut root, model)?;
    let builder = builders::file(model, &signatures, config.pages.as_ref())?;

    let groups = Groups::of(model);
    let finish =
        |file: RustFile, name: &str| file.finish_in_groups(&format!("{}/{name}", config.directory), &groups);
    let essential = config.pages.as_ref().map(|pages| pages.results.as_str());
    let construction = construction::file(model, config.dialect.as_deref())?
        .finish(format!("{}/generated/construction.rs", config.directory));
    let files = [
        vec![construction],
        finish(root, "generated.rs"),
        finish(builder, "generated/builder.rs"),
        finish(operations::file(model)?, "generated/operations.rs"),
        finish(shapes::file(model, essential)?, "generated/shapes.rs"),
    ];
    Ok(files.into_iter().flatten().collect())
}
