//! A document that was read and is not checked yet, so that a part of it can be taken, or what is invalid left out, first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use crate::bundle::{self, Missing};
use crate::checks::cut::{self, Cut};
use crate::checks::findings::placed;
use crate::checks::{self, mend, values};
use crate::document::Document;
use crate::error::{Diagnostic, Error, Result};
use crate::loader::Loader;
use crate::operations::operations;
use crate::overlay::Overlay;
use crate::problems::into_result;
use crate::slice::{Selection, slice_tree, slice_tree_if_known};
use crate::source::{Location, Source};
use crate::tree::{Edit, Tree};
use crate::version::Version;
use crate::{canonical, ids, pointer, reader};

/// A document whose text was read, with the files that it refers to.
#[derive(Clone)]
pub struct Draft {
    sources: Arc<[Source]>,
    version: Version,
    /// As it was written, but for what was mended.
    tree: Tree,
    selection: Selection,
    /// The problems of references to other files.
    problems: Vec<Diagnostic>,
    missing: Vec<Missing>,
    warnings: Vec<Diagnostic>,
}

/// The valid part of a document.
#[derive(Clone, Debug)]
pub struct Valid {
    /// The part.
    pub document: Document,
    /// The parts that were left out, in the order of the text.
    pub left_out: Vec<Omission>,
}

/// A part of a document that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Omission {
    /// Its name, such as "the operation `pets_list`".
    pub what: String,
    /// The problem, with its place.
    pub reason: Diagnostic,
    /// The number of further problems that it had.
    pub others: usize,
    /// The pointer of what was left out.
    pub pointer: String,
    /// Its `operationId`, if it is an operation.
    pub operation: Option<String>,
}

impl Draft {
    /// Reads a document in YAML or JSON, and the files that it refers to, which `loader` gives. `name` is what errors call
    /// it, usually its path.
    ///
    /// # Errors
    /// If the text is no YAML or JSON, or does not say that it is an OpenAPI document of a version that is read.
    pub fn read(name: &str, text: &str, loader: &dyn Loader) -> Result<Draft> {
        Draft::read_with(name, text, loader, &[])
    }

    /// Reads a document like [`Draft::read`], and lets overlays change it, one after the other.
    ///
    /// # Errors
    /// Like [`Draft::read`].
    pub fn read_with(name: &str, text: &str, loader: &dyn Loader, overlays: &[Overlay]) -> Result<Draft> {
        let source = Source::of_file(name, text);
        let tree = reader::read(name, &source.text).map_err(|fault| fault.in_file(&source))?;
        let mut bundled = bundle::bundle(source, tree, loader);
        let (mut sources, mut tree) = (bundled.sources, bundled.tree);
        for overlay in overlays {
            overlay.apply(&mut tree, &mut sources, &mut bundled.problems);
        }
        let sources: Arc<[Source]> = sources.into();
        let version = checks::version(&sources, &tree)?;
        let mut warnings = mend::shapes(&mut tree, &sources, version);
        warnings.extend(ids::complete(&mut tree));
        let (selection, problems, mut missing) = (Selection::default(), bundled.problems, bundled.missing);
        // Some were meant to lead to components.
        missing.retain(|missing| {
            let reference = tree.at_pointer(&missing.pointer).and_then(Tree::as_text);
            !reference.is_some_and(|reference| reference.starts_with('#'))
        });
        Ok(Draft { sources, version, tree, selection, problems, missing, warnings })
    }

    /// Keeps what [`slice()`](crate::slice::slice()) takes of a document. What is not kept need not be valid.
    ///
    /// # Errors
    /// If a glob or a tag names no operation; the error then has the nearest names.
    pub fn slice(mut self, selection: &Selection) -> Result<Draft> {
        if selection.is_everything() {
            return Ok(self);
        }
        let document = self.document();
        slice_tree(&mut self.tree, &document, selection)?;
        let tree = &self.tree;
        self.problems.retain(|problem| is_kept(tree, &problem.pointer));
        self.missing.retain(|missing| is_kept(tree, &missing.pointer));
        self.warnings.retain(|warning| is_kept(tree, &warning.pointer));
        self.selection = selection.clone();
        Ok(self)
    }

    /// Returns the number of operations.
    #[must_use]
    pub fn operations(&self) -> usize {
        operations(&self.tree.to_value()).count()
    }

    /// Returns the document as it was written, but for what was mended. Nothing is returned of a slice with a path item that
    /// is a reference, which is cut when it is written out.
    #[must_use]
    pub fn written(&self) -> Option<Value> {
        let paths = self.tree.get("paths").and_then(Tree::map);
        let is_whole = self.selection.is_everything();
        let may_be_cut = paths.into_iter().flat_map(|paths| paths.values()).any(|item| item.has("$ref"));
        (is_whole || !may_be_cut).then(|| self.tree.to_value())
    }

