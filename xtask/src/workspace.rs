//! A workspace of its own for what any document is made into: manifests, the hand-written runtime, the generated files.
//!
//! Here is what the workspace holds, as texts. Which of them are on disk already, and writing them, is not for here.

mod manifest;
mod name;
mod parts;
mod runtime;

use std::path::Path;

use openapi_bindings::{Document, GeneratedFile, yaml};

use crate::artefacts::{self, DOCUMENT, Setting};
use crate::progress::Progress;
use crate::stamp::{self, Style, stamped};
pub use name::Name;
use parts::Part;

/// The command that makes a workspace anew: within the workspace, and with a checkout of this one, which is what
/// generates. It is true wherever the two are.
pub const COMMAND: &str = "cargo run --manifest-path \"$OPENAPI_BINDINGS/Cargo.toml\" --package xtask -- \
     generate --spec spec/openapi.yaml --out .";

/// What cargo locks. It is cargo's own from the first build on.
pub const LOCK: &str = "Cargo.lock";

/// Files at the root of a workspace that are the same in all.
const COPIED: [&str; 2] = ["rust-toolchain.toml", "rustfmt.toml"];

/// A workspace to be made of a document.
#[derive(Clone, Debug)]
pub struct Workspace<'a> {
    /// The workspace that has the runtime.
    pub root: &'a Path,
    /// The document.
    document: Document,
    /// The text that the workspace keeps of it.
    text: String,
    /// What the crates are called.
    name: Name,
    /// The command that makes the workspace anew.
    command: String,
}

impl<'a> Workspace<'a> {
    /// The workspace for `whole`, or for the `part` that is wanted of it; for the name the title of the document will do.
    ///
    /// # Errors
    /// If no crates can be called so.
    pub fn of(
        root: &'a Path,
        whole: &Document,
        part: Option<Document>,
        name: Option<&str>,
    ) -> Result<Self, String> {
        let named = name.map_or_else(String::new, |name| format!(" --name {name}"));
        let name = name.map_or_else(|| Name::of(whole), Name::parse)?;
        let text = kept(whole, part.as_ref());
        let document = part.unwrap_or_else(|| whole.clone()).kept_as(DOCUMENT, &text);
        Ok(Workspace { root, document, text, name, command: format!("{COMMAND}{named}") })
    }

    /// Every file of the workspace.
    ///
    /// # Errors
    /// If the document holds what cannot be generated, or the runtime cannot be read; as it is to be shown.
    pub fn files(&self, progress: &Progress, color: bool) -> Result<Vec<GeneratedFile>, String> {
        let setting = Setting::of(&self.document, self.name.ident("types"), self.command.clone());
        let mut files =
            artefacts::generate(&self.document, &setting, progress).map_err(|error| error.render(color))?;
        files.push(self.stamped(DOCUMENT, Style::Hash, &self.text));
        for name in COPIED {
            files.push(self.stamped(name, Style::Hash, &read(&self.root.join(name))?));
        }
        files.push(self.stamped(".gitignore", Style::Hash, "/target\n"));
        files.push(self.stamped(
            "README.md",
            Style::Markup,
            &self.fill(include_str!("../templates/workspace.md")),
        ));
        let parts = parts::of(&files);
        files.push(self.stamped("Cargo.toml", Style::Hash, &manifest::root(self, &parts)?));
        for part in &parts {
            let directory = format!("crates/{}", part.name);
            let manifest = manifest::member(self, part, &parts)?;
            files.push(self.stamped(&format!("{directory}/Cargo.toml"), Style::Hash, &manifest));
            files.push(self.stamped(&format!("{directory}/README.md"), Style::Markup, &self.readme(part)));
            match part.root(self, &parts) {
                Some(root) => {
                    let path = format!("{directory}/src/lib.rs");
                    files.push(self.stamped(&path, Style::Slashes, &root));
                }
                None => files.extend(runtime::files(self, part)?),
            }
        }
        Ok(files)
    }

    /// What cargo is to lock at first: the versions that this workspace was tried with.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn lock(&self) -> Result<GeneratedFile, String> {
        let text = read(&self.root.join(LOCK))?;
        Ok(GeneratedFile { path: LOCK.to_owned(), text: self.name.rename(&text) })
    }

    /// What the document calls itself.
    fn title(&self) -> &str {
        self.document
            .value()
            .pointer("/info/title")
            .and_then(|title| title.as_str())
            .unwrap_or_default()
            .trim()
    }

    fn readme(&self, part: &Part) -> String {
        let template = match part.of {
            "types" => include_str!("../templates/types.md"),
            "client" => include_str!("../templates/client.md"),
            _ => include_str!("../templates/api.md"),
        };
        self.fill(template)
            .replace(&format!("{}-{}", self.name, part.of), &format!("{}-{}", self.name, part.name))
    }

    fn fill(&self, template: &str) -> String {
        let title = self.title().split_whitespace().collect::<Vec<_>>().join(" ");
        let version = self.document.value().pointer("/info/version").and_then(|version| version.as_str());
        let ident = self.name.ident("");
        let values = [
            ("title", title.as_str()),
            ("version", version.unwrap_or_default()),
            ("name", self.name.as_str()),
            ("ident", &ident),
            ("command", &self.command),
            ("repository", env!("CARGO_PKG_REPOSITORY")),
        ];
        filled(template, &values)
    }

    fn stamped(&self, path: &str, style: Style, text: &str) -> GeneratedFile {
        GeneratedFile { path: path.to_owned(), text: stamped(style, &self.document, &self.command, text) }
    }
}

/// `template` with the values in the places that have their names in double braces. It is read once from front to back,
/// so that what a value has of braces stays as it is.
fn filled(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        text.push_str(before);
        let place = after.split_once("}}").and_then(|(name, after)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((value, after))
        });
        rest = if let Some((value, after)) = place {
            text.push_str(value);
            after
        } else {
            text.push_str("{{");
            after
        };
    }
    text.push_str(rest);
    text
}

/// The text of a document as a workspace keeps it: as it was written if that is YAML and all of it is wanted, else YAML.
fn kept(whole: &Document, part: Option<&Document>) -> String {
    let text = whole.text();
    let is_json = || text.starts_with('{') && serde_json::from_str::<serde_json::Value>(text).is_ok();
    match part {
        Some(part) => yaml::document(part.value()),
        None if is_json() => yaml::document(whole.value()),
        None => stamp::without(text).to_owned(),
    }
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_filled_once_and_what_a_value_says_stays() {
        let values = [("title", "test {{name}} {{title}}"), ("name", "pets")];
        assert_eq!(
            filled("# {{title}}: {{name}}, {{ {{other}} {{name", &values),
            "# test {{name}} {{title}}: pets, {{ {{other}} {{name"
        );
    }
}
