//! The places that a bare name may mean: every property, every parameter and every value of an enumeration that is
//! called so, each with the question that is about it alone.

use super::called::each;
use super::item::Item;
use super::question::resolve;
use openapi_document::document::Document;
use openapi_document::{operations, pointer};

/// One of several places with the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The pointer of the property, parameter or value.
    pub pointer: String,
    /// The question that asks about it alone.
    pub question: String,
}

/// Returns the properties, parameters and values of enumerations that are called `name`, in the order of the document.
#[must_use]
pub fn places(document: &Document, items: &[Item], name: &str) -> Vec<Place> {
    let mut found = Vec::new();
    each(document, |called, pointer| {
        if called == name {
            let question = question(document, items, &pointer);
            found.push(Place { pointer, question });
        }
    });
    found
}

/// Returns the shortest question that is about the place at `pointer`: a path of names if one leads there, else the pointer.
fn question(document: &Document, items: &[Item], pointer: &str) -> String {
    let by_name = path_of_names(document, pointer);
    let leads_there = |question: &String| resolve(document, items, question).as_deref() == Ok(pointer);
    by_name.filter(leads_there).unwrap_or_else(|| format!("#{pointer}"))
}

fn path_of_names(document: &Document, pointer: &str) -> Option<String> {
    let steps: Vec<String> = pointer::steps(pointer).collect();
    let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
    let (start, rest) = match steps.as_slice() {
        ["components", _, name, rest @ ..] => ((*name).to_owned(), rest),
        ["paths", path, method, rest @ ..] if operations::is_method(method) => {
            let operation = document.value().get("paths")?.get(path)?.get(method)?;
            (operation.get("operationId")?.as_str()?.to_owned(), rest)
        }
        _ => return None,
    };
    let mut names = vec![start];
    let mut rest = rest.iter().copied();
    while let Some(step) = rest.next() {
        match step {
            "properties" => names.push(rest.next()?.to_owned()),
            "parameters" => {
                rest.next();
                names.push(document.value().pointer(pointer)?.get("name")?.as_str()?.to_owned());
            }
            "items" => {}
            "enum" => {
                rest.next();
                names.push(document.value().pointer(pointer)?.as_str()?.to_owned());
            }
            "allOf" => drop(rest.next()),
            _ => return None,
        }
    }
    Some(names.join("."))
}
