//! The description of a workspace.

use openapi_document::{Document, yaml_writer};

use super::runtime::RuntimeSource;
use crate::generator::Part;
use crate::name::Name;
use crate::shell;
use crate::text::MARK;

/// The path of the document in a workspace.
pub const DOCUMENT: &str = "spec/openapi.yaml";

/// The command that generates a workspace, from within it.
const COMMAND: &str = "openapi-workbench generate spec/openapi.yaml --out .";

/// A workspace to be generated from a document.
#[derive(Clone, Debug)]
pub struct Workspace {
    pub(super) document: Document,
    /// The text that the workspace keeps of the document.
    pub(super) text: String,
    pub(super) name: Name,
    pub(super) parts: Vec<Part>,
    pub(super) runtime: RuntimeSource,
    /// The command that regenerates the workspace.
    pub(super) command: String,
    /// The directory with the crate that round trips need, relative to the workspace, if it is to make them.
    pub(super) round_trip: Option<String>,
}

impl Workspace {
    /// Describes the workspace for a document, or a part of one. Its crates are called `name`, or what the title of the
    /// document suggests. It keeps the document as `text` has it, unless that is JSON, or there is none because only a part
    /// is wanted or the document refers to other files.
    ///
    /// # Errors
    /// Fails if neither gives a name that crates can have. The message says what to do.
    pub fn new(
        document: Document,
        text: Option<&str>,
        name: Option<&str>,
        parts: &[Part],
        runtime: RuntimeSource,
    ) -> Result<Self, String> {
        let command = command(name, parts, &runtime);
        let name = name.map_or_else(|| Ok(Name::of(&document)), Name::parse)?;
        let text = match text.filter(|text| !is_json(text)) {
            Some(text) => text.to_owned(),
            None => yaml_writer::document(&document.written()),
        };
        let mut wanted = vec![Part::Types];
        wanted.extend(parts.iter().copied().filter(|part| *part != Part::Types));
        Ok(Workspace { document, text, name, parts: wanted, runtime, command, round_trip: None })
    }

    /// Adds a program in which the client calls the server. `directory`, relative to the workspace, has the crate
    /// [`ROUND_TRIP`](super::ROUND_TRIP) that it depends on.
    #[must_use]
    pub fn with_round_trip(mut self, directory: String) -> Self {
        self.command.push_str(" --round-trip");
        self.round_trip = Some(directory);
        self
    }
}

/// Returns the command that regenerates a workspace, from within it.
pub(crate) fn command(name: Option<&str>, parts: &[Part], runtime: &RuntimeSource) -> String {
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

fn is_json(text: &str) -> bool {
    let text = text.trim_start_matches(MARK);
    text.starts_with('{') && serde_json::from_str::<serde_json::Value>(text).is_ok()
}
