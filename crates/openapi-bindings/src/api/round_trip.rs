//! A program that has the generated client call the generated server, and compares what passes between them.
//!
//! It is written against the crate `openapi-round-trip`. The samples that it sends and answers are in it.

mod calls;
mod client;
mod crates;
mod plan;
mod service;

use quote::quote;

use super::model::Model;
use super::{declare, names};
use crate::generated_file::GeneratedFile;
use crate::rust::{RustFile, not_rust};
use client::Builders;
use crates::Crates;
use openapi_document::error::Result;

/// Where the files go, what they use, and how they are made anew.
#[derive(Clone, Debug)]
pub struct Config {
    /// The directory of the crate's sources, such as `crates/pets-round-trip/src`.
    pub directory: String,
    /// The crate that holds the wire types, such as `pets_types`.
    pub types: String,
    /// The crate that holds the client, such as `pets_client`.
    pub client: String,
    /// The crate that holds the server side, such as `pets_api`.
    pub api: String,
}

/// Returns the files of the program for a document, whose client is in the files `generated`.
///
/// # Errors
/// If the document holds what cannot be generated, or there is no client.
pub fn generate(
    read: &openapi_document::model::Model<'_>,
    generated: &[GeneratedFile],
    config: &Config,
) -> Result<Vec<GeneratedFile>> {
    let document = read.document;
    let path = |name: &str| syn::parse_str(name).map_err(|fault| not_rust(document, "", &fault));
    let crates =
        Crates { types: path(&config.types)?, client: path(&config.client)?, api: path(&config.api)? };
    let model = Model::new(read, &config.types)?;
    let builders = Builders::read(generated).map_err(|fault| not_rust(document, "", &fault))?;
    let mut root = RustFile::new("The operations, how the client calls them, and how the server answers.");
    declare(&mut root, &model, &quote!(), ["calls", "operations", "service"].into_iter().map(names::ident))?;
    root.push_tokens(
        document,
        None,
        quote! {
            pub use self::calls::{call, with_credentials};
            pub use self::operations::OPERATIONS;
            pub use self::service::Answers;
        },
    )?;
    let finish = |file: RustFile, path: &str| file.finish(format!("{}/{path}.rs", config.directory));
    Ok(vec![
        finish(root, "generated"),
        finish(calls::file(&model, &crates, &builders)?, "generated/calls"),
        finish(plan::file(&model, &builders)?, "generated/operations"),
        finish(service::file(&model, &crates)?, "generated/service"),
    ])
}
