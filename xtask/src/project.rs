//! This workspace's own paths, and what the generators have to know of its document.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use openapi_bindings::GeneratedFile;
use openapi_bindings::client::Pages;
use openapi_bindings::generated_file::GENERATORS;
use openapi_document::Document;
use openapi_document::model::Model;
use openapi_workbench::disk::{self, Comparison, Digest, Inputs, Origin};
use openapi_workbench::generator::{self, Config, Part, Progress};
use openapi_workbench::text::{self, Unread};

/// The document everything is generated from.
pub const DOCUMENT: &str = "spec/openapi.yaml";

/// The command that regenerates the files.
pub const COMMAND: &str = "cargo xtask generate";

/// The program that these commands belong to.
pub const PROGRAM: &str = "cargo xtask";

/// Returns the root of the workspace that cargo runs this in, or that it was built from. Workspaces that share a target
/// directory, such as a copy of this one, also share the program.
#[must_use]
pub fn root() -> PathBuf {
    let run_in = std::env::var_os("CARGO_MANIFEST_DIR");
    let here = run_in.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent().map(PathBuf::from).unwrap_or(here)
}

/// Reads the document of the workspace at `root`.
///
/// # Errors
/// Fails if it is not there or not valid. The message says what to do.
pub fn document(root: &Path, color: bool) -> Result<Document, String> {
    let path = root.join(DOCUMENT);
    let text = text::read(&path).map_err(|unread| {
        let help = if matches!(unread, Unread::File(_)) { "put the document there" } else { text::HELP };
        format!("cannot read {}: {unread}\n  help: {help}", path.display())
    })?;
    Document::parse(DOCUMENT, &text).map_err(|error| error.render(color))
}

/// Returns what the generators have to know of this workspace's document.
#[must_use]
pub fn config() -> Config {
    Config {
        parts: Part::ALL.to_vec(),
        prefix: "authentik-sources-".to_owned(),
        types: "authentik_sources_types".to_owned(),
        base: None,
        pages: Some(Pages {
            parameter: "page".to_owned(),
            results: "results".to_owned(),
            next: vec!["pagination".to_owned(), "next".to_owned()],
        }),
        dialect: Some("crate::dialect::AUTHENTIK".to_owned()),
    }
}

/// Generates every file of this workspace's crates from the `model` of its document.
///
/// # Errors
/// Fails if the document holds something that cannot be generated. The message is for the terminal.
pub fn files(model: &Model<'_>, progress: Progress<'_>, color: bool) -> Result<Vec<GeneratedFile>, String> {
    generator::generate(model, &config(), progress).map_err(|error| error.render(color))
}

/// Compares the workspace at `root` with the `files` that were generated for it from `document`.
///
/// Its manifest does not say which sources the generator was built from, since they are beside it and change all the time.
/// So it never tells that nothing need be generated.
///
/// # Errors
/// Fails if a file cannot be read, or if the manifest is not valid. The message says what to do.
pub fn compare<'a>(
    root: &'a Path,
    document: &Document,
    files: &'a [GeneratedFile],
) -> Result<Comparison<'a>, String> {
    let generator = GENERATORS.map(|(name, version)| (name.to_owned(), version.to_owned()));
    let origin = Origin {
        generator: BTreeMap::from(generator),
        options: BTreeMap::from([("command".to_owned(), COMMAND.to_owned())]),
        inputs: Inputs { document: Digest::of(document.text().as_bytes()), ..Inputs::default() },
    };
    disk::compare(root, files, origin).map_err(|error| error.to_string())
}
