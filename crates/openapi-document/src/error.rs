//! Problems of a document, with their place and advice.
//!
//! One [`Error`] carries every diagnostic that a stage found, so that a document can be fixed in one go. It formats
//! text and prints nothing.

use std::fmt;
use std::sync::Arc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use crate::source::{Location, NONE, Source};

/// The result of a stage of generation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// One or more diagnostics about one document, in the order of its text.
#[derive(Clone, Debug)]
pub struct Error {
    sources: Arc<[Source]>,
    diagnostics: Vec<Diagnostic>,
    omitted: usize,
}

/// One thing that is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostic {
    /// The problem.
    pub message: String,
    /// The position in the text.
    pub location: Location,
    /// The place in the document, as a JSON pointer; empty for the document as a whole.
    pub pointer: String,
    /// The way to fix it; may be empty.
    pub help: String,
}

impl Error {
    /// Returns an error with these diagnostics of the document read from `sources`.
    #[must_use]
    pub fn new(sources: Arc<[Source]>, mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics.sort_by_key(|diagnostic| {
            let Location { file, line, column, .. } = diagnostic.location;
            (file, line, column)
        });
        diagnostics.dedup();
        Error { sources, diagnostics, omitted: 0 }
    }

    /// Says that `omitted` more things are wrong than there are diagnostics.
    #[must_use]
    pub fn omitting(mut self, omitted: usize) -> Self {
        self.omitted = self.omitted.saturating_add(omitted);
        self
    }

    /// Returns the document's name, as it was given to [`Document::parse`](crate::document::Document::parse).
    #[must_use]
    pub fn file(&self) -> &str {
        self.sources.first().map_or("", |source| &source.name)
    }

    /// Returns everything that is wrong, in the order of the document's text; never empty.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Returns all the diagnostics of `errors` in one error, which all must be about the same document; `Ok` if there
    /// are none.
    ///
    /// # Errors
    /// If `errors` is not empty.
    pub fn gather(errors: impl IntoIterator<Item = Error>) -> Result<()> {
        let mut errors = errors.into_iter();
        let Some(first) = errors.next() else { return Ok(()) };
        let (mut diagnostics, mut omitted) = (first.diagnostics, first.omitted);
        for error in errors {
            diagnostics.extend(error.diagnostics);
            omitted = omitted.saturating_add(error.omitted);
        }
        Err(Error::new(first.sources, diagnostics).omitting(omitted))
    }

    /// Returns an error with the diagnostics of both, which must be about the same document.
    #[must_use]
    pub fn and(self, other: Option<Error>) -> Self {
        let Some(other) = other else { return self };
        let (sources, mut diagnostics) = (self.sources, self.diagnostics);
        diagnostics.extend(other.diagnostics);
        Error::new(sources, diagnostics).omitting(self.omitted).omitting(other.omitted)
    }

    /// Returns the diagnostics with the lines of the document they are about, for a person at a terminal.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        let renderer = if color { Renderer::styled() } else { Renderer::plain() };
        let renderer = renderer.decor_style(DecorStyle::Ascii);
        let groups = self.diagnostics.iter().map(|diagnostic| self.group(diagnostic));
        let mut reports: Vec<String> = groups.map(|group| renderer.render(&[group])).collect();
        reports.extend(self.rest("errors"));
        reports.join("\n\n")
    }

    /// Returns a line about the diagnostics that were left out.
    fn rest(&self, what: &str) -> Option<String> {
        (self.omitted > 0).then(|| format!("{}: {} more {what}", self.file(), self.omitted))
    }

    /// Returns the file that a diagnostic is about.
    fn source(&self, diagnostic: &Diagnostic) -> &Source {
        self.sources.get(diagnostic.location.file).unwrap_or(&NONE)
    }

    fn group<'a>(&'a self, diagnostic: &'a Diagnostic) -> Group<'a> {
        let source = self.source(diagnostic);
        let text = source.text.as_str();
        let snippet = Snippet::source(text)
            .path(source.name.as_str())
            .annotation(AnnotationKind::Primary.span(diagnostic.location.bytes_in(text)));
        let mut group = Level::ERROR.primary_title(diagnostic.message.as_str()).element(snippet);
        if !diagnostic.pointer.is_empty() {
            group = group.element(Level::NOTE.message(format!("at #{}", diagnostic.pointer)));
        }
        if !diagnostic.help.is_empty() {
            group = group.element(Level::HELP.message(diagnostic.help.as_str()));
        }
        group
    }
}

impl Error {
    /// Writes the diagnostics in a line each, and their help in the next.
    fn lines(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.diagnostics.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            let Location { line, column, .. } = diagnostic.location;
            write!(f, "{}:{line}:{column}: {}", self.source(diagnostic).name, diagnostic.message)?;
            if !diagnostic.pointer.is_empty() {
                write!(f, " (at #{})", diagnostic.pointer)?;
            }
            if !diagnostic.help.is_empty() {
                write!(f, "\n  help: {}", diagnostic.help)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines(f)?;
        self.rest("errors").map_or(Ok(()), |rest| write!(f, "\n{rest}"))
    }
}

impl std::error::Error for Error {}

/// Diagnostics about a document that was read all the same, in the order of its text. There may be none.
#[derive(Clone, Debug)]
pub struct Warnings(Error);

impl Warnings {
    /// Returns warnings with these diagnostics of the document read from `sources`, as many as a person would read.
    pub(crate) fn new(sources: Arc<[Source]>, diagnostics: Vec<Diagnostic>) -> Self {
        Warnings(Error::new(sources, diagnostics))
    }

    /// Returns every warning, in the order of the document's text.
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.0.diagnostics
    }

    /// Returns at most `limit` of the warnings, a line for each and one for its help, and how many more there are.
    #[must_use]
    pub fn told(&self, limit: usize) -> String {
        let mut told = self.0.clone();
        told.omitted += told.diagnostics.len().saturating_sub(limit);
        told.diagnostics.truncate(limit);
        let rest = told.rest("warnings").map_or_else(String::new, |rest| format!("\n{rest}"));
        format!("{told_lines}{rest}", told_lines = Lines(&told))
    }
}

struct Lines<'a>(&'a Error);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.lines(f)
    }
}
