//! What this workspace generates: from which document, into which crates.
//!
//! The one place where the general generators meet this document.

use std::collections::BTreeSet;

use openapi_bindings::{Document, GeneratedFile, Result, api, client, types};

/// The document everything is made from.
pub const DOCUMENT: &str = "spec/openapi.yaml";

/// The command that makes the files anew.
pub const COMMAND: &str = "cargo xtask generate";

/// The crate that holds the wire types.
const TYPES: &str = "authentik_sources_types";

/// Passes whose subject this document does not have at present.
const WHEN_PRESENT: [&str; 3] = ["alternative_bodies", "request_defaults", "discriminators"];

/// Every generated file of the workspace.
///
/// # Errors
/// If the document holds what cannot be generated.
pub fn generate(document: &Document) -> Result<Vec<GeneratedFile>> {
    let mut files = types::generate(document, &types_config())?;
    files.extend(client::generate(document, &client_config())?);
    files.extend(api::generate(document, &api_config())?);
    Ok(files)
}

fn types_config() -> types::Config {
    types::Config {
        directory: "crates/types/src".to_owned(),
        command: COMMAND.to_owned(),
        when_present: when_present(),
    }
}

fn client_config() -> client::Config {
    client::Config {
        directory: "crates/client/src".to_owned(),
        types: TYPES.to_owned(),
        pages: Some(client::Pages {
            parameter: "page".to_owned(),
            results: "results".to_owned(),
            next: vec!["pagination".to_owned(), "next".to_owned()],
        }),
        command: COMMAND.to_owned(),
        when_present: when_present(),
    }
}

fn api_config() -> api::Config {
    api::Config {
        directory: "crates/api/src".to_owned(),
        types: TYPES.to_owned(),
        command: COMMAND.to_owned(),
    }
}

fn when_present() -> Vec<String> {
    WHEN_PRESENT.iter().map(|&name| name.to_owned()).collect()
}

/// The directories that hold generated files and nothing else, of `files`.
#[must_use]
pub fn directories(files: &[GeneratedFile]) -> BTreeSet<&str> {
    let parents = files.iter().filter_map(|file| file.path.rsplit_once('/'));
    parents.map(|(directory, _)| directory).filter(|directory| directory.ends_with("/generated")).collect()
}
