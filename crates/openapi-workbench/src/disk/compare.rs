//! Generated files compared with those on disk.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Error, ErrorKind, Result};
use std::path::Path;

use openapi_bindings::GeneratedFile;

use super::manifest::{Digest, FilePath, MANIFEST, Manifest, Origin};
use super::paths::{about, generated_file};

/// The state of a path on disk, compared with what was generated for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// The file is as generated.
    Fresh,
    /// The file is as it was generated before, and differs from what is generated now from this line on.
    Differs {
        /// The first line that differs, from 1.
        line: usize,
    },
    /// There is no such file.
    Missing,
    /// The file is as it was generated before, and is no longer generated.
    Leftover,
    /// The file was generated before, and somebody edited it.
    Edited {
        /// The first line that differs from what is generated now, from 1.
        line: usize,
    },
    /// Something else than this program made the file.
    Foreign {
        /// The first line that differs from what is generated now, from 1.
        line: usize,
    },
    /// The file was generated before, somebody edited it, and it is no longer generated.
    EditedLeftover,
}

/// A directory compared with what was generated for it.
#[derive(Debug)]
pub struct Comparison<'a> {
    pub(super) root: &'a Path,
    /// The texts to write, by their path.
    pub(super) texts: BTreeMap<&'a str, &'a str>,
    /// The state of every path that is, or was, generated, in the order of the paths. The manifest is the last.
    pub(super) states: Vec<(String, State)>,
    /// The manifest of the files that are there: those that were generated as they are, the others as they were.
    pub(super) present: Manifest,
    /// The manifest of the files that are generated now.
    pub(super) wanted: Manifest,
}

/// Compares the directory `root` with the `files` that were generated for it from `origin`.
///
/// # Errors
/// Fails if a file cannot be read, if the manifest is not valid, or if something else than a file is in the way of one.
pub fn compare<'a>(root: &'a Path, files: &'a [GeneratedFile], origin: Origin) -> Result<Comparison<'a>> {
    let before = Manifest::read(root)?;
    let known = |path: &str| {
        let before = before.as_ref()?;
        let digests = [before.outputs.get(path), before.writing.get(path)];
        digests.iter().any(Option::is_some).then_some(digests)
    };
    let (mut states, mut texts) = (Vec::new(), BTreeMap::new());
    let (mut present, mut wanted) = (BTreeMap::new(), BTreeMap::new());
    for file in files {
        let path = FilePath::try_from(file.path.clone()).map_err(Error::other)?;
        let digest = Digest::of(file.text.as_bytes());
        let state = if generated_file(root, &file.path)?.is_none() {
            State::Missing
        } else {
            let whole = root.join(&file.path);
            let found = fs::read(&whole).map_err(|error| about("read", &whole, &error))?;
            let found_digest = Digest::of(&found);
            let line = || first_difference(&found, &file.text);
            let (state, there) = match known(&file.path) {
                _ if found_digest == digest => (State::Fresh, Some(&found_digest)),
                Some(known) if known.contains(&Some(&found_digest)) => {
                    (State::Differs { line: line() }, Some(&found_digest))
                }
                Some(known) => (State::Edited { line: line() }, known.into_iter().flatten().next()),
                None => (State::Foreign { line: line() }, None),
            };
            present.extend(there.map(|digest| (path.clone(), digest.clone())));
            state
        };
        states.push((file.path.clone(), state));
        texts.insert(file.path.as_str(), file.text.as_str());
        wanted.insert(path, digest);
    }
    let listed = before.iter().flat_map(|before| before.outputs.iter().chain(&before.writing));
    let listed: BTreeMap<&FilePath, &Digest> = listed.collect();
    for (path, digest) in listed.into_iter().filter(|(path, _)| !wanted.contains_key(*path)) {
        let Some(found) = Digest::of_file(root, path)? else { continue };
        let is_untouched = known(path.as_str()).is_some_and(|known| known.contains(&Some(&found)));
        let state = if is_untouched { State::Leftover } else { State::EditedLeftover };
        states.push((path.as_str().to_owned(), state));
        present.insert(path.clone(), if is_untouched { found } else { digest.clone() });
    }
    states.sort_by(|(left, _), (right, _)| left.cmp(right));
    let wanted = Manifest::new(origin, wanted);
    let state = match &before {
        None => State::Missing,
        Some(before) if *before == wanted => State::Fresh,
        Some(before) => State::Differs { line: first_difference(before.text().as_bytes(), &wanted.text()) },
    };
    states.push((MANIFEST.to_owned(), state));
    let origin = before.map_or_else(Origin::default, |before| before.origin);
    Ok(Comparison { root, texts, states, present: Manifest::new(origin, present), wanted })
}

impl Comparison<'_> {
    /// Returns the state of every path that is, or was, generated, in the order of the paths. The manifest is the last.
    #[must_use]
    pub fn states(&self) -> &[(String, State)] {
        &self.states
    }

    /// Returns the paths of files that are in the way: what was edited, and what something else made.
    #[must_use]
    pub fn obstacles(&self) -> Obstacles<'_> {
        let paths = |is_one: fn(&State) -> bool| {
            let found = self.states.iter().filter(|(_, state)| is_one(state));
            found.map(|(path, _)| path.as_str()).collect()
        };
        Obstacles {
            edited: paths(|state| matches!(state, State::Edited { .. } | State::EditedLeftover)),
            foreign: paths(|state| matches!(state, State::Foreign { .. })),
        }
    }
}

/// The paths of files that are in the way of generated ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obstacles<'a> {
    /// Files that were generated, and that somebody edited.
    pub edited: Vec<&'a str>,
    /// Files that something else made.
    pub foreign: Vec<&'a str>,
}

fn first_difference(found: &[u8], text: &str) -> usize {
    let found = String::from_utf8_lossy(found);
    found.lines().zip(text.lines()).take_while(|(found, text)| found == text).count() + 1
}

/// Tells whether `text` may be written to `path` without asking: nothing is there, or the same text.
///
/// # Errors
/// Fails if it cannot be read.
pub fn is_free(path: &Path, text: &str) -> Result<bool> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => {
            fs::read(path).map(|found| found == text.as_bytes()).map_err(|error| about("read", path, &error))
        }
        Ok(_) => Ok(false),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
        Err(error) => Err(about("read", path, &error)),
    }
}
