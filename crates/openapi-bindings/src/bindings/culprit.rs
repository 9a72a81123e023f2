//! Which parts of a document a generator stops at, when it does not say.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use openapi_document::operations::operations;
use openapi_document::pointer::{child, escape};
use openapi_document::usage::reached_from;

/// Parts that are searched for; whoever mends these runs the generator again.
const MAX_CULPRITS: usize = 50;

/// A component or operation, with the components that it needs.
struct Part {
    pointer: String,
    needs: BTreeSet<String>,
    operation: Option<(String, String)>,
}

/// Returns the pointers of the components and operations without which nothing `fails`, with what each fails with. Empty if the
/// document fails as a whole only.
///
/// Parts that need fewer others come first, for those that need a culprit fail, too. How many of the first parts there may
/// be before something fails is found by halving, which takes ten runs for a thousand parts; a culprit is any value from
/// then on.
pub(super) fn find_all(root: &Value, fails: impl Fn(&Value) -> Option<String>) -> BTreeMap<String, String> {
    let mut root = root.clone();
    let parts = parts(&root);
    let mut culprits = BTreeMap::new();
    let mut sound = 0;
    while culprits.len() < MAX_CULPRITS {
        let failing =
            |count: usize| parts.get(..count).and_then(|first| fails(&joined(&root, first, &culprits)));
        let Some(mut fault) = failing(parts.len()) else { break };
        // The first `sound` parts are, and the first `failed` are not.
        let mut failed = parts.len();
        while sound + 1 < failed {
            let middle = sound + (failed - sound) / 2;
            match failing(middle) {
                Some(found) => (failed, fault) = (middle, found),
                None => sound = middle,
            }
        }
        let Some(culprit) = failed.checked_sub(1).and_then(|last| parts.get(last)) else { break };
        if culprits.insert(culprit.pointer.clone(), fault).is_some() {
            break;
        }
        if let Some(schema) = root.pointer_mut(&culprit.pointer).filter(|_| culprit.operation.is_none()) {
            *schema = json!({});
        }
    }
    culprits
}

fn parts(root: &Value) -> Vec<Part> {
    let schemas = root.pointer("/components/schemas").and_then(Value::as_object);
    let components = schemas.into_iter().flatten().map(|(name, schema)| {
        let mut needs = reached_from(root, schema);
        needs.insert(name.clone());
        Part { pointer: child("/components/schemas", name), needs, operation: None }
    });
    let mut parts: Vec<Part> = components.collect();
    parts.sort_by_key(|part| part.needs.len());
    parts.extend(operations(root).map(|(path, method, operation)| Part {
        pointer: format!("/paths/{}/{method}", escape(path)),
        needs: reached_from(root, operation),
        operation: Some((path.to_owned(), method.to_owned())),
    }));
    parts
}

/// Returns the document with these parts only, besides operations that are culprits.
fn joined(root: &Value, parts: &[Part], culprits: &BTreeMap<String, String>) -> Value {
    let schemas: BTreeSet<&str> = parts.iter().flat_map(|part| &part.needs).map(String::as_str).collect();
    let operations: BTreeSet<(&str, &str)> = parts
        .iter()
        .filter(|part| !culprits.contains_key(&part.pointer))
        .filter_map(|part| part.operation.as_ref())
        .map(|(path, method)| (path.as_str(), method.as_str()))
        .collect();
    let Some(members) = root.as_object() else { return Value::Null };
    let kept = members.iter().map(|(key, value)| {
        let value = match key.as_str() {
            "components" => {
                let all = value.get("schemas").and_then(Value::as_object).into_iter().flatten();
                let kept = all.filter(|(name, _)| schemas.contains(name.as_str()));
                let kept: Map<String, Value> =
                    kept.map(|(name, schema)| (name.clone(), schema.clone())).collect();
                json!({"schemas": kept})
            }
            "paths" => value
                .as_object()
                .into_iter()
                .flatten()
                .filter_map(|(path, item)| {
                    let members = item.as_object().into_iter().flatten();
                    let members = members.filter(|(key, _)| {
                        key.as_str() == "parameters" || operations.contains(&(path.as_str(), key.as_str()))
                    });
                    let members: Map<String, Value> =
                        members.map(|(key, member)| (key.clone(), member.clone())).collect();
                    (!members.is_empty()).then(|| (path.clone(), Value::Object(members)))
                })
                .collect::<Map<_, _>>()
                .into(),
            _ => value.clone(),
        };
        (key.clone(), value)
    });
    Value::Object(kept.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_that_fails_is_found_and_not_what_needs_one() {
        let root = json!({
            "paths": {"/pets/": {"get": {"responses": {}}, "put": {"responses": {}, "bad": true}}},
            "components": {"schemas": {
                "Fine": {"type": "object"},
                "Before": {"properties": {"odd": {"$ref": "#/components/schemas/Odd"}}},
                "Odd": {"type": "odd"},
                "Worse": {"type": "worse"},
                "User": {"properties": {"odd": {"$ref": "#/components/schemas/Odd"}}},
            }},
        });
        let fails = |needles: &'static [&str]| {
            move |part: &Value| {
                let text = part.to_string();
                needles.iter().find(|needle| text.contains(**needle)).map(|needle| (*needle).to_owned())
            }
        };
        let found = |needles: &'static [&str]| -> Vec<String> {
            find_all(&root, fails(needles)).into_keys().collect()
        };
        assert_eq!(found(&[r#""odd"}"#]), ["/components/schemas/Odd"]);
        assert_eq!(found(&["bad"]), ["/paths/~1pets~1/put"]);
        assert_eq!(
            found(&["bad", r#""odd"}"#, "worse"]),
            ["/components/schemas/Odd", "/components/schemas/Worse", "/paths/~1pets~1/put"]
        );
        assert_eq!(found(&[]), Vec::<String>::new());
    }

    #[test]
    fn few_runs_find_one_among_many() {
        let schemas: Map<String, Value> =
            (0..1_000).map(|number| (format!("S{number}"), json!({"number": number}))).collect();
        let root = json!({"paths": {}, "components": {"schemas": schemas}});
        let runs = std::cell::Cell::new(0);
        let found = find_all(&root, |part| {
            runs.set(runs.get() + 1);
            part.to_string().contains(r#"{"number":777}"#).then(String::new)
        });
        assert_eq!(found.into_keys().collect::<Vec<_>>(), ["/components/schemas/S777"]);
        assert!(runs.get() <= 13, "{}", runs.get());
    }
}
