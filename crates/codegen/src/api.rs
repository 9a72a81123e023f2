//! The server side as files: the service trait and what stands between it and a request.
//!
//! The crate that holds the files has the runtime they are written against: the modules `dispatch`, `failure`,
//! `filters`, `host`, `operation`, `query_rules`, `registration`, `request`, `schema` and `service`.

mod bodies;
mod dispatch;
mod errors;
mod model;
mod names;
mod operations;
mod place;
mod queries;
mod registration;
mod rules;
mod schemas;
mod service;

use quote::quote;

use crate::document::Document;
use crate::error::Result;
use crate::generated_file::GeneratedFile;
use crate::rust::RustFile;
use model::Model;

/// Where the files go, what they use, and how they are made anew.
#[derive(Clone, Debug)]
pub struct Config {
    /// The directory of the crate's sources, such as `crates/api/src`.
    pub directory: String,
    /// The crate that holds the wire types, such as `pets_types`.
    pub types: String,
    /// The command that makes the files anew.
    pub command: String,
}

/// One file: what it is for, and what fills it.
type Part = (&'static str, &'static str, fn(&mut RustFile, &Model<'_>) -> Result<()>);

const PARTS: [Part; 7] = [
    ("schemas", "The components of the document as tables of rules.", schemas::push),
    ("operations", "The operations of the document as a table.", operations::push),
    ("queries", "The query parameters of each operation as a type.", queries::push),
    ("errors", "What each operation can fail with.", errors::push),
    ("service", "The service trait: a method for each operation.", service::push),
    ("dispatch", "From an operation of the table to a method of the service.", dispatch::push),
    (
        "registration",
        "An endpoint for each operation, and its types as they are documented.",
        registration::push,
    ),
];

/// The files of the server side of `document`.
///
/// # Errors
/// If the document holds what cannot be generated.
pub fn generate(document: &Document, config: &Config) -> Result<Vec<GeneratedFile>> {
    let model = Model::new(document, &config.types)?;
    let mut root = RustFile::new(
        "The document's operations: their descriptions, their types and the trait that answers them.",
    );
    for (name, ..) in PARTS {
        let module = names::ident(name);
        root.push_tokens(
            document,
            None,
            quote! {
                #[rustfmt::skip]
                pub mod #module;
            },
        )?;
    }
    let mut files =
        vec![root.finish(format!("{}/generated.rs", config.directory), document, &config.command)];
    for (name, docs, push) in PARTS {
        let mut file = RustFile::new(docs).allow("unused_imports").allow("clippy::all, clippy::pedantic");
        push(&mut file, &model)?;
        let path = format!("{}/generated/{name}.rs", config.directory);
        files.push(file.finish(path, document, &config.command));
    }
    Ok(files)
}