    /// Checks the document.
    ///
    /// # Errors
    /// If it is not valid; the error then holds a diagnostic for everything found wrong.
    pub fn check(mut self) -> Result<Document> {
        let mut problems = std::mem::take(&mut self.problems);
        problems.extend(bundle::missing_files(std::mem::take(&mut self.missing)));
        let document = self.document();
        let (remarks, serious) = self.split(&document, checks::structure(&document));
        problems.extend(placed(&document, serious));
        self.leave_out_remarks(&document, remarks);
        drop(document);
        self.canonical();
        let Draft { sources, version, tree, warnings, .. } = self;
        let document = Document::of_tree(&sources, version, tree);
        problems.extend(placed(&document, checks::meaning(&document, false)));
        into_result(&sources, problems)?;
        Ok(finished(document, warnings))
    }

    /// Checks the document, and leaves out what is not valid: the smallest parts without which the rest means what it
    /// meant. A schema without one of its keywords allows more values.
    ///
    /// # Errors
    /// If something is not valid without which there is no document.
    pub fn check_leaving_out(mut self) -> Result<Valid> {
        let mut left_out = Omissions::default();
        let mut found = std::mem::take(&mut self.problems);
        found.extend(std::mem::take(&mut self.missing).into_iter().map(Missing::problem));
        loop {
            let document = self.document();
            let (remarks, serious) = self.split(&document, checks::structure(&document));
            self.leave_out_remarks(&document, remarks);
            found.extend(placed(&document, serious));
            if found.is_empty() {
                break;
            }
            let cut = |at: &str| cut::smallest(document.value(), self.version, at);
            let edits = left_out.edits(&document, std::mem::take(&mut found), cut)?;
            self.tree.edit(&edits);
        }
        self.canonical();
        let document = self.leave_out_meaningless(&mut left_out)?;
        Ok(Valid { document: finished(document, self.warnings), left_out: left_out.told() })
    }

    /// Leaves out what contradicts the rest of a document in the canonical form, until nothing does.
    fn leave_out_meaningless(&mut self, left_out: &mut Omissions) -> Result<Document> {
        loop {
            let document = self.document();
            let found = placed(&document, checks::meaning(&document, true));
            if found.is_empty() {
                return Ok(document);
            }
            let cut = |at: &str| cut::smallest(document.value(), self.version, at);
            let edits = left_out.edits(&document, found, cut)?;
            self.tree.edit(&edits);
        }
    }

    /// Rewrites the document into the canonical form, and mends there what the parts of it say of each other.
    fn canonical(&mut self) {
        canonical::rewrite(&mut self.tree, self.version);
        self.warnings.extend(ids::complete(&mut self.tree));
        if !self.selection.is_everything() {
            let document = self.document();
            // Path items that were references are written out now, and can be cut.
            slice_tree_if_known(&mut self.tree, &document, &self.selection);
        }
        self.warnings.extend(mend::operations(&mut self.tree));
    }

    fn document(&self) -> Document {
        Document::of_tree(&self.sources, self.version, self.tree.clone())
    }

    /// Splits problems into those of remarks, with what is left out of them, and all others.
    fn split(
        &self,
        document: &Document,
        problems: Vec<Diagnostic>,
    ) -> (Vec<(Diagnostic, Cut)>, Vec<Diagnostic>) {
        let (mut remarks, mut serious) = (Vec::new(), Vec::new());
        for problem in problems {
            match cut::smallest(document.value(), self.version, &problem.pointer) {
                Some(cut) if cut.is_remark => remarks.push((problem, cut)),
                _ => serious.push(problem),
            }
        }
        (remarks, serious)
    }

    fn leave_out_remarks(&mut self, document: &Document, remarks: Vec<(Diagnostic, Cut)>) {
        let mut edits = BTreeMap::new();
        for (mut problem, cut) in remarks {
            problem.location = document.nearest(&problem.pointer);
            problem.help = format!("it is left out; {}", problem.help);
            self.warnings.push(problem);
            edits.insert(cut.at, cut.edit);
        }
        self.tree.edit(&edits);
    }
}

/// Leaves out defaults that break their schemas, and keeps the warnings.
fn finished(document: Document, mut warnings: Vec<Diagnostic>) -> Document {
    let found = values::check(&document);
    let defaults: BTreeMap<String, Edit> =
        found.iter().map(|warning| (warning.pointer.clone(), Edit::Remove)).collect();
    warnings.extend(found);
    let document = if defaults.is_empty() {
        document
    } else {
        let mut tree = document.to_tree();
        tree.edit(&defaults);
        Document::of_tree(&document.sources, document.version(), tree)
    };
    document.with_warnings(warnings)
}

impl Document {
    /// Leaves out the operations and components that the diagnostics of `error` are about, and what needs them.
    ///
    /// # Errors
    /// If a diagnostic is about no operation and no component.
    pub fn without(&self, error: &Error) -> Result<Valid> {
        let mut left_out = Omissions::default();
        let mut draft = Draft {
            sources: Arc::clone(&self.sources),
            version: Version::NEWEST,
            tree: self.to_tree(),
            selection: Selection::default(),
            problems: Vec::new(),
            missing: Vec::new(),
            warnings: Vec::new(),
        };
        let edits = left_out.edits(self, error.diagnostics().to_vec(), |at| cut::unit(self.value(), at))?;
        draft.tree.edit(&edits);
        draft.leave_out_meaningless(&mut left_out)?;
        let document = Document::of_tree(&self.sources, self.version(), draft.tree);
        let document = document.with_warnings(self.warnings().diagnostics().to_vec());
        Ok(Valid { document, left_out: left_out.told() })
    }
}

