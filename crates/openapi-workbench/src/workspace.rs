//! A workspace generated from a document: its generated crates, their manifests and what they depend on.
//!
//! Everything here is text. Writing it to a disk is up to the caller.

mod manifest;
mod package;
mod prose;
mod round_trip;
mod runtime;
mod vendor;

use openapi_bindings::GeneratedFile;
use openapi_document::{Document, yaml_writer};

use crate::generator::{self, Config, Part, Progress};
use crate::name::Name;
use crate::shell;
use crate::stamp::{self, Style, stamped};
pub use round_trip::ROUND_TRIP;
pub use runtime::{RuntimeCrate, RuntimeSource, beside, missing_runtime};
pub use vendor::{Compared, VENDOR, compare_vendored, vendored_files};

/// The path of the document in a workspace.
pub const DOCUMENT: &str = "spec/openapi.yaml";

/// The command that generates a workspace, from within it.
const COMMAND: &str = "openapi-workbench generate spec/openapi.yaml --out .";

/// A workspace to be generated from a document.
#[derive(Clone, Debug)]
pub struct Workspace {
    document: Document,
    /// The text that the workspace keeps of the document.
    text: String,
    name: Name,
    parts: Vec<Part>,
    runtime: RuntimeSource,
    /// The command that regenerates the workspace.
    command: String,
    /// The directory with the crate that round trips need, relative to the workspace, if it is to make them.
    round_trip: Option<String>,
}

impl Workspace {
    /// Describes the workspace for `whole`, or for the `part` that is wanted of it. Its crates are called `name`, or what
    /// the title of the document suggests.
    ///
    /// # Errors
    /// Fails if neither gives a name that crates can have. The message says what to do.
    pub fn new(
        whole: &Document,
        part: Option<Document>,
        name: Option<&str>,
        parts: &[Part],
        runtime: RuntimeSource,
    ) -> Result<Self, String> {
        let command = command(name, parts, &runtime);
        let name = name.map_or_else(|| Name::of(whole), Name::parse)?;
        let text = document_text(whole, part.as_ref());
        let document = part.unwrap_or_else(|| whole.clone()).with_origin_label(DOCUMENT, &text);
        let mut wanted = vec![Part::Types];
        wanted.extend(parts.iter().copied().filter(|part| *part != Part::Types));
        Ok(Workspace { document, text, name, parts: wanted, runtime, command, round_trip: None })
    }

    /// Adds a program in which the client calls the server. `directory`, relative to the workspace, has the crate
    /// [`ROUND_TRIP`] that it depends on.
    #[must_use]
    pub fn with_round_trip(mut self, directory: String) -> Self {
        self.command.push_str(" --round-trip");
        self.round_trip = Some(directory);
        self
    }

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

/// Returns the command that regenerates a workspace, from within it.
fn command(name: Option<&str>, parts: &[Part], runtime: &RuntimeSource) -> String {
    let one = |text: Option<&str>| text.map(str::to_owned).into_iter().collect::<Vec<_>>();
    let only = if parts == Part::ALL { Vec::new() } else { parts.iter().map(|part| part.name()).collect() };
    let mut command = shell::command(
        COMMAND,
        &[
            ("--name", &one(name)),
            ("--only", &one(Some(only.join(",").as_str()).filter(|only| !only.is_empty()))),
            ("--runtime-path", &one(runtime.explicit_path())),
        ],
    );
    if *runtime == (RuntimeSource::Vendored { is_explicit: true }) {
        command.push_str(" --vendor");
    }
    command
}

/// Returns the text of a document as a workspace keeps it: as it is if it is YAML and wanted whole, else as YAML.
fn document_text(whole: &Document, part: Option<&Document>) -> String {
    let text = whole.text();
    let is_json = || text.starts_with('{') && serde_json::from_str::<serde_json::Value>(text).is_ok();
    match part {
        Some(part) => yaml_writer::document(&part.written()),
        None if is_json() => yaml_writer::document(&whole.written()),
        None => stamp::without(text).to_owned(),
    }
}
