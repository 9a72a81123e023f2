//! Resolves a question – a pointer, a name from the document or the path of a generated Rust item – to one place in the
//! document.

use serde_json::Value;

use super::item::Item;
use super::nearest::nearest;
use openapi_document::document::Document;
use openapi_document::model::Place;
use openapi_document::operations::operations;
use openapi_document::pointer;

/// A question about nothing that there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The names nearest to the one in the question, in the form in which they can be asked about.
    pub nearest: Vec<String>,
}

/// Returns the pointer of what `question` is about. It may be
///
/// - a pointer, `#/components/schemas/Pet`, or what it points to as a path, `/pets/` or `GET /pets/`;
/// - a name in the document: an operation's id or a component's name, followed by the names of what is in it,
///   `Pet.owner.name` or `pets_list.page`;
/// - a generated item, with or without its module: `Pet::owner`, `pets_types::Pet`, `PetsList::page`.
///
/// # Errors
/// If there is no such thing.
pub fn resolve(document: &Document, items: &[Item], question: &str) -> Result<String, Unknown> {
    let question = question.trim();
    let found = if question.starts_with(['#', '/']) { addressed(document, question) } else { None };
    let found = found.or_else(|| by_method(document, question));
    let found = found.or_else(|| {
        let segments: Vec<&str> = question.split("::").flat_map(|part| part.split('.')).collect();
        let modules = segments.iter().take_while(|segment| is_module(segment)).count();
        // A lowercase name may be an operation's id as well, so it is dropped only if need be.
        (0..=modules.min(segments.len().saturating_sub(1))).find_map(|dropped| {
            let path = segments.get(dropped..)?;
            item(items, path).or_else(|| named(document, path))
        })
    });
    found.ok_or_else(|| Unknown { nearest: candidates(document, items, question) })
}

fn is_module(segment: &str) -> bool {
    segment.starts_with(|letter: char| letter.is_ascii_lowercase() || letter == '_')
}

/// Returns the pointer that a question writes as a reference, as a bare pointer or as a path of the API.
fn addressed(document: &Document, question: &str) -> Option<String> {
    let reference = if question.starts_with('#') { question.to_owned() } else { format!("#{question}") };
    let target = pointer::of_reference(&reference).filter(|at| document.value().pointer(at).is_some());
    target.or_else(|| path(document, question))
}

/// Returns the path of the API that is meant: with its last slash or without, after the base path of a server or without it.
fn path(document: &Document, asked: &str) -> Option<String> {
    let servers = document.value().get("servers").and_then(Value::as_array).into_iter().flatten();
    let urls = servers.filter_map(|server| server.get("url").and_then(Value::as_str));
    let after_base = urls.filter_map(|url| {
        let at = url
            .split_once("://")
            .map_or(url, |(_, rest)| rest.find('/').and_then(|start| rest.get(start..)).unwrap_or_default());
        let rest = asked.strip_prefix(at.trim_end_matches('/'))?;
        rest.starts_with('/').then_some(rest)
    });
    let spellings = std::iter::once(asked).chain(after_base).flat_map(|path| {
        let bare = path.trim_end_matches('/');
        [path.to_owned(), format!("{bare}/"), bare.to_owned()]
    });
    let mut pointers = spellings.map(|path| pointer::child("/paths", &path));
    pointers.find(|at| document.value().pointer(at).is_some())
}

/// Returns `GET /pets/`.
fn by_method(document: &Document, question: &str) -> Option<String> {
    let (method, asked) = question.split_once(' ')?;
    let at = pointer::child(&path(document, asked.trim())?, &method.to_lowercase());
    document.value().pointer(&at).is_some().then_some(at)
}

fn item(items: &[Item], path: &[&str]) -> Option<String> {
    let path = path.join("::");
    items.iter().find(|item| item.kind != "impl" && item.path == path).map(|item| item.origin.clone())
}

/// Returns a component or operation, and what is in it along the names that follow.
fn named(document: &Document, path: &[&str]) -> Option<String> {
    let (first, rest) = path.split_first()?;
    let root = document.value();
    let operation = operations(root)
        .find(|(_, _, operation)| operation.get("operationId").and_then(Value::as_str) == Some(*first))
        .map(|(path, method, _)| format!("{}/{method}", pointer::child("/paths", path)));
    let components = ["schemas", "parameters", "responses", "requestBodies", "securitySchemes"];
    let component = || {
        let pointers = components.iter().map(|kind| pointer::child(&format!("/components/{kind}"), first));
        pointers.into_iter().find(|at| root.pointer(at).is_some())
    };
    let start = operation.or_else(component)?;
    rest.iter().try_fold(start, |at, name| member(document, &at, name))
}

/// Returns the pointer of `name` in the schema or operation at `at`, which may be behind references.
fn member(document: &Document, at: &str, name: &str) -> Option<String> {
    let Place { pointer: at, value: place, .. } = Place::at(document, at)?;
    for map in ["properties", "responses", "x-observed-responses"] {
        if place.get(map).and_then(|map| map.get(name)).is_some() {
            return Some(pointer::child(&pointer::child(&at, map), name));
        }
    }
    let position = |list: &str, is_it: &dyn Fn(&Value) -> bool| {
        let index = place.get(list)?.as_array()?.iter().position(is_it)?;
        Some(format!("{at}/{list}/{index}"))
    };
    let parameter = |value: &Value| document.resolve(value).get("name").and_then(Value::as_str) == Some(name);
    if let Some(found) =
        position("parameters", &parameter).or_else(|| position("enum", &|value| value == name))
    {
        return Some(found);
    }
    if place.get("items").is_some() {
        return member(document, &format!("{at}/items"), name);
    }
    let parts = place.get("allOf")?.as_array()?.len();
    (0..parts).find_map(|part| member(document, &format!("{at}/allOf/{part}"), name))
}

/// Returns the names near `question` that lead somewhere.
fn candidates(document: &Document, items: &[Item], question: &str) -> Vec<String> {
    let root = document.value();
    // Nobody writes the path of an impl, or of a row in a table.
    let items = items.iter().filter(|item| !matches!(item.kind, "impl" | "row"));
    let mut names: Vec<String> = items.map(|item| item.path.clone()).collect();
    names.extend(super::called::names(document));
    names.extend(
        operations(root)
            .filter_map(|(_, _, operation)| Some(operation.get("operationId")?.as_str()?.to_owned())),
    );
    names.extend(
        root.get("paths").and_then(Value::as_object).into_iter().flatten().map(|(path, _)| path.clone()),
    );
    for components in root.get("components").and_then(Value::as_object).into_iter().flatten() {
        for (name, component) in components.1.as_object().into_iter().flatten() {
            names.push(name.clone());
            names.push(format!("#/components/{}/{}", components.0, pointer::escape(name)));
            let properties = component.get("properties").and_then(Value::as_object).into_iter().flatten();
            names.extend(properties.map(|(property, _)| format!("{name}.{property}")));
        }
    }
    nearest(question, names.iter().map(String::as_str))
}
