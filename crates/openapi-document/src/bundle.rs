//! Makes one document of a document and the files it refers to.
//!
//! Things in other files become components under the last words of their references, and path items are written out.
//! Nothing is fetched: the caller gives the files.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;

use crate::error::Diagnostic;
use crate::grammar::{DOCUMENT, OPERATION, SECURITY_SCHEME, Shape};
use crate::loader::Loader;
use crate::source::{Location, Source};
use crate::tree::{Content, Tree};
use crate::{pointer, reader};

/// Files that a document may refer to.
const MAX_FILES: usize = 1_000;
/// Things in other files that a document may refer to.
const MAX_REFERENCES: usize = 100_000;
/// Files that cannot be had which are told; a document that came without its files has as many as references.
const MAX_MISSING: usize = 3;

/// One document, and the files it was made from.
pub(crate) struct Bundled {
    pub(crate) tree: Tree,
    pub(crate) sources: Vec<Source>,
    /// The problems of references to other files, which are left as they are.
    pub(crate) problems: Vec<Diagnostic>,
    /// The references to files that cannot be had, which are left as they are, too.
    pub(crate) missing: Vec<Missing>,
}

/// Where the components of a kind stand, by the name of their object.
const SECTIONS: [(&str, &str); 10] = [
    ("schema", "schemas"),
    ("response", "responses"),
    ("parameter", "parameters"),
    ("example", "examples"),
    ("request body", "requestBodies"),
    ("header", "headers"),
    ("security scheme", "securitySchemes"),
    ("link", "links"),
    ("callback", "callbacks"),
    ("path item", "pathItems"),
];

/// Bundles the document `tree`, which was read from `source`, with the files that `loader` gives.
pub(crate) fn bundle(source: Source, mut tree: Tree, loader: &dyn Loader) -> Bundled {
    let mut bundle = Bundle {
        loader,
        // References into the document itself stay as they are.
        files: vec![File { source, tree: Tree::new(tree.at, Content::Null) }],
        known: BTreeMap::new(),
        taken: taken(&tree),
        own: tree.text("$self").map(str::to_owned),
        components: Vec::new(),
        open: Vec::new(),
        way: String::new(),
        problems: Vec::new(),
        unreadable: BTreeMap::new(),
        missing: Vec::new(),
        references: 0,
    };
    bundle.visit(&mut tree, Shape::Object(&DOCUMENT), 0);
    while let Some((section, name, mut component, shape, file)) = bundle.open.pop() {
        bundle.way = format!("/components/{section}/{}", pointer::escape(&name));
        bundle.visit(&mut component, shape, file);
        bundle.components.push((section, name, component));
    }
    bundle.components.sort_by(|left, right| (left.0, &left.1).cmp(&(right.0, &right.1)));
    for (section, name, component) in std::mem::take(&mut bundle.components) {
        let holder = tree.entry("components").and_then(|components| components.entry(section));
        if let Some(holder) = holder {
            holder.put_tree(&name, component);
        }
    }
    let sources = bundle.files.into_iter().map(|file| file.source).collect();
    Bundled { tree, sources, problems: bundle.problems, missing: bundle.missing }
}

struct File {
    source: Source,
    tree: Tree,
}

