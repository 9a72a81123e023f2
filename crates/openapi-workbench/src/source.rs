//! Reads documents: from a file, or from a revision of a git repository.

use std::path::Path;
use std::process::Command;

use openapi_document::Document;

use crate::text::{self, Unread};

/// Reads the document that an argument names: the path of a file, or `git:REV:PATH` for a file at a revision. Paths are
/// relative to the current directory.
///
/// # Errors
/// Fails if there is no such file or it is not a valid document. The message says what to do.
pub fn read(argument: &str, color: bool) -> Result<Document, String> {
    let text = match argument.strip_prefix("git:") {
        Some(rest) => {
            let (revision, path) = rest.split_once(':').ok_or_else(|| {
                format!("`{argument}` names no file\n  help: give a revision and a path, as in `git:HEAD:openapi.yaml`")
            })?;
            at_revision(Path::new("."), revision, &format!("./{path}"))?
        }
        None => file(
            Path::new(argument),
            "give the path of an OpenAPI 3.0 document, or `git:REV:PATH` for a file at a revision",
        )?,
    };
    Document::parse(argument, &text).map_err(|error| error.render(color))
}

/// Reads a file; `help` says what to do if there is none.
///
/// # Errors
/// Fails if the file cannot be read or is not UTF-8. The message says what to do.
pub fn file(path: &Path, help: &str) -> Result<String, String> {
    text::read(path).map_err(|unread| {
        let help = if matches!(unread, Unread::File(_)) { help } else { text::HELP };
        format!("cannot read `{}`: {unread}\n  help: {help}", path.display())
    })
}

/// Reads the file `path` as `revision` has it, in the repository that `directory` lies in. A `path` that begins with
/// `./` is relative to `directory`, any other to the root of the repository.
///
/// # Errors
/// Fails if git has no such file. The message says what to do.
pub fn at_revision(directory: &Path, revision: &str, path: &str) -> Result<String, String> {
    let help = "help: `git log --oneline` shows the revisions there are";
    let name = path.strip_prefix("./").unwrap_or(path);
    // Git would take a leading dash for an option.
    if revision.is_empty() || revision.starts_with('-') {
        return Err(format!("`git:{revision}` names no revision\n  {help}"));
    }
    let output = Command::new("git")
        .arg("-C")
        .arg(directory)
        .args(["show", &format!("{revision}:{path}")])
        .output()
        .map_err(|error| format!("cannot run git: {error}\n  help: install it, or give a file"))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(format!("git has no {name} at `{revision}`: {}\n  {help}", stderr.trim()));
    }
    text::decode(output.stdout)
        .map_err(|message| format!("cannot read {name} at `{revision}`: {message}\n  {help}"))
}
