//! Reads documents: from a file, or from a revision of a git repository.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use openapi_document::loader::{Loader, Nothing};
use openapi_document::overlay::Overlay;
use openapi_document::{Document, Draft};

use crate::disk::{Digest, Inputs};
use crate::text::{self, Unread};

/// Reads the document that an argument names: the path of a file, or `git:REV:PATH` for a file at a revision. Paths are
/// relative to the current directory.
///
/// # Errors
/// Fails if there is no such file or it is not a valid document. The message says what to do.
pub fn read(argument: &str, color: bool) -> Result<Document, String> {
    open(argument, color)?.check().map_err(|error| error.render(color))
}

/// Reads a document like [`read`], but does not check it yet.
///
/// # Errors
/// Fails if there is no such file or it is no document. The message says what to do.
pub fn open(argument: &str, color: bool) -> Result<Draft, String> {
    Input::open(argument)?.draft(color).map(|(draft, _)| draft)
}

/// Reads the document that an argument names like [`read`], after the overlays in files changed it.
///
/// # Errors
/// Fails like [`read`], and if an overlay is wrong or matches nothing.
pub fn read_with(argument: &str, overlays: &[PathBuf], color: bool) -> Result<Document, String> {
    let overlay = |path: &PathBuf| {
        let text = file(path, "give the path of an OpenAPI Overlay")?;
        Overlay::parse(&path.display().to_string(), &text).map_err(|error| error.render(color))
    };
    let overlays = overlays.iter().map(overlay).collect::<Result<Vec<_>, _>>()?;
    let Input { name, text, loader } = Input::open(argument)?;
    Document::load_with(&name, &text, loader.as_ref(), &overlays).map_err(|error| error.render(color))
}

/// The text of a document that was not parsed yet.
pub struct Input {
    name: String,
    text: String,
    loader: Box<dyn Loader>,
}

impl Input {
    /// Opens the document that an argument names, as [`read`] does.
    ///
    /// # Errors
    /// Fails if there is no such file. The message says what to do.
    pub fn open(argument: &str) -> Result<Self, String> {
        let (text, loader) = match argument.strip_prefix("git:") {
            Some(rest) => of_revision(rest)?,
            None => of_file(Path::new(argument))?,
        };
        Ok(Input { name: argument.to_owned(), text, loader })
    }

    /// Returns the text of the document's own file.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the digests of the document and of these `files` that it refers to. A file that cannot be had is left out.
    #[must_use]
    pub fn digests<'a>(&self, files: impl IntoIterator<Item = &'a String>) -> Inputs {
        let digest =
            |name: &String| Some((name.clone(), Digest::of(self.loader.load(name).ok()?.as_bytes())));
        let files = files.into_iter().filter_map(digest).collect();
        Inputs { document: Digest::of(self.text.as_bytes()), files }
    }

    /// Parses the document, which is not checked yet, and returns the digests of all files that it was read from.
    ///
    /// # Errors
    /// Fails if it is no document. The message is for the terminal.
    pub fn draft(&self, color: bool) -> Result<(Draft, Inputs), String> {
        let recorder = Recorder { loader: self.loader.as_ref(), files: RefCell::default() };
        let draft = Draft::read(&self.name, &self.text, &recorder).map_err(|error| error.render(color))?;
        let files = recorder.files.into_inner();
        Ok((draft, Inputs { document: Digest::of(self.text.as_bytes()), files }))
    }
}

/// Gives what another loader gives, and notes the digests.
struct Recorder<'a> {
    loader: &'a dyn Loader,
    files: RefCell<BTreeMap<String, Digest>>,
}

impl Loader for Recorder<'_> {
    fn load(&self, name: &str) -> io::Result<String> {
        let text = self.loader.load(name)?;
        self.files.borrow_mut().insert(name.to_owned(), Digest::of(text.as_bytes()));
        Ok(text)
    }
}

/// Reads the document `REV:PATH`, and says where the files beside it come from.
fn of_revision(argument: &str) -> Result<(String, Box<dyn Loader>), String> {
    let (revision, path) = argument.split_once(':').ok_or_else(|| {
        format!(
            "`git:{argument}` names no file\n  help: give a revision and a path, as in `git:HEAD:openapi.yaml`"
        )
    })?;
    let text = at_revision(Path::new("."), revision, &format!("./{path}"))?;
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    Ok((text, Box::new(AtRevision { revision: revision.to_owned(), directory: directory.to_owned() })))
}

/// Reads the document in a file, and says where the files beside it come from.
fn of_file(path: &Path) -> Result<(String, Box<dyn Loader>), String> {
    let text =
        file(path, "give the path of an OpenAPI document, or `git:REV:PATH` for a file at a revision")?;
    let directory = path.canonicalize().ok().and_then(|path| Some(path.parent()?.to_owned()));
    Ok((text, directory.map_or_else(|| Box::new(Nothing) as Box<dyn Loader>, |it| Box::new(Below(it)))))
}

/// Gives files below a directory, whose path is canonical.
struct Below(PathBuf);

impl Loader for Below {
    fn load(&self, name: &str) -> io::Result<String> {
        // A symbolic link may lead anywhere.
        let path = self.0.join(name).canonicalize()?;
        if !path.starts_with(&self.0) {
            return Err(io::Error::other("it is outside the directory of the document"));
        }
        text::read(&path).map_err(|unread| io::Error::other(unread.to_string()))
    }
}

/// Gives files beside a document at a revision of the repository that the current directory lies in.
struct AtRevision {
    revision: String,
    directory: String,
}

impl Loader for AtRevision {
    fn load(&self, name: &str) -> io::Result<String> {
        let path = format!("./{}/{name}", self.directory).replace("//", "/");
        at_revision(Path::new("."), &self.revision, &path).map_err(io::Error::other)
    }
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
