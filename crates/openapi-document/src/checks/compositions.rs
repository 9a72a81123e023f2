//! Checks that compositions stay small when they are written out.
//!
//! Whoever makes a type of an `allOf`, `oneOf` or `anyOf` follows every reference in it, and those in what they lead to.
//! Schemas that name the next one twice double with each step, so that a page of text stands for more than any memory
//! holds. Properties and items are not followed: what they lead to has a type of its own.

use std::collections::HashMap;

use serde_json::Value;

use super::findings::Findings;
use crate::grammar::{self, Shape};
use crate::{pointer, walk};

/// The most schemas of a composition. Real ones have at most a few hundred.
const MAX_SCHEMAS: usize = 10_000;

/// Finds the first schemas that exceed the limit. Schemas composed of them exceed it as well, and are not reported.
pub(super) fn check(findings: &mut Findings<'_>) {
    let mut order = Vec::new();
    let mut parts: HashMap<String, Vec<String>> = HashMap::new();
    walk::walk(findings.document.value(), |value, shape, at| {
        if walk::is_schema(shape) {
            order.push(at.to_owned());
            parts.insert(at.to_owned(), composed_of(value, shape, at));
        }
    });
    let sizes = sizes(&order, &parts);
    let size = |at: &str| sizes.get(at).copied().unwrap_or(1);
    for at in order.iter().filter(|at| size(at) > MAX_SCHEMAS) {
        let of = parts.get(at).into_iter().flatten();
        if of.clone().all(|part| size(part) <= MAX_SCHEMAS) {
            let message =
                format!("this composition expands to more than {MAX_SCHEMAS} schemas when it is written out");
            findings.add(at, message, "leave out parts that are in it more than once");
        }
    }
}

/// Returns the pointers of what a schema is composed of, or stands for.
fn composed_of(value: &Value, shape: Shape, at: &str) -> Vec<String> {
    if let Some(reference) = grammar::reference(value, shape) {
        return reference.as_str().and_then(pointer::of_reference).into_iter().collect();
    }
    let lists =
        ["allOf", "oneOf", "anyOf"].into_iter().filter_map(|key| Some((key, value.get(key)?.as_array()?)));
    lists.flat_map(|(key, list)| (0..list.len()).map(move |index| format!("{at}/{key}/{index}"))).collect()
}

/// Returns the number of schemas that each is composed of. A cycle is counted once. Parts are computed before what is
/// composed of them, without recursion, as a chain of references may be long.
fn sizes<'a>(order: &'a [String], parts: &'a HashMap<String, Vec<String>>) -> HashMap<&'a str, usize> {
    let mut sizes: HashMap<&str, usize> = HashMap::new();
    let of = |at: &str| parts.get(at).map(Vec::as_slice).unwrap_or_default();
    for start in order {
        let mut way: Vec<(&str, usize)> = vec![(start, 0)];
        while let Some((at, next)) = way.last_mut() {
            if let Some(part) = of(at).get(*next) {
                *next += 1;
                if !sizes.contains_key(part.as_str()) {
                    // Until it is settled, which stops a circle.
                    sizes.insert(part, 1);
                    way.push((part, 0));
                }
                continue;
            }
            let size = of(at).iter().fold(1_usize, |sum, part| {
                sum.saturating_add(sizes.get(part.as_str()).copied().unwrap_or(1))
            });
            sizes.insert(at, size);
            way.pop();
        }
    }
    sizes
}
