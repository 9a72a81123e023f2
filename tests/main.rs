#![forbid(unsafe_code)]
//! Proofs that cross crates; each module is one of them.

// Clippy lets tests unwrap; what serves them counts as theirs only where it says so.
#![cfg(test)]

mod agreement;
mod annotations;
mod circles;
mod client;
mod components;
mod conformance;
mod crates;
mod drift;
mod examples;
mod exchanges;
mod fresh;
mod import;
mod limits;
mod pages;
mod public_api;
mod readme;
mod replay;
mod round_trip;
mod schema;
mod security;
mod sources;
mod tables;
mod walk;
mod wire;

use std::path::PathBuf;
use std::sync::OnceLock;

use authentik_sources_api::OPERATIONS;
use openapi_document::Document;
use openapi_server_runtime::operation::Operation;

/// Returns the root of the repository.
fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Returns the canonical document.
fn document() -> &'static Document {
    static DOCUMENT: OnceLock<Document> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let text =
            std::fs::read_to_string(repository().join("spec/openapi.yaml")).expect("the document is there");
        Document::parse("spec/openapi.yaml", &text).unwrap_or_else(|error| panic!("{error}"))
    })
}

/// Returns the operation of that id.
fn operation(id: &str) -> &'static Operation {
    OPERATIONS.iter().find(|operation| operation.id == id).unwrap_or_else(|| panic!("no operation {id}"))
}