/// Returns `true` if the operation or component that a pointer leads into is still there.
fn is_kept(tree: &Tree, pointer: &str) -> bool {
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    let length = match steps.first() {
        Some(&("paths" | "components")) => 3,
        _ => 1,
    };
    let unit: String = steps.iter().take(length).flat_map(|step| ["/", step]).collect();
    tree.at_pointer(&unit).is_some()
}

/// The parts that were left out so far.
#[derive(Default)]
struct Omissions {
    found: Vec<Omission>,
    places: BTreeMap<String, usize>,
    gone: BTreeSet<String>,
}

impl Omissions {
    /// Returns the edits that leave out what has these problems, each by what `cut` finds for its pointer.
    ///
    /// # Errors
    /// If nothing can be left out because of a problem.
    fn edits(
        &mut self,
        document: &Document,
        problems: Vec<Diagnostic>,
        cut: impl Fn(&str) -> Option<Cut>,
    ) -> Result<BTreeMap<String, Edit>> {
        let (mut edits, mut hopeless) = (BTreeMap::new(), Vec::new());
        for mut problem in problems {
            if problem.location == Location::default() {
                problem.location = document.nearest(&problem.pointer);
            }
            match cut(&problem.pointer) {
                Some(cut) => {
                    self.add(document, &cut, problem);
                    edits.insert(cut.at, cut.edit);
                }
                None => hopeless.push(problem),
            }
        }
        into_result(&document.sources, hopeless)?;
        Ok(edits)
    }

    fn add(&mut self, document: &Document, cut: &Cut, mut reason: Diagnostic) {
        if let Some(known) = self.places.get(&cut.at).and_then(|place| self.found.get_mut(*place)) {
            known.others += 1;
            return;
        }
        let value = document.value().pointer(&reason.pointer).and_then(Value::as_str);
        let target = value.and_then(pointer::of_reference);
        if target.is_some_and(|target| self.gone.contains(&target)) {
            "what it refers to was left out".clone_into(&mut reason.message);
        }
        if cut.edit == Edit::Remove {
            self.gone.insert(cut.at.clone());
        }
        self.places.insert(cut.at.clone(), self.found.len());
        let what = described(document.value(), cut);
        let is_operation = cut.at.starts_with("/paths/") && cut.at.matches('/').count() == 3;
        let id = document.value().pointer(&cut.at).and_then(|cut| cut.get("operationId")?.as_str());
        let operation = id.filter(|_| is_operation).map(str::to_owned);
        self.found.push(Omission { what, reason, others: 0, pointer: cut.at.clone(), operation });
    }

    /// Returns what was left out, besides what was in something that was left out later.
    fn told(self) -> Vec<Omission> {
        let Omissions { mut found, gone, .. } = self;
        found.retain(|omission| {
            let mut around =
                std::iter::successors(pointer::parent(&omission.pointer), |at| pointer::parent(at));
            !around.any(|at| gone.contains(at))
        });
        found.sort_by_key(|omission| {
            let at = omission.reason.location;
            (at.file, at.line, at.column)
        });
        found
    }
}

/// Returns the name of what is left out.
fn described(root: &Value, cut: &Cut) -> String {
    let steps: Vec<String> = pointer::steps(&cut.at).collect();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    let emptied = if cut.edit == Edit::Empty { ", which is any value now" } else { "" };
    match steps.as_slice() {
        ["paths", path] => format!("the path `{path}`"),
        ["paths", path, method] => {
            let id = root.pointer(&cut.at).and_then(|operation| operation.get("operationId"));
            let id = id.and_then(Value::as_str).map_or_else(String::new, |id| format!("`{id}`, "));
            format!("the operation {id}{} {path}", method.to_uppercase())
        }
        ["components", kind, name] => {
            let kind = match *kind {
                "schemas" => "schema",
                "responses" => "response",
                "parameters" => "parameter",
                "requestBodies" => "request body",
                "headers" => "header",
                "securitySchemes" => "security scheme",
                other => other.trim_end_matches('s'),
            };
            format!("the {kind} `{name}`{emptied}")
        }
        _ => {
            let name =
                ["name", "operationId"].into_iter().find_map(|key| root.pointer(&cut.at)?.get(key)?.as_str());
            let last = steps.last().copied().unwrap_or_default();
            let is_reference = last == "$ref";
            let what = match (steps.iter().rev().nth(1), name) {
                (Some(&"parameters"), Some(name)) => format!("the parameter `{name}`"),
                (Some(&"properties"), _) => format!("the schema of `{last}`"),
                (Some(&"security"), _) => "a security requirement".to_owned(),
                _ if is_reference => "the reference".to_owned(),
                _ => format!("`{last}`"),
            };
            let in_place = if is_reference { ", in whose place any value stands" } else { emptied };
            format!("{what}{in_place}")
        }
    }
}

#[cfg(test)]
mod tests;
