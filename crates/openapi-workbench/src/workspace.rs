//! A workspace generated from a document: its generated crates, their `Cargo.toml` and what they depend on.
//!
//! Everything here is text. Writing it to a disk is up to the caller.

mod cargo_toml;
mod description;
mod package;
mod prose;
mod round_trip;
mod runtime;
mod toml;
mod vendor;

use openapi_bindings::GeneratedFile;
use openapi_bindings::generated_file::NOTE;
use openapi_document::Error;
use openapi_document::model::Model;

use crate::generator::{self, Config, Progress};
pub(crate) use description::command;
pub use description::{DOCUMENT, Workspace};
pub use round_trip::ROUND_TRIP;
pub use runtime::{RuntimeCrate, RuntimeSource, VENDOR, beside, missing_runtime};
pub use vendor::vendored_files;

/// The beginning and the end of a comment: in Rust, in TOML and YAML, and in Markdown.
const SLASHES: [&str; 2] = ["// ", ""];
const HASH: [&str; 2] = ["# ", ""];
const MARKUP: [&str; 2] = ["<!-- ", " -->"];

impl Workspace {
    /// Generates every file of the workspace.
    ///
    /// # Errors
    /// Fails if the document holds something that cannot be generated.
    pub fn files(&self, progress: Progress<'_>) -> Result<Vec<GeneratedFile>, Error> {
        let model = Model::of(&self.document);
        let config = Config { parts: self.parts.clone(), ..Config::for_document(&model, &self.name) };
        let mut files = generator::generate(&model, &config, progress)?;
        if self.round_trip.is_some() {
            progress("generating the round trip");
            files.extend(round_trip::files(self, &model, &files)?);
        }
        let packages = package::packages(&self.name, &files);
        // People edit it and generate from it, so it has no note.
        files.push(GeneratedFile { path: DOCUMENT.to_owned(), text: self.text.clone() });
        files.push(noted(".gitignore", HASH, "/target\n"));
        files.push(noted("README.md", MARKUP, &prose::workspace(self, &packages)));
        files.push(noted("Cargo.toml", HASH, &cargo_toml::workspace(self)));
        for package in &packages {
            let path = |file: &str| format!("crates/{}/{file}", package.name);
            let manifest = cargo_toml::package(self, package, &packages);
            files.push(noted(&path("Cargo.toml"), HASH, &manifest));
            files.push(noted(&path("README.md"), MARKUP, &prose::package(self, package)));
            files.push(noted(&path(package.root_file()), SLASHES, &package.root(self, &packages)));
        }
        if self.runtime.is_vendored() {
            files.push(noted(&format!("{VENDOR}/README.md"), MARKUP, prose::VENDORED));
            files.extend(RuntimeCrate::needed(&self.parts).flat_map(vendored_files));
        }
        Ok(files)
    }
}

/// Returns a file of `text` below the note that it is generated.
fn noted(path: &str, comment: [&str; 2], text: &str) -> GeneratedFile {
    let [begin, end] = comment;
    GeneratedFile { path: path.to_owned(), text: format!("{begin}{NOTE}{end}\n\n{text}") }
}
