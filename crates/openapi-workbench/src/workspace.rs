//! A workspace generated from a document: its generated crates, their manifests and what they depend on.
//!
//! Everything here is text. Writing it to a disk is up to the caller.

mod description;
mod manifest;
mod package;
mod prose;
mod round_trip;
mod runtime;
mod toml;
mod vendor;

use openapi_bindings::GeneratedFile;

use crate::generator::{self, Config, Progress};
use crate::stamp::{Style, stamped};
pub use description::{DOCUMENT, Workspace};
pub use round_trip::ROUND_TRIP;
pub use runtime::{RuntimeCrate, RuntimeSource, VENDOR, beside, missing_runtime};
pub use vendor::{Compared, compare_vendored, vendored_files};

impl Workspace {
    /// Generates every file of the workspace, but for the vendored ones.
    ///
    /// # Errors
    /// Fails if the document holds something that cannot be generated. The message is for the terminal.
    pub fn files(&self, progress: Progress<'_>, color: bool) -> Result<Vec<GeneratedFile>, String> {
        let config = Config {
            parts: self.parts.clone(),
            ..Config::for_document(&self.document, &self.name, self.command.clone())
        };
        let mut files =
            generator::generate(&self.document, &config, progress).map_err(|error| error.render(color))?;
        if self.round_trip.is_some() {
            progress("generating the round trip");
            files.extend(round_trip::files(self, &files).map_err(|error| error.render(color))?);
        }
        let packages = package::packages(&self.name, &files);
        files.push(self.stamped(DOCUMENT, Style::Hash, &self.text));
        files.push(self.stamped(".gitignore", Style::Hash, "/target\n"));
        files.push(self.stamped("README.md", Style::Markup, &prose::workspace(self, &packages)));
        files.push(self.stamped("Cargo.toml", Style::Hash, &manifest::workspace(self)));
        for package in &packages {
            let path = |file: &str| format!("crates/{}/{file}", package.name);
            let manifest = manifest::package(self, package, &packages);
            files.push(self.stamped(&path("Cargo.toml"), Style::Hash, &manifest));
            files.push(self.stamped(&path("README.md"), Style::Markup, &prose::package(self, package)));
            files.push(self.stamped(
                &path(package.root_file()),
                Style::Slashes,
                &package.root(self, &packages),
            ));
        }
        if self.runtime.is_vendored() {
            let path = format!("{VENDOR}/README.md");
            files.push(self.stamped(&path, Style::Markup, prose::VENDORED));
        }
        Ok(files)
    }

    /// Returns the files of the runtime crates that the workspace carries; none unless it has to.
    #[must_use]
    pub fn vendored(&self) -> Vec<GeneratedFile> {
        if !self.runtime.is_vendored() {
            return Vec::new();
        }
        RuntimeCrate::needed(&self.parts).flat_map(vendored_files).collect()
    }

    fn stamped(&self, path: &str, style: Style, text: &str) -> GeneratedFile {
        GeneratedFile { path: path.to_owned(), text: stamped(style, &self.document, &self.command, text) }
    }
}
