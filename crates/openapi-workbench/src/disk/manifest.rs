//! The manifest of a directory with generated files: what they were generated from, and the digest of each.
//!
//! It alone tells which files were generated. It is committed with them, and may come from anybody: its size is limited,
//! and its paths cannot leave the directory.

use std::borrow::Borrow;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{Error, Read as _, Result};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::paths::{about, generated_file};

/// The name of the manifest in its directory.
pub const MANIFEST: &str = ".openapi-workbench.json";

/// The form of the manifest that this program reads and writes.
const FORMAT: u32 = 1;

/// The largest manifest that is read: far more than any document needs.
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// The number of bytes that are read at once to digest a file.
const CHUNK: usize = 64 * 1024;

/// The manifest of a directory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    #[serde(rename = "@generated")]
    note: String,
    format: u32,
    /// The origin of the files.
    pub origin: Origin,
    /// The digest of each generated file, by its path.
    pub outputs: BTreeMap<FilePath, Digest>,
    /// The digests of files that a run was about to write. Empty unless the run was interrupted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub writing: BTreeMap<FilePath, Digest>,
}

/// Everything that decides what is generated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The programs that generate, and what tells their versions apart.
    pub generator: BTreeMap<String, String>,
    /// The options, with their values.
    pub options: BTreeMap<String, String>,
    /// The texts that are generated from.
    pub inputs: Inputs,
}

/// The digests of the texts that are generated from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// The document, wherever it is.
    pub document: Digest,
    /// The files that it refers to, by their paths relative to it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, Digest>,
}

impl Manifest {
    /// Returns the manifest of files that were generated from `origin`.
    #[must_use]
    pub fn new(origin: Origin, outputs: BTreeMap<FilePath, Digest>) -> Self {
        Manifest {
            note: "by openapi-workbench; do not edit. It tells generated files from all others.".to_owned(),
            format: FORMAT,
            origin,
            outputs,
            writing: BTreeMap::new(),
        }
    }

    /// Reads the manifest of the directory `root`; returns `None` if there is none.
    ///
    /// # Errors
    /// Fails if it cannot be read or is not valid. The message says what to do.
    pub fn read(root: &Path) -> Result<Option<Self>> {
        if generated_file(root, MANIFEST)?.is_none() {
            return Ok(None);
        }
        let path = root.join(MANIFEST);
        let mut text = Vec::new();
        let file = File::open(&path).map_err(|error| about("read", &path, &error))?;
        file.take(MAX_BYTES + 1).read_to_end(&mut text).map_err(|error| about("read", &path, &error))?;
        Self::parse(&text).map(Some).map_err(|message| {
            let message = format!(
                "cannot read {}: {message}\n  help: restore it from version control; without it, `--force` replaces what \
                 is generated and removes nothing",
                path.display()
            );
            Error::other(message)
        })
    }

    fn parse(text: &[u8]) -> std::result::Result<Self, String> {
        if text.len() as u64 > MAX_BYTES {
            return Err(format!("it is larger than {MAX_BYTES} bytes"));
        }
        let manifest: Manifest = serde_json::from_slice(text).map_err(|error| error.to_string())?;
        if manifest.format != FORMAT {
            return Err(format!("its format is {}, and this program reads {FORMAT}", manifest.format));
        }
        Ok(manifest)
    }

    /// Returns the text of the manifest: an entry a line, in the order of the paths.
    #[must_use]
    pub fn text(&self) -> String {
        // Maps of texts always have a form in JSON.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Tells whether the files below `root` are what is generated from `origin`, as far as digests tell.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub fn is_current(&self, root: &Path, origin: &Origin) -> Result<bool> {
        if !self.writing.is_empty() || self.origin != *origin {
            return Ok(false);
        }
        for (path, digest) in &self.outputs {
            if Digest::of_file(root, path)?.as_ref() != Some(digest) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The SHA-256 of a text, in lowercase hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);

impl Default for Digest {
    fn default() -> Self {
        Self::of(&[])
    }
}

impl Digest {
    /// Returns the digest of `text`.
    #[must_use]
    pub fn of(text: &[u8]) -> Self {
        Self::finish(Sha256::new_with_prefix(text))
    }

    /// Returns the digest of the file `path` below `root`; `None` if it is not there.
    ///
    /// # Errors
    /// Fails if it cannot be read, or if something else than a file is there.
    pub fn of_file(root: &Path, path: &FilePath) -> Result<Option<Self>> {
        if generated_file(root, path.as_str())?.is_none() {
            return Ok(None);
        }
        let whole = root.join(path.as_str());
        let failed = |error: Error| about("read", &whole, &error);
        let (mut file, mut hash) = (File::open(&whole).map_err(failed)?, Sha256::new());
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = file.read(&mut chunk).map_err(failed)?;
            let Some(read) = chunk.get(..read).filter(|read| !read.is_empty()) else { break };
            hash.update(read);
        }
        Ok(Some(Self::finish(hash)))
    }

    fn finish(hash: Sha256) -> Self {
        let mut digits = String::with_capacity(64);
        for byte in hash.finalize() {
            // Writing to a string cannot fail.
            let _ = write!(digits, "{byte:02x}");
        }
        Digest(digits)
    }
}

impl TryFrom<String> for Digest {
    type Error = String;

