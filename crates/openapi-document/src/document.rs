//! An OpenAPI document in memory: its values in their order, and the line and column of each.
//!
//! Whoever holds a [`Document`] may rely on what parsing checked: the shape of every object, that references lead
//! somewhere, that operations are told apart. What is wrong and clear all the same was mended, with a warning.
//! Whatever its version, its value has the [`canonical`] form.

mod extent;
mod load;
mod part;
mod retain;

use std::fmt;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::error::{Diagnostic, Error, Warnings};
use crate::names::Names;
pub use crate::source::Location;
use crate::source::{NONE, Source, SpanTree};
use crate::tree::Tree;
use crate::version::Version;
use crate::{canonical, pointer};
pub use retain::Retain;

/// A valid OpenAPI document.
#[derive(Clone)]
pub struct Document {
    /// The files it was read from, the document itself first.
    pub(crate) sources: Arc<[Source]>,
    version: Version,
    value: Value,
    spans: Arc<SpanTree>,
    names: Arc<OnceLock<Arc<Names>>>,
    warnings: Arc<[Diagnostic]>,
}

impl Document {
    pub(crate) fn of_tree(sources: &Arc<[Source]>, version: Version, tree: Tree) -> Self {
        let (value, spans) = tree.into_parts();
        let (spans, names) = (Arc::new(spans), Arc::default());
        let (sources, warnings) = (Arc::clone(sources), Arc::default());
        Document { sources, version, value, spans, names, warnings }
    }

    /// Returns the values and their places, to be changed.
    pub(crate) fn to_tree(&self) -> Tree {
        Tree::of_parts(&self.value, &self.spans)
    }

    pub(crate) fn with_warnings(self, warnings: Vec<Diagnostic>) -> Self {
        Document { warnings: warnings.into(), ..self }
    }

    /// Returns what is wrong with the document and clear all the same, and how it was read.
    #[must_use]
    pub fn warnings(&self) -> Warnings {
        Warnings::new(Arc::clone(&self.sources), self.warnings.to_vec())
    }

    /// Returns a document that was not read, to say what is wrong with it.
    pub(crate) fn unread(sources: &Arc<[Source]>, tree: &Tree) -> Self {
        Document::of_tree(sources, Version::NEWEST, tree.clone())
    }

    /// Returns the version of OpenAPI that it is written in.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// Returns the document as its version has it: self-contained, and without what no version has words for.
    #[must_use]
    pub fn written(&self) -> Value {
        canonical::print::document(&self.value, self.version)
    }

    fn source(&self) -> &Source {
        // There always is the document's own.
        self.sources.first().unwrap_or(&NONE)
    }

    /// Returns the document as JSON in the [`canonical`] form, its keys in the order of the text. Operations that are
    /// given no id there have one here.
    #[must_use]
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the names in Rust of everything in the document.
    #[must_use]
    pub fn names(&self) -> &Names {
        self.names_once().get_or_init(|| Arc::new(Names::of(&self.value)))
    }

    /// Returns the cell of the names, which the first use fills.
    #[must_use]
    pub fn names_once(&self) -> &OnceLock<Arc<Names>> {
        &self.names
    }

    /// Returns the name of this document in errors.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.source().name
    }

    /// Returns the name of the file that a position is in: [`Document::name`], or the name of a file that it refers to,
    /// from the directory of the document.
    #[must_use]
    pub fn file_of(&self, location: Location) -> &str {
        &self.sources.get(location.file).unwrap_or_else(|| self.source()).name
    }

    /// Returns the text this document was read from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.source().text
    }

    /// Returns the position of `pointer`'s target: where a scalar or item begins, or the key of a mapping or sequence.
    #[must_use]
    pub fn locate(&self, pointer: &str) -> Option<Location> {
        let (value, spans) = self.walk_to(pointer)?;
        let at_key = spans.key.filter(|_| value.is_object() || value.is_array());
        Some(at_key.unwrap_or(spans.value))
    }

    /// Returns the position of the key of `pointer`'s target; `None` for items of a sequence and the whole document.
    #[must_use]
    pub fn locate_key(&self, pointer: &str) -> Option<Location> {
        self.walk_to(pointer)?.1.key
    }

    fn walk_to(&self, pointer: &str) -> Option<(&Value, &SpanTree)> {
        pointer::steps(pointer).try_fold((&self.value, &*self.spans), |(value, spans), step| {
            let index = match value {
                Value::Object(map) => map.keys().position(|key| *key == step)?,
                _ => step.parse().ok()?,
            };
            let member = value.get(&step).or_else(|| value.get(index))?;
            Some((member, spans.members.get(index)?))
        })
    }

    /// Returns an error about what `pointer` points to, at its position. If the document has no such place, as when a
    /// key is missing, the position is that of the nearest thing around it.
    #[must_use]
    pub fn error(&self, pointer: &str, message: impl Into<String>, advice: impl Into<String>) -> Error {
        Error::new(Arc::clone(&self.sources), vec![self.diagnostic(pointer, message, advice)])
    }

    /// Returns the value itself or, for a reference, its target. Chains of references are followed.
    #[must_use]
    pub fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        pointer::resolve(&self.value, value)
    }

    pub(crate) fn diagnostic(
        &self,
        at: &str,
        message: impl Into<String>,
        help: impl Into<String>,
    ) -> Diagnostic {
        Diagnostic {
            message: message.into(),
            location: self.nearest(at),
            pointer: at.to_owned(),
            help: help.into(),
        }
    }

    /// Returns the position of `pointer`'s target, or of the nearest value around it.
    #[must_use]
    pub fn nearest(&self, pointer: &str) -> Location {
        let mut around = std::iter::successors(Some(pointer), |at| pointer::parent(at));
        around.find_map(|at| self.locate(at)).unwrap_or(Location::START)
    }
}

/// The name; the rest is long.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Document").field("name", &self.name()).finish_non_exhaustive()
    }
}
