//! Finds the paths that belong together: a collection, its objects, and what is below them.

use openapi_document::model::{Operation, Segment};

/// A path of the document with its operations.
#[derive(Debug)]
pub(super) struct Route<'m, 'a> {
    pub(super) path: &'a str,
    pub(super) steps: Vec<Step<'a>>,
    pub(super) operations: Vec<&'m Operation<'a>>,
}

/// The part of a path between two slashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    Text(&'a str),
    Variable(&'a str),
    /// A variable beside a text.
    Mixed,
}

impl<'a> Route<'_, 'a> {
    /// Returns the variables, first to last.
    pub(super) fn variables(&self) -> Vec<&'a str> {
        let variables = self.steps.iter().filter_map(|step| match step {
            Step::Variable(name) => Some(*name),
            _ => None,
        });
        variables.collect()
    }

    /// Returns the last text, which says in words what the rows are.
    pub(super) fn word(&self) -> &'a str {
        let texts = self.steps.iter().rev().filter_map(|step| match step {
            Step::Text(text) => Some(*text),
            _ => None,
        });
        texts.into_iter().next().unwrap_or_default()
    }

    /// Returns `true` if `other` is this path and one variable.
    pub(super) fn has_object(&self, other: &Route<'_, '_>) -> bool {
        match other.steps.split_last() {
            Some((Step::Variable(_), before)) => are_alike(before, &self.steps),
            _ => false,
        }
    }

    /// Returns each variable with the steps up to it.
    pub(super) fn ends(&self) -> impl Iterator<Item = (&'a str, &[Step<'a>])> {
        self.steps.iter().enumerate().filter_map(|(position, step)| match step {
            Step::Variable(name) => Some((*name, self.steps.get(..=position)?)),
            _ => None,
        })
    }
}

/// Returns `true` if two paths are the same but for the names of their variables.
pub(super) fn are_alike(one: &[Step<'_>], other: &[Step<'_>]) -> bool {
    let same = |(one, other): (&Step<'_>, &Step<'_>)| match (one, other) {
        (Step::Variable(_), Step::Variable(_)) => true,
        (one, other) => one == other,
    };
    one.len() == other.len() && one.iter().zip(other).all(same)
}

/// Returns the paths of `operations`, in the order of the document.
pub(super) fn routes<'m, 'a>(operations: &'m [Operation<'a>]) -> Vec<Route<'m, 'a>> {
    let mut routes: Vec<Route<'m, 'a>> = Vec::new();
    for operation in operations {
        match routes.iter_mut().find(|route| route.path == operation.path) {
            Some(route) => route.operations.push(operation),
            None => routes.push(Route {
                path: operation.path,
                steps: steps(&operation.template),
                operations: vec![operation],
            }),
        }
    }
    routes
}

fn steps<'a>(template: &[Segment<'a>]) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    // Whether the last step goes on.
    let mut is_open = false;
    for segment in template {
        match segment {
            Segment::Variable(name) if !is_open => {
                steps.push(Step::Variable(name));
                is_open = true;
            }
            Segment::Variable(_) => {
                steps.pop();
                steps.push(Step::Mixed);
            }
            Segment::Text(text) => {
                for (position, part) in text.split('/').enumerate() {
                    if position > 0 {
                        is_open = false;
                    }
                    if part.is_empty() {
                        continue;
                    }
                    if is_open {
                        steps.pop();
                        steps.push(Step::Mixed);
                    } else {
                        steps.push(Step::Text(part));
                    }
                    is_open = true;
                }
            }
        }
    }
    steps
}