    fn try_from(text: String) -> std::result::Result<Self, String> {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        if text.len() == 64 && text.bytes().all(is_digit) {
            Ok(Digest(text))
        } else {
            Err(format!("{text:.80?} is no SHA-256 in lowercase hexadecimal digits"))
        }
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> Self {
        digest.0
    }
}

/// The path of a file below a directory, which it cannot leave, with `/` between its parts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FilePath(String);

impl FilePath {
    /// Returns the path as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for FilePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for FilePath {
    type Error = String;

    fn try_from(path: String) -> std::result::Result<Self, String> {
        let is_plain = |part: &str| {
            !matches!(part, "" | "." | "..")
                && !part.eq_ignore_ascii_case(".git")
                // On Windows `\` divides a path, and `C:` leaves the directory.
                && !part.contains(|letter: char| matches!(letter, '\\' | ':') || letter.is_control())
        };
        if path != MANIFEST && path.split('/').all(is_plain) {
            Ok(FilePath(path))
        } else {
            Err(format!("{path:.200?} is not the path of a file that is generated below the directory"))
        }
    }
}

impl From<FilePath> for String {
    fn from(path: FilePath) -> Self {
        path.0
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn path(path: &str) -> FilePath {
        FilePath::try_from(path.to_owned()).unwrap()
    }

    fn manifest() -> Manifest {
        let origin = Origin {
            generator: BTreeMap::from([("typify".to_owned(), "0.8.0".to_owned())]),
            options: BTreeMap::new(),
            inputs: Inputs { document: Digest::of(b"document"), files: BTreeMap::new() },
        };
        let outputs = ["b.rs", "a/one.rs", "a.rs"].map(|name| (path(name), Digest::of(name.as_bytes())));
        Manifest::new(origin, BTreeMap::from(outputs))
    }

    #[test]
    fn a_manifest_has_an_entry_a_line_in_their_order_and_is_read_again() {
        let text = manifest().text();
        let entries: Vec<&str> = text.lines().filter(|line| line.contains(".rs\": \"")).collect();
        let [a, one, b] = entries.as_slice() else { panic!("{text}") };
        assert!(
            a.starts_with("    \"a.rs\": \"") && one.contains("a/one.rs") && b.contains("b.rs"),
            "{text}"
        );
        assert!(!text.contains("writing"), "{text}");
        assert_eq!(Manifest::parse(text.as_bytes()), Ok(manifest()));
    }

    #[test]
    fn a_digest_is_that_of_any_other_program() {
        let digest = String::from(Digest::of(b"abc"));
        assert_eq!(digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        let root = tempfile::tempdir().unwrap();
        let large = vec![b'x'; 3 * CHUNK + 1];
        fs::write(root.path().join("large"), &large).unwrap();
        assert_eq!(Digest::of_file(root.path(), &path("large")).unwrap(), Some(Digest::of(&large)));
        assert_eq!(Digest::of_file(root.path(), &path("none")).unwrap(), None);
    }

    #[test]
    fn a_manifest_cannot_name_what_is_outside_of_its_directory() {
        for outside in [
            "../a.rs",
            "/etc/passwd",
            "a/../../b",
            "a//b",
            "./a",
            "",
            ".",
            "a/",
            "C:\\a",
            "C:a",
            "a\\..\\b",
            ".git/config",
            "a/.GIT/hooks/x",
            "a\nb",
            MANIFEST,
        ] {
            let text = manifest().text().replace("\"a/one.rs\"", &serde_json::to_string(outside).unwrap());
            let message = Manifest::parse(text.as_bytes()).unwrap_err();
            assert!(message.contains("is not the path of a file") && message.contains("line "), "{message}");
        }
    }

    #[test]
    fn a_manifest_that_is_damaged_or_too_large_is_refused_with_what_to_do() {
        let root = tempfile::tempdir().unwrap();
        assert!(Manifest::read(root.path()).unwrap().is_none());
        let text = manifest().text();
        let large = text.replace("0.8.0", &"8".repeat(17 << 20));
        for (damaged, message) in [
            (text.replace("\"format\": 1", "\"format\": 2"), "its format is 2"),
            (text.replacen('{', "<<<<<<< HEAD\n{", 1), "line 1"),
            (text[..text.len() / 2].to_owned(), "line "),
            (text.replace("\"a.rs\": \"", "\"a.rs\": \"0"), "is no SHA-256"),
            (large, "it is larger than 16777216 bytes"),
            ("[".repeat(1_000_000), "line 1"),
        ] {
            fs::write(root.path().join(MANIFEST), damaged).unwrap();
            let error = Manifest::read(root.path()).unwrap_err().to_string();
            assert!(
                error.contains(message) && error.contains("\n  help: "),
                "{message} is not in {error:.300}"
            );
        }
    }
}
