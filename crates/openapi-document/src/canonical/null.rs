//! Factors null out of a schema: what remains says which other values there are.

use crate::grammar::{ANNOTATIONS, is_extension};
use crate::tree::{Content, Tree};

pub(super) fn rewrite(schema: &mut Tree) {
    types(schema);
    values(schema);
    for key in ["anyOf", "oneOf"] {
        alternatives(schema, key);
    }
}

/// Takes `null` out of the types.
fn types(schema: &mut Tree) {
    let is_null = |of: &Tree| of.as_text() == Some("null");
    let Some(types) = schema.get_mut("type") else { return };
    if is_null(types) {
        let at = types.at;
        schema.take("type");
        if !schema.has("enum") {
            schema.put("enum", Content::List(vec![Tree::new(at, Content::Null)]));
        }
        return allow(schema);
    }
    let Some(list) = types.list_mut().filter(|list| list.iter().any(is_null)) else { return };
    list.retain(|of| !is_null(of));
    if list.is_empty() {
        types.content = Content::Text("null".to_owned());
        return self::types(schema);
    }
    allow(schema);
}

/// Takes null out of the enumerated values, unless there is no other.
fn values(schema: &mut Tree) {
    let allows_null = schema.get("type").is_none() || schema.get("nullable").is_some_and(Tree::is_true);
    let Some(values) = schema.get_mut("enum").and_then(Tree::list_mut) else { return };
    let others = values.iter().filter(|value| !value.is_null()).count();
    if others == values.len() {
        return;
    }
    if others == 0 {
        // No value is null and of a type too; some generators write one all the same.
        schema.take("type");
        return allow(schema);
    }
    values.retain(|value| !value.is_null());
    if allows_null {
        allow(schema);
    }
}

/// Takes the alternative that is only null out of `key`; a single one that is left is what the schema is.
fn alternatives(schema: &mut Tree, key: &str) {
    let Some(members) = schema.get_mut(key).and_then(Tree::list_mut) else { return };
    let before = members.len();
    members.retain(|member| !is_only_null(member));
    if members.len() == before || before < 2 {
        return;
    }
    let left = members.len();
    allow(schema);
    if left != 1 {
        return;
    }
    let says_nothing = |keyword: &str| {
        ANNOTATIONS.contains(&keyword) || matches!(keyword, "nullable" | "xml") || is_extension(keyword)
    };
    let only_annotated =
        schema.map().is_some_and(|map| map.keys().all(|keyword| keyword == key || says_nothing(keyword)));
    let Some(only) = schema.take(key).and_then(|mut list| list.list_mut()?.pop()) else { return };
    if only.has("$ref") || !only_annotated {
        if let Some(parts) = schema.get_mut("allOf").and_then(Tree::list_mut) {
            parts.push(only);
        } else {
            schema.put_tree("allOf", Tree::new(only.at, Content::List(vec![only])));
        }
        return;
    }
    let Content::Map(members) = only.content else { return };
    for (key, member) in members {
        if !schema.has(&key) {
            schema.put_tree(&key, member);
        }
    }
}

/// Returns whether an alternative is null: by its only value, or because it says nothing else.
fn is_only_null(schema: &Tree) -> bool {
    let values = schema.get("enum").and_then(Tree::list);
    let all_null = values.is_some_and(|values| !values.is_empty() && values.iter().all(Tree::is_null));
    let says_nothing_else = schema.map().is_some_and(|map| map.len() == 1);
    (all_null || says_nothing_else) && schema.get("nullable").is_some_and(Tree::is_true)
}

fn allow(schema: &mut Tree) {
    schema.put("nullable", Content::Bool(true));
}
