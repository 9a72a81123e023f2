//! What is generated: from which document, into which crates, and with what known of the document.
//!
//! The one place where the general generators meet this workspace's document.

use std::collections::BTreeSet;

use openapi_bindings::client::Pages;
use openapi_bindings::{Document, GeneratedFile, Result, api, bindings, client, passes, types};

use crate::progress::Progress;

/// The document everything is made from.
pub const DOCUMENT: &str = "spec/openapi.yaml";

/// The command that makes the files anew.
pub const COMMAND: &str = "cargo xtask generate";

/// The beginning of the names of this workspace's crates.
pub(crate) const PREFIX: &str = "authentik-sources-";

/// The crate that holds the wire types.
const TYPES: &str = "authentik_sources_types";

/// Passes whose subject this document does not have at present.
const WHEN_PRESENT: [&str; 14] = [
    "plain_answers",
    "alternative_bodies",
    "multipart_bodies",
    "body_kinds",
    "request_defaults",
    "any_of_unions",
    "discriminators",
    "tagged_unions",
    "form_bodies",
    "answer_kinds",
    "body_types",
    "form_requests",
    "rust_names",
    "type_names",
];

/// What the generators have to be told besides the document.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The beginning of the names of the crates' folders.
    pub prefix: String,
    /// The crate that holds the wire types, as Rust calls it.
    pub types: String,
    /// The crate of the types that tags share, if a large document is to become several crates.
    pub base: Option<String>,
    /// How lists are paged, if they are.
    pub pages: Option<Pages>,
    /// The properties that say which object an answer is about.
    pub identity: Vec<String>,
    /// The command that makes the files anew.
    pub command: String,
    /// The passes that may find nothing to change.
    pub when_present: Vec<String>,
}

impl Setting {
    /// What is known of this workspace's document.
    #[must_use]
    pub fn canonical() -> Self {
        Setting {
            prefix: PREFIX.to_owned(),
            types: TYPES.to_owned(),
            base: None,
            pages: Some(Pages {
                parameter: "page".to_owned(),
                results: "results".to_owned(),
                next: vec!["pagination".to_owned(), "next".to_owned()],
            }),
            identity: names(&["pk", "slug"]),
            command: COMMAND.to_owned(),
            when_present: names(&WHEN_PRESENT),
        }
    }

    /// What can be told of a document that nobody here wrote: how it pages, what keys are usually called, and that no
    /// pass needs to find anything.
    #[must_use]
    pub fn of(document: &Document, types: String, command: String) -> Self {
        let when_present = passes::names().map(str::to_owned).collect();
        let identity = names(&["id", "pk", "slug", "uuid"]);
        let base = Some(format!("{types}_base"));
        Setting {
            prefix: String::new(),
            types,
            base,
            pages: Pages::of(document),
            identity,
            command,
            when_present,
        }
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

/// How many steps [`generate`] tells of.
pub const STEPS: u64 = 4;

/// Every generated file of the crates below `crates/`; what it is at is told to `progress`.
///
/// # Errors
/// If the document holds what cannot be generated.
pub fn generate(document: &Document, setting: &Setting, progress: &Progress) -> Result<Vec<GeneratedFile>> {
    let Setting { prefix, types, base, pages, identity, command, when_present } = setting.clone();
    let directory = |name: &str| format!("crates/{prefix}{name}/src");
    progress.step("generating with progenitor");
    let mut bindings = bindings::generate(document, &when_present)?;
    progress.step("writing the types");
    let mut files = types::files(
        document,
        &mut bindings,
        &types::Config {
            directory: directory("types"),
            command: command.clone(),
            when_present: when_present.clone(),
            base,
        },
    )?;
    progress.step("writing the client");
    let config = client::Config {
        directory: directory("client"),
        types: types.clone(),
        pages,
        identity,
        command: command.clone(),
        when_present,
    };
    files.extend(client::files(document, &mut bindings, &config)?);
    progress.step("generating the server side");
    files.extend(api::generate(document, &api::Config { directory: directory("api"), types, command })?);
    Ok(files)
}

/// The directories that hold generated files and nothing else, of `files`.
#[must_use]
pub fn directories(files: &[GeneratedFile]) -> BTreeSet<&str> {
    let parents = files.iter().filter_map(|file| file.path.rsplit_once('/'));
    parents.map(|(directory, _)| directory).filter(|directory| directory.ends_with("/generated")).collect()
}
