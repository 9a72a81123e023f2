//! Gives every operation an id, since everything generated for one is called after it, and a document need not have any.

use std::collections::HashSet;

use serde_json::Value;

use crate::operations::{operations, operations_mut};

/// Gives each operation without an `operationId` one that says its method and path, as the last of its members.
pub(crate) fn complete(root: &mut Value) {
    let ids = operations(root).filter_map(|(.., operation)| operation.get(KEY)?.as_str());
    let mut taken: HashSet<String> = ids.map(str::to_owned).collect();
    for (path, method, operation) in operations_mut(root) {
        let Some(members) = operation.as_object_mut().filter(|members| !members.contains_key(KEY)) else {
            continue;
        };
        let wanted = made_of(path, method);
        let others = (2..).map(|number: u64| format!("{wanted}_{number}"));
        let free = std::iter::once(wanted.clone()).chain(others).find(|id| !taken.contains(id));
        let id = free.unwrap_or(wanted);
        taken.insert(id.clone());
        members.insert(KEY.to_owned(), Value::from(id));
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
    use serde_json::json;

    use super::*;

    #[test]
    fn what_has_no_id_gets_one_that_nothing_else_has() {
        let mut root = json!({"paths": {
            "/pets/{id}": {"summary": "", "get": {}, "put": {"operationId": "get_pets_id_2"}, "delete": {"operationId": ""}},
            "/pets/id/": {"get": {}, "parameters": []},
            "/": {"get": {}, "head": "no operation"},
        }});
        complete(&mut root);
        let found: Vec<_> = operations(&root).map(|(.., operation)| operation[KEY].clone()).collect();
        let expected = json!(["get_pets_id", "get_pets_id_2", "", "get_pets_id_3", "get", null]);
        assert_eq!(Value::from(found), expected);
    }
}
