//! Runs the generators of `openapi-bindings` on one document: types, client and api, in crates below `crates/`.

use std::panic::resume_unwind;
use std::thread;

use openapi_bindings::client::Pages;
use openapi_bindings::{GeneratedFile, api, bindings, client, types};
use openapi_document::Result;
use openapi_document::model::Model;

use crate::name::Name;

/// The number of steps that [`generate`] reports.
pub const STEPS: u64 = 4;

/// A part that can be generated from a document. Each includes the types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Part {
    /// A Rust type for every component
    Types,
    /// A client with a builder for every operation, and the types
    Client,
    /// A service trait with a method for every operation, and the types
    Api,
}

impl Part {
    /// Every part there is.
    pub const ALL: [Part; 3] = [Part::Types, Part::Client, Part::Api];

    /// Returns its name, as in the names of crates.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Part::Types => "types",
            Part::Client => "client",
            Part::Api => "api",
        }
    }
}

/// Receives the name of each step when it begins.
pub type Progress<'a> = &'a dyn Fn(&'static str);

/// The options of the generators.
#[derive(Clone, Debug)]
pub struct Config {
    /// The parts to generate. The types are always among them.
    pub parts: Vec<Part>,
    /// The beginning of the names of the crates' folders, such as `pets-`.
    pub prefix: String,
    /// The crate of the wire types, as Rust calls it.
    pub types: String,
    /// The crate of the types that several tags share, if a large document may become several crates.
    pub base: Option<String>,
    /// The form in which lists are paged, if they are.
    pub pages: Option<Pages>,
    /// The dialect of the server for clients: the path of a constant in Rust, if it is not the plain one.
    pub dialect: Option<String>,
}

impl Config {
    /// Returns a configuration for all parts that suits any document. Paging is detected.
    #[must_use]
    pub fn for_document(model: &Model<'_>, name: &Name) -> Self {
        Config {
            parts: Part::ALL.to_vec(),
            prefix: format!("{name}-"),
            base: Some(name.ident("types-base")),
            types: name.ident("types"),
            pages: Pages::of(model),
            dialect: None,
        }
    }
}

/// Generates every file of the crates below `crates/`.
///
/// # Errors
/// Fails if the document holds something that cannot be generated.
pub fn generate(model: &Model<'_>, config: &Config, progress: Progress<'_>) -> Result<Vec<GeneratedFile>> {
    let Config { parts, prefix, types, base, pages, dialect } = config.clone();
    let directory = |name: &str| format!("crates/{prefix}{name}/src");
    let server =
        parts.contains(&Part::Api).then(|| api::Config { directory: directory("api"), types: types.clone() });
    thread::scope(|scope| {
        // The server side needs nothing that progenitor makes.
        let server = server.map(|config| scope.spawn(move || api::generate(model, &config)));
        progress("generating with progenitor");
        let mut bindings = match bindings::generate(model) {
            Ok(bindings) => bindings,
            Err(error) => {
                // What both stop at is told in one run.
                let other = server
                    .and_then(|server| server.join().unwrap_or_else(|panic| resume_unwind(panic)).err());
                return Err(error.and(other));
            }
        };
        progress("writing the types");
        let config = types::Config { directory: directory("types"), base };
        let mut files = types::files(model, &mut bindings, &config)?;
        if parts.contains(&Part::Client) {
            progress("writing the client");
            let config = client::Config { directory: directory("client"), types, pages, dialect };
            files.extend(client::files(model, &mut bindings, &config)?);
        }
        if let Some(server) = server {
            progress("generating the server side");
            files.extend(server.join().unwrap_or_else(|panic| resume_unwind(panic))?);
        }
        Ok(files)
    })
}
