//! Finds the component schemas that a part of a document refers to.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::pointer;

/// Returns the names of the component schemas that `value` refers to, through any number of references.
#[must_use]
pub fn reached_from(root: &Value, value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    reach(root, value, &mut found);
    found
}

/// Adds the names of all component schemas below `value`, and of those they lead to.
fn reach(root: &Value, value: &Value, found: &mut BTreeSet<String>) {
    // What is no component may refer to itself as well, if only in an example.
    let (mut followed, mut open) = (BTreeSet::new(), vec![value]);
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                let Some(reference) = members.get("$ref").and_then(Value::as_str) else {
                    open.extend(members.values());
                    continue;
                };
                let is_new = match component(reference) {
                    Some(name) => found.insert(name),
                    None => followed.insert(reference),
                };
                let target = pointer::of_reference(reference).and_then(|at| root.pointer(&at));
                open.extend(target.filter(|_| is_new));
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}

/// Returns the component schema that a reference names.
#[must_use]
pub fn component(reference: &str) -> Option<String> {
    let pointer = pointer::of_reference(reference)?;
    let name = pointer.strip_prefix("/components/schemas/")?;
    (!name.contains('/')).then(|| pointer::unescape(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_refers_to_itself_is_followed_once() {
        let root = serde_json::json!({"x": {"example": {"$ref": "#/x"}, "schema": {"$ref": "#/components/schemas/Pet"}}});
        assert_eq!(reached_from(&root, &root), ["Pet".to_owned()].into());
    }
}
