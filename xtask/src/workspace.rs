//! A workspace of its own for what any document is made into: manifests, the hand-written runtime, the generated files.
//!
//! Here is what the workspace holds, as texts. Which of them are on disk already, and writing them, is not for here.

mod manifest;
mod name;
mod parts;
mod runtime;
mod stamp;

use std::path::Path;

use openapi_bindings::{Document, GeneratedFile};

use crate::artefacts::{self, DOCUMENT, Setting};
use crate::progress::Progress;
pub use name::Name;
use parts::Part;
use stamp::{Style, stamped};

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
    pub document: &'a Document,
    /// The text of the document, or of the part that is wanted of it.
    pub text: String,
    /// What the crates are called.
    pub name: Name,
    /// The command that makes the workspace anew.
    pub command: String,
}

impl Workspace<'_> {
    /// Every file of the workspace.
    ///
    /// # Errors
    /// If the document holds what cannot be generated, or the runtime cannot be read; as it is to be shown.
    pub fn files(&self, progress: &Progress, color: bool) -> Result<Vec<GeneratedFile>, String> {
        let setting = Setting::of(self.document, self.name.ident("types"), self.command.clone());
        let mut files =
            artefacts::generate(self.document, &setting, progress).map_err(|error| error.render(color))?;
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
        template
            .replace("{{title}}", &title)
            .replace("{{version}}", version.unwrap_or_default())
            .replace("{{name}}", self.name.as_str())
            .replace("{{ident}}", &self.name.ident(""))
            .replace("{{command}}", &self.command)
    }

    fn stamped(&self, path: &str, style: Style, text: &str) -> GeneratedFile {
        GeneratedFile { path: path.to_owned(), text: stamped(style, self.document, &self.command, text) }
    }
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}
