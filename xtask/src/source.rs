//! Reads documents for this workspace's commands: a file, a revision of this workspace's document, or a release of
//! authentik.

use std::path::{Path, PathBuf};

use openapi_document::Document;
use openapi_workbench::source;

use crate::project::DOCUMENT;
use crate::upstream;

/// The source of a document.
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
    /// Returns what an argument on the command line means: `git:REV`, `upstream:VERSION`, or a path.
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
    /// Fails if there is no such document or it is not valid. The message says what to do.
    pub fn read(&self, root: &Path, color: bool) -> Result<Document, String> {
        let (name, text) = match self {
            Source::File(path) => {
                let help = format!(
                    "give the path of an OpenAPI document, `git:REV` for {DOCUMENT} at a revision, or `upstream:VERSION` for a release of authentik"
                );
                (path.display().to_string(), source::file(path, &help)?)
            }
            Source::Revision(revision) => {
                (format!("git:{revision}"), source::at_revision(root, revision, DOCUMENT)?)
            }
            Source::Upstream(version) => return upstream::read(version, color),
        };
        Document::parse(&name, &text).map_err(|error| error.render(color))
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::project;

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
            let message = Source::of(argument).read(&project::root(), false).unwrap_err();
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