struct Bundle<'a> {
    loader: &'a dyn Loader,
    /// The document and the files read so far.
    files: Vec<File>,
    /// The component that each place in another file has become.
    known: BTreeMap<(usize, String, &'static str), String>,
    /// The names of components, by section.
    taken: BTreeSet<(String, String)>,
    /// The URI that the document gives itself.
    own: Option<String>,
    components: Vec<(&'static str, String, Tree)>,
    /// Components whose own references are still to be followed.
    open: Vec<(&'static str, String, Tree, Shape, usize)>,
    /// The pointer of what is being looked at.
    way: String,
    problems: Vec<Diagnostic>,
    /// The files that cannot be had, and why.
    unreadable: BTreeMap<String, String>,
    missing: Vec<Missing>,
    references: usize,
}

/// A reference to a file that cannot be had.
#[derive(Clone)]
pub(crate) struct Missing {
    file: String,
    reference: String,
    at: Location,
    pub(crate) pointer: String,
    reason: String,
}

fn taken(tree: &Tree) -> BTreeSet<(String, String)> {
    let sections = tree.get("components").and_then(Tree::map).into_iter().flatten();
    let names = sections.flat_map(|(section, components)| {
        let names = components.map().into_iter().flat_map(IndexMap::keys);
        names.map(|name| (section.clone(), name.clone())).collect::<Vec<_>>()
    });
    names.collect()
}

impl Bundle<'_> {
    /// Replaces every reference out of `file` below `tree`, which has this shape. Recursive, as no file is deeper than its
    /// reader allows.
    fn visit(&mut self, tree: &mut Tree, shape: Shape, file: usize) {
        if matches!(shape, Shape::Any) {
            return;
        }
        if let Some(object) = shape.object()
            && tree.text("$ref").is_some()
            && let Some(section) =
                SECTIONS.iter().find(|(name, _)| *name == object.name).map(|(_, section)| *section)
        {
            return self.reference(tree, shape, section, file);
        }
        if let Some(mapping) = tree.get_mut("discriminator").and_then(|tree| tree.get_mut("mapping"))
            && crate::walk::is_schema(shape)
        {
            for (_, target) in mapping.map_mut().into_iter().flatten() {
                self.mapped(target, file);
            }
        }
        if shape.object().is_some_and(|object| [DOCUMENT.name, OPERATION.name].contains(&object.name)) {
            let alternatives = tree.get_mut("security").and_then(Tree::list_mut).into_iter().flatten();
            alternatives.for_each(|alternative| self.requirement(alternative, file));
        }
        match &mut tree.content {
            Content::Map(map) => {
                for (key, member) in map {
                    self.step(key, member, shape, file);
                }
            }
            Content::List(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.step(&index.to_string(), item, shape, file);
                }
            }
            _ => {}
        }
    }

    fn step(&mut self, key: &str, member: &mut Tree, shape: Shape, file: usize) {
        let length = self.way.len();
        pointer::push(&mut self.way, key);
        self.visit(member, shape.step(key), file);
        self.way.truncate(length);
    }

    fn reference(&mut self, tree: &mut Tree, shape: Shape, section: &'static str, file: usize) {
        let Some(node) = tree.get("$ref") else { return };
        let (at, Some(reference)) = (node.at, node.as_text().map(str::to_owned)) else { return };
        if file == 0 && reference.starts_with('#') {
            return;
        }
        let Some((target_file, target_at)) = self.locate(&reference, file, at) else { return };
        if target_file == 0 {
            tree.put("$ref", Content::Text(format!("#{target_at}")));
            return;
        }
        let Some(target) = self.target(target_file, &target_at, at, &reference) else { return };
        if section == "pathItems" {
            let (key, mut written_out) = (tree.key, target);
            self.visit(&mut written_out, shape, target_file);
            *tree = Tree { key, ..written_out };
            return;
        }
        let name = self.component(target_file, &target_at, section, target, shape);
        tree.put("$ref", Content::Text(format!("#/components/{section}/{}", pointer::escape(&name))));
    }

    /// Rewrites a target of a discriminator, which may also be the name of a component.
    fn mapped(&mut self, target: &mut Tree, file: usize) {
        let (at, Some(reference)) = (target.at, target.as_text().map(str::to_owned)) else { return };
        let leads_out = reference.contains(['#', '/', '.']) && !(file == 0 && reference.starts_with('#'));
        if !leads_out {
            return;
        }
        let Some((target_file, target_at)) = self.locate(&reference, file, at) else { return };
        if target_file == 0 {
            target.content = Content::Text(format!("#{target_at}"));
            return;
        }
        let Some(found) = self.target(target_file, &target_at, at, &reference) else { return };
        let shape = Shape::Reference(&crate::grammar::SCHEMA);
        let name = self.component(target_file, &target_at, "schemas", found, shape);
        target.content = Content::Text(format!("#/components/schemas/{}", pointer::escape(&name)));
    }

    /// Rewrites the security schemes that are asked for by a URI to the names of their components.
    fn requirement(&mut self, alternative: &mut Tree, file: usize) {
        const SECTION: &str = "securitySchemes";
        let Content::Map(map) = &mut alternative.content else { return };
        for (key, scopes) in std::mem::take(map) {
            let is_name = !key.contains('#') || self.taken.contains(&(SECTION.to_owned(), key.clone()));
            let is_elsewhere = is_name || key.contains("://") && !self.is_own(&key);
            let located = if is_elsewhere { None } else { self.locate(&key, file, scopes.place()) };
            let name = match located {
                Some((0, at)) => {
                    let name = at.strip_prefix("/components/securitySchemes/");
                    name.filter(|name| !name.contains('/')).map(pointer::unescape)
                }
                Some((target_file, at)) => {
                    let shape = Shape::Reference(&SECURITY_SCHEME);
                    let target = self.target(target_file, &at, scopes.place(), &key);
                    target.map(|target| self.component(target_file, &at, SECTION, target, shape))
                }
                None => None,
            };
            map.insert(name.unwrap_or(key), scopes);
        }
    }

    /// Returns `true` if a reference leads into the document by the URI that it gives itself.
    fn is_own(&self, reference: &str) -> bool {
        let uri = reference.split_once('#').map_or(reference, |(uri, _)| uri);
        self.own.as_deref() == Some(uri)
    }

    /// Returns the name of the component that `target`, at `at` of a file, becomes.
    fn component(
        &mut self,
        file: usize,
        at: &str,
        section: &'static str,
        target: Tree,
        shape: Shape,
    ) -> String {
        if let Some(known) = self.known.get(&(file, at.to_owned(), section)) {
            return known.clone();
        }
        let stem = self.files.get(file).map(|file| stem(&file.source.name)).unwrap_or_default();
        let last = pointer::steps(at).last().unwrap_or(stem);
        let plain: String =
            last.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '_' }).collect();
        let wanted = if plain.trim_matches('_').is_empty() { "Component".to_owned() } else { plain };
        let others = (2..).map(|number: u64| format!("{wanted}_{number}"));
        let mut names = std::iter::once(wanted.clone()).chain(others);
        let name = names.find(|name| self.taken.insert((section.to_owned(), name.clone()))).unwrap_or(wanted);
        self.known.insert((file, at.to_owned(), section), name.clone());
        self.open.push((section, name.clone(), target, shape, file));
        name
    }

    /// Returns the file and the pointer that a reference in `file` leads to.
    fn locate(&mut self, reference: &str, file: usize, at: Location) -> Option<(usize, String)> {
        self.references += 1;
        if self.references > MAX_REFERENCES {
            self.problem(
                at,
                format!("more than {MAX_REFERENCES} references lead to other files"),
                "bundle the document first",
            );
            return None;
        }
        let (path, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let target_at = pointer::of_reference(&format!("#{fragment}"))?;
        if path.is_empty() {
            return Some((file, target_at));
        }
        if (file == 0 || path.contains("://")) && self.is_own(path) {
            return Some((0, target_at));
        }
        if path.contains("://") {
            let help = "copy what it refers to beside the document: nothing is fetched over the network";
            self.problem(at, format!("`{reference}` leads to another host"), help);
            return None;
        }
        let from = self.files.get(file).map(|file| file.source.name.clone()).unwrap_or_default();
        let base = if file == 0 { "" } else { from.as_str() };
        let Some(name) = joined(base, path) else {
            let help = "put the file below the directory of the document";
            self.problem(at, format!("`{reference}` leads out of the directory of the document"), help);
            return None;
        };
        if let Some(known) = self.files.iter().position(|file| file.source.name == name) {
            return Some((known, target_at));
        }
        self.read(&name, reference, at).map(|file| (file, target_at))
    }

    /// Reads a file, and returns its number.
    fn read(&mut self, name: &str, reference: &str, at: Location) -> Option<usize> {
        if self.files.len() > MAX_FILES {
            self.problem(
                at,
                format!("the document refers to more than {MAX_FILES} files"),
                "bundle the document first",
            );
            return None;
        }
        let loaded = match self.unreadable.get(name) {
            Some(reason) => Err(reason.clone()),
            None => self.loader.load(name).map_err(|fault| fault.to_string()),
        };
        let text = match loaded {
            Ok(text) => text,
            Err(reason) => {
                self.unreadable.insert(name.to_owned(), reason.clone());
                let (file, reference) = (name.to_owned(), reference.to_owned());
                let pointer = pointer::child(&self.way, "$ref");
                self.missing.push(Missing { file, reference, at, pointer, reason });
                return None;
            }
        };
        let source = Source::of_file(name, &text);
        let number = self.files.len();
        match reader::read(name, &source.text) {
            Ok(mut tree) => {
                tree.mark(number);
                self.files.push(File { source, tree });
                Some(number)
            }
            Err(fault) => {
                let location = fault.location.in_file(number);
                self.files.push(File { source, tree: Tree::new(location, Content::Null) });
                self.problem(location, fault.message, fault.help);
                None
            }
        }
    }

    fn target(&mut self, file: usize, pointer: &str, at: Location, reference: &str) -> Option<Tree> {
        let found = self.files.get(file).and_then(|file| file.tree.at_pointer(pointer)).cloned();
        if found.is_none() {
            self.problem(
                at,
                format!("`{reference}` leads nowhere"),
                "add what it refers to, or correct the reference",
            );
        }
        found
    }

    fn problem(&mut self, location: Location, message: String, help: &str) {
        let pointer = pointer::child(&self.way, "$ref");
        self.problems.push(Diagnostic { message, location, pointer, help: help.to_owned() });
    }
}

