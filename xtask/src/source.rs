//! Where a document comes from: a file, a revision of this repository, or a release of authentik.
//!
//! An argument says which: `git:REV`, `upstream:VERSION`, anything else is a path.

use std::path::{Path, PathBuf};
use std::process::Command;

use openapi_bindings::Document;

use crate::artefacts::DOCUMENT;
use crate::text::{self, Unread};
use crate::upstream;

/// Where a document comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file, below the current directory unless the path is absolute.
    File(PathBuf),
    /// The document of this workspace as a revision has it.
    Revision(String),
    /// The document of a release of authentik.
    Upstream(String),
}

impl Source {
    /// What an argument on the command line means.
    #[must_use]
    pub fn of(argument: &str) -> Self {
        match argument.split_once(':') {
            Some(("git", revision)) => Source::Revision(revision.to_owned()),
            Some(("upstream", version)) => Source::Upstream(version.to_owned()),
            _ => Source::File(PathBuf::from(argument)),
        }
    }

    /// Reads the document for the workspace at `root`.
    ///
    /// # Errors
    /// If it cannot be had or is not valid; the message is for the terminal and says what to do.
    pub fn read(&self, root: &Path, color: bool) -> Result<Document, String> {
        let (name, text) = match self {
            Source::File(path) => (path.display().to_string(), file(path)?),
            Source::Revision(revision) => (format!("git:{revision}"), at_revision(root, revision)?),
            Source::Upstream(version) => return upstream::read(version, color),
        };
        Document::parse(&name, &text).map_err(|error| error.render(color))
    }
}

/// The document of the workspace at `root`, as everyone here calls it.
///
/// # Errors
/// If it is not there or not valid; the message is for the terminal and says what to do.
pub fn own(root: &Path, color: bool) -> Result<Document, String> {
    let path = root.join(DOCUMENT);
    let text = text::read(&path).map_err(|unread| {
        let help = if matches!(unread, Unread::File(_)) { "put the document there" } else { text::HELP };
        format!("cannot read {}: {unread}\n  help: {help}", path.display())
    })?;
    Document::parse(DOCUMENT, &text).map_err(|error| error.render(color))
}

fn file(path: &Path) -> Result<String, String> {
    text::read(path).map_err(|unread| {
        let help = match unread {
            Unread::File(_) => &format!(
                "give the path of an OpenAPI 3.0 document, `git:REV` for {DOCUMENT} at a revision, or `upstream:VERSION` for a release of authentik"
            ),
            Unread::Encoding(_) => text::HELP,
        };
        format!("cannot read `{}`: {unread}\n  help: {help}", path.display())
    })
}

fn at_revision(root: &Path, revision: &str) -> Result<String, String> {
    let help = "help: `git log --oneline` shows the revisions there are";
    // What begins with a dash would be an option.
    if revision.is_empty() || revision.starts_with('-') {
        return Err(format!("`git:{revision}` names no revision\n  {help}"));
    }
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["show", &format!("{revision}:{DOCUMENT}")])
        .output()
        .map_err(|error| format!("cannot run git: {error}\n  help: install it, or give a file"))?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr);
        return Err(format!("git has no {DOCUMENT} at `{revision}`: {}\n  {help}", told.trim()));
    }
    text::decode(output.stdout)
        .map_err(|message| format!("cannot read {DOCUMENT} at `{revision}`: {message}\n  {help}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace_root;

    #[test]
    fn an_argument_says_where_its_document_comes_from() {
        assert_eq!(Source::of("git:main~2"), Source::Revision("main~2".to_owned()));
        assert_eq!(Source::of("upstream:2024.8"), Source::Upstream("2024.8".to_owned()));
        assert_eq!(Source::of("spec/openapi.yaml"), Source::File(PathBuf::from("spec/openapi.yaml")));
        assert_eq!(Source::of("C:openapi.yaml"), Source::File(PathBuf::from("C:openapi.yaml")));
    }

    #[test]
    fn what_cannot_be_had_is_named_with_the_next_step() {
        for argument in
            ["git:--output=x", "git:", "git:no-such-revision", "no/such/file.yaml", "upstream:latest"]
        {
            let message = Source::of(argument).read(&workspace_root(), false).unwrap_err();
            let name = argument.trim_start_matches("git:").trim_start_matches("upstream:");
            assert!(message.contains(name) && message.contains("help: "), "{message}");
        }
    }

    #[test]
    fn a_document_of_a_revision_is_called_by_the_revision() {
        let root = tempfile::tempdir().unwrap();
        let git = |arguments: &[&str]| {
            let identity =
                ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
            let status =
                Command::new("git").arg("-C").arg(root.path()).args(identity).args(arguments).output();
            assert!(status.unwrap().status.success(), "{arguments:?}");
        };
        let path = root.path().join(DOCUMENT);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, "openapi: 3.0.3\ninfo: {title: old, version: '1'}\npaths: {}\n").unwrap();
        git(&["init", "--quiet"]);
        git(&["add", "."]);
        git(&["commit", "--quiet", "-m", "one"]);
        std::fs::write(&path, "something else").unwrap();
        let document = Source::of("git:HEAD").read(root.path(), false).unwrap();
        assert_eq!((document.name(), document.value()["info"]["title"].as_str()), ("git:HEAD", Some("old")));
    }
}
