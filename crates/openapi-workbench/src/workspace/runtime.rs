//! The runtime crates that generated crates depend on, and where a workspace has them from.

use std::path::{Path, PathBuf};

use include_dir::Dir;

use super::toml::quoted;
use crate::generator::Part;

/// The directory of a workspace that holds vendored crates.
pub const VENDOR: &str = "vendor";

pub(super) const WIRE: &str = "openapi-wire";
pub(super) const CLIENT: &str = "openapi-client-runtime";
pub(super) const SERVER: &str = "openapi-server-runtime";

/// `true` once the runtime crates are available from the registry.
const IS_PUBLISHED: bool = false;

/// A crate that generated crates depend on.
#[derive(Clone, Copy, Debug)]
pub struct RuntimeCrate {
    /// Its name.
    pub name: &'static str,
    /// Its files.
    pub(super) files: &'static Dir<'static>,
    /// The part that needs it.
    part: Part,
}

impl RuntimeCrate {
    /// Every runtime crate.
    pub const ALL: [RuntimeCrate; 3] = [
        RuntimeCrate { name: WIRE, files: &openapi_wire::sources::SOURCES, part: Part::Types },
        RuntimeCrate { name: CLIENT, files: &openapi_client_runtime::sources::SOURCES, part: Part::Client },
        RuntimeCrate { name: SERVER, files: &openapi_server_runtime::sources::SOURCES, part: Part::Api },
    ];

    /// Returns the crates that `parts` need.
    pub fn needed(parts: &[Part]) -> impl Iterator<Item = RuntimeCrate> + '_ {
        Self::ALL.into_iter().filter(|runtime| runtime.part == Part::Types || parts.contains(&runtime.part))
    }

    fn version(self) -> &'static str {
        let manifest = self.files.get_file("Cargo.toml").and_then(|file| file.contents_utf8());
        let mut lines = manifest.unwrap_or_default().lines();
        lines.find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"')).unwrap_or("*")
    }
}

/// The source from which a workspace takes the runtime crates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuntimeSource {
    /// The registry.
    Registry,
    /// A directory that holds them, relative to the workspace.
    Path {
        /// The directory, with `/` between its parts.
        directory: String,
        /// `true` if the user named it, `false` if it was found.
        is_explicit: bool,
    },
    /// The workspace itself, which carries copies.
    Vendored {
        /// `true` if the user asked for it, `false` if there is no other way.
        is_explicit: bool,
    },
}

impl RuntimeSource {
    /// Returns where a workspace has the runtime crates from unless the user says otherwise: from `beside` if they lie
    /// there, else from the registry if they are published, else from itself.
    #[must_use]
    pub fn usual(beside: Option<String>) -> Self {
        match beside {
            Some(directory) => RuntimeSource::Path { directory, is_explicit: false },
            None if IS_PUBLISHED => RuntimeSource::Registry,
            None => RuntimeSource::Vendored { is_explicit: false },
        }
    }

    pub(super) fn is_vendored(&self) -> bool {
        matches!(self, RuntimeSource::Vendored { .. })
    }

    /// Returns where the crates are, in one text.
    pub(crate) fn describe(&self) -> String {
        match self {
            RuntimeSource::Registry => "registry".to_owned(),
            RuntimeSource::Path { directory, .. } => format!("path {directory}"),
            RuntimeSource::Vendored { .. } => "vendored".to_owned(),
        }
    }

    pub(super) fn explicit_path(&self) -> Option<&str> {
        match self {
            RuntimeSource::Path { directory, is_explicit: true } => Some(directory),
            _ => None,
        }
    }

    /// Returns the line of a manifest that names the crate `name`, with more `options`.
    pub(super) fn dependency(&self, name: &str, options: &str) -> String {
        let source = match self {
            RuntimeSource::Registry => {
                let runtime = RuntimeCrate::ALL.into_iter().find(|runtime| runtime.name == name);
                format!("version = {}", quoted(runtime.map_or("*", RuntimeCrate::version)))
            }
            RuntimeSource::Path { directory, .. } => {
                format!("path = {}", quoted(&format!("../../{directory}/{name}")))
            }
            RuntimeSource::Vendored { .. } => format!("path = {}", quoted(&format!("../../{VENDOR}/{name}"))),
        };
        let options = if options.is_empty() { String::new() } else { format!(", {options}") };
        format!("{name} = {{ {source}{options} }}")
    }
}

/// Returns the directory with the runtime crates around `out`, if `out` lies in their repository.
#[must_use]
pub fn beside(out: &Path) -> Option<PathBuf> {
    out.ancestors().map(|around| around.join("crates")).find(|directory| missing_runtime(directory).is_none())
}

/// Returns the name of a runtime crate that `directory` does not hold.
#[must_use]
pub fn missing_runtime(directory: &Path) -> Option<&'static str> {
    let names = RuntimeCrate::ALL.iter().map(|runtime| runtime.name);
    names.into_iter().find(|name| !directory.join(name).join("Cargo.toml").is_file())
}