impl Missing {
    /// Returns the problem that this is alone.
    pub(crate) fn problem(self) -> Diagnostic {
        let Missing { reference, at, pointer, reason, .. } = self;
        let message =
            format!("`{reference}` leads out of this document, to a file that cannot be read: {reason}");
        let help = "put the file there, or copy what it refers to into this document's components";
        Diagnostic { message, location: at, pointer, help: help.to_owned() }
    }
}

/// Returns the problems that missing files are: of a few, each where it is first referred to; of many, one.
pub(crate) fn missing_files(missing: Vec<Missing>) -> Vec<Diagnostic> {
    let references = missing.len();
    let mut first: BTreeMap<String, Missing> = BTreeMap::new();
    for reference in missing {
        first.entry(reference.file.clone()).or_insert(reference);
    }
    let files = first.len();
    let mut problems = first.into_values();
    if files <= MAX_MISSING {
        return problems.map(Missing::problem).collect();
    }
    let one = problems.next().map(|Missing { reference, at, pointer, reason, .. }| {
        let message = format!(
            "the document is in pieces: {references} references lead to {files} files that cannot be read, `{reference}` first: {reason}"
        );
        let help = "put the files beside it, or bundle the document before it is read";
        Diagnostic { message, location: at, pointer, help: help.to_owned() }
    });
    one.into_iter().collect()
}

/// Returns `path` as seen from the directory of the file `from`; `None` if it leads out of the directory of the document.
fn joined(from: &str, path: &str) -> Option<String> {
    let path = pointer::percent_decoded(path);
    if path.starts_with('/') || path.contains(['\\', ':', '\0']) {
        return None;
    }
    let mut steps: Vec<&str> = from.split('/').filter(|step| !step.is_empty()).collect();
    steps.pop();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

/// Returns the name of a file without its directory and its ending.
fn stem(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.split('.').next().unwrap_or(file).to_owned()
}
