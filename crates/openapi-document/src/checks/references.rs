//! Checks that the target of every reference is in the document and of the right kind.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::findings::Findings;
use crate::document::Document;
use crate::grammar::{self, Shape};
use crate::{pointer, walk};

/// References without a target, from which on a document that lacks the targets of most was never bundled.
const MIN_UNBUNDLED: usize = 20;

/// Finds references to nothing, to the wrong kind of thing, and in a circle. If most of them lead nowhere, that is one
/// problem, unless `each` is wanted.
pub(super) fn check(findings: &mut Findings<'_>, each: bool) {
    let document = findings.document;
    let mut links = Links::default();
    let mut dangling = Dangling::default();
    walk::walk(document.value(), |value, shape, at| {
        links.add(value, shape, at);
        let Some(Value::String(reference)) = grammar::reference(value, shape) else { return };
        let here = || pointer::child(at, "$ref");
        dangling.of += 1;
        // What leads to other files was told when those were looked for.
        if !reference.starts_with('#') {
            if each {
                findings.add(&here(), format!("`{reference}` leads to a file that was not read"), "");
            }
            return;
        }
        let Some(target) = pointer::of_reference(reference) else {
            let message = format!("`{reference}` leads nowhere");
            return findings.add(&here(), message, "refer to a component, as in `#/components/schemas/NAME`");
        };
        if document.value().pointer(&target).is_none() {
            return dangling.found.push((here(), reference, target));
        }
        if let (Some(expected), Some(actual)) = (name(shape), name(walk::shape_at(&target)))
            && expected != actual
        {
            let message = format!("`{reference}` leads to a {actual} where a {expected} is needed");
            findings.add(&here(), message, format!("refer to a {expected}"));
        }
    });
    dangling.tell(findings, each);
    for circle in links.circles() {
        let message = format!("references in a circle: {}", spelt_out(&circle));
        let help = "write one of them out instead of referring to the next";
        findings.add(circle.first().copied().unwrap_or_default(), message, help);
    }
}

/// References to what is not there, by where they are written.
#[derive(Default)]
struct Dangling<'a> {
    found: Vec<(String, &'a str, String)>,
    /// The number of all references.
    of: usize,
}

impl Dangling<'_> {
    fn tell(self, findings: &mut Findings<'_>, each: bool) {
        let (count, of) = (self.found.len(), self.of);
        if let Some((at, reference, _)) = self.found.first()
            && !each
            && count >= MIN_UNBUNDLED
            && count > of / 2
        {
            let targets: HashSet<&str> = self.found.iter().map(|(.., target)| target.as_str()).collect();
            let message = format!(
                "the document was never bundled: {count} of its {of} references lead to {} parts that are not in it, `{reference}` first",
                targets.len()
            );
            return findings.add(
                at,
                message,
                "bundle it with the files that it is made of, and read the result",
            );
        }
        for (at, reference, target) in self.found {
            let message = format!("`{reference}` leads nowhere");
            let help = if findings.is_full() { String::new() } else { missing(findings.document, &target) };
            findings.add(&at, message, help);
        }
    }
}

/// Returns the pointers along a cycle, without the middle of a long one.
fn spelt_out(circle: &[&str]) -> String {
    const ENDS: usize = 3;
    let links = |links: &[&str]| links.iter().map(|link| format!("#{link}")).collect::<Vec<_>>().join(" -> ");
    match (circle.get(..ENDS), circle.get(ENDS..circle.len().saturating_sub(ENDS))) {
        (Some(first), Some(middle)) if middle.len() > 1 => {
            let last = circle.get(circle.len() - ENDS..).unwrap_or_default();
            format!("{} -> … {} more … -> {}", links(first), middle.len(), links(last))
        }
        _ => links(circle),
    }
}

fn name(shape: Shape) -> Option<&'static str> {
    match shape {
        Shape::Object(object) | Shape::Reference(object) => Some(object.name),
        Shape::FlagOr(shape) => name(*shape),
        _ => None,
    }
}

/// Returns names similar to the missing one, which is mostly misspelt.
fn missing(document: &Document, target: &str) -> String {
    let wanted = pointer::steps(target).last().unwrap_or_default().to_lowercase();
    let siblings = pointer::parent(target).and_then(|parent| document.value().pointer(parent));
    let alike = siblings.and_then(Value::as_object).and_then(|siblings| {
        siblings.keys().find(|key| {
            let key = key.to_lowercase();
            key == wanted || key.starts_with(&wanted) || (!key.is_empty() && wanted.starts_with(&key))
        })
    });
    match alike {
        Some(name) => format!("did you mean `{name}`?"),
        None => "add what it refers to, or correct the reference".to_owned(),
    }
}

/// Returns the pointers of what a schema is composed of.
fn parts(value: &Value, at: &str) -> Vec<String> {
    let lists = ["allOf", "oneOf", "anyOf"].into_iter().flat_map(|key| {
        let parts = value.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        (0..parts).map(move |index| format!("{at}/{key}/{index}"))
    });
    let not = value.get("not").map(|_| pointer::child(at, "not"));
    lists.chain(not).collect()
}

/// The objects that each object depends on: the target of a reference, the parts of a composition. Properties and items
/// are no dependencies, since a schema may contain itself through them.
#[derive(Default)]
struct Links {
    order: Vec<String>,
    targets: HashMap<String, Vec<String>>,
}

impl Links {
    fn add(&mut self, value: &Value, shape: Shape, at: &str) {
        let targets: Vec<String> = match grammar::reference(value, shape) {
            Some(reference) => reference.as_str().and_then(pointer::of_reference).into_iter().collect(),
            None if walk::is_schema(shape) => parts(value, at),
            None => return,
        };
        self.order.push(at.to_owned());
        self.targets.insert(at.to_owned(), targets);
    }

    /// Returns the cycles among the links, each once, in the order of the document.
    fn circles(&self) -> Vec<Vec<&str>> {
        let mut circles = Vec::new();
        // Whether an object is on the way being followed; without an entry it has not been reached yet.
        let mut on_way: HashMap<&str, bool> = HashMap::new();
        for start in &self.order {
            if on_way.contains_key(start.as_str()) {
                continue;
            }
            on_way.insert(start, true);
            let mut way = vec![(start.as_str(), self.next(start))];
            while let Some((at, rest)) = way.last_mut() {
                let Some(target) = rest.next() else {
                    on_way.insert(at, false);
                    way.pop();
                    continue;
                };
                match on_way.get(target) {
                    Some(false) => {}
                    Some(true) => {
                        let way = way.iter().map(|(at, _)| *at);
                        circles.push(way.skip_while(|at| *at != target).chain([target]).collect());
                    }
                    None => {
                        on_way.insert(target, true);
                        way.push((target, self.next(target)));
                    }
                }
            }
        }
        circles
    }

    fn next<'a>(&'a self, at: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.targets.get(at).into_iter().flatten().map(String::as_str)
    }
}
