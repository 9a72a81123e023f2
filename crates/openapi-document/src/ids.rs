//! Gives every operation an id, since everything generated for one is called after it, and a document need not have any.

use std::collections::HashSet;

use crate::error::Diagnostic;
use crate::operations::is_method;
use crate::pointer;
use crate::tree::{Content, Tree};

/// Gives each operation that has no `operationId` of its own one that says its method and path. Returns a warning for
/// each that was empty or another operation's.
pub(crate) fn complete(root: &mut Tree) -> Vec<Diagnostic> {
    let mut known = HashSet::new();
    let mut warnings = Vec::new();
    // Every id that is written wins over those that are made.
    let mut nameless: Vec<(String, String, String)> = Vec::new();
    each(root, &mut |path, method, at, operation| {
        let is_free = operation.text(KEY).is_some_and(|id| !id.is_empty() && known.insert(id.to_owned()));
        if !is_free {
            nameless.push((path.to_owned(), method.to_owned(), at.to_owned()));
        }
    });
    for (path, method, at) in nameless {
        let wanted = made_of(&path, &method);
        let others = (2..).map(|number: u64| format!("{wanted}_{number}"));
        let free = std::iter::once(wanted.clone()).chain(others).find(|id| !known.contains(id));
        let id = free.unwrap_or(wanted);
        known.insert(id.clone());
        let Some(operation) = root.at_pointer_mut(&at) else { continue };
        match operation.get(KEY) {
            // What is no text has a check of its own.
            Some(written) if written.as_text().is_none() => continue,
            Some(written) => {
                let text = written.as_text().unwrap_or_default();
                let message = if text.is_empty() {
                    format!("the `operationId` of {} {path} is empty", method.to_uppercase())
                } else {
                    format!("another operation has the operationId `{text}`, too")
                };
                warnings.push(Diagnostic {
                    message,
                    location: written.place(),
                    pointer: pointer::child(&at, KEY),
                    help: format!("it is called `{id}` here; give each operation an id of its own"),
                });
            }
            None => {}
        }
        operation.put(KEY, Content::Text(id));
    }
    warnings
}

/// Calls `visit` for each operation, with its path, its method and its pointer.
fn each(root: &Tree, visit: &mut impl FnMut(&str, &str, &str, &Tree)) {
    for (path, item) in root.get("paths").and_then(Tree::map).into_iter().flatten() {
        let at = pointer::child("/paths", path);
        let operations = item.map().into_iter().flatten().filter(|(key, _)| is_method(key));
        for (method, operation) in operations.filter(|(_, operation)| operation.map().is_some()) {
            visit(path, method, &pointer::child(&at, method), operation);
        }
    }
}

const KEY: &str = "operationId";

/// Returns the id of the operation `method` of `path`: `get_pets_id` of `GET /pets/{id}`.
pub(crate) fn made_of(path: &str, method: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).fold(method.to_owned(), |id, word| id + "_" + &word)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::source::{Location, SpanTree};

    #[test]
    fn what_has_no_id_of_its_own_gets_one() {
        let root = json!({"paths": {
            "/pets/{id}": {"summary": "", "get": {}, "put": {"operationId": "get_pets_id_2"}, "delete": {"operationId": ""}},
            "/pets/id/": {"get": {}, "parameters": []},
            "/": {"get": {}, "head": "no operation", "put": {"operationId": "get_pets_id_2"}},
        }});
        let spans = SpanTree { key: None, value: Location::START, members: Vec::new() };
        let mut tree = Tree::of_parts(&root, &spans);
        let warnings = complete(&mut tree);
        let mut found = Vec::new();
        each(&tree, &mut |_, _, _, operation| found.push(operation.text(KEY).map(str::to_owned)));
        let expected =
            json!(["get_pets_id", "get_pets_id_2", "delete_pets_id", "get_pets_id_3", "get", "put"]);
        assert_eq!(found.into_iter().map(Value::from).collect::<Value>(), expected);
        let told: Vec<&str> = warnings.iter().map(|warning| warning.pointer.as_str()).collect();
        assert_eq!(told, ["/paths/~1pets~1{id}/delete/operationId", "/paths/~1/put/operationId"]);
    }
}
