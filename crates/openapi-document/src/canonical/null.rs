//! Factors null out of a schema: what remains says which other values there are.

use crate::grammar::{ANNOTATIONS, is_extension};
use crate::tree::{Content, Tree};
use crate::version::Version;

pub(super) fn rewrite(schema: &mut Tree, version: Version) {
    // In 3.0, and where a later version has it, `nullable` is meant whatever stands beside it.
    let is_strict = version > Version::V3_0 && !schema.has("nullable");
    let is_excluded = is_strict && admits_null(schema) == Some(false);
    types(schema);
    values(schema, is_excluded);
    for key in ["anyOf", "oneOf"] {
        // Where null is none of exactly one alternative, it is not told from what they are otherwise.
        if !is_excluded || among(schema, key) == Some(true) {
            alternatives(schema, key);
        }
    }
    if is_excluded {
        schema.take("nullable");
    }
}

/// Returns whether null is among the values of a schema whose parts are rewritten already, or nothing if references
/// decide that.
fn admits_null(schema: &Tree) -> Option<bool> {
    let is_null = |of: &Tree| of.as_text() == Some("null");
    if schema.get("nullable").is_some_and(Tree::is_true) {
        return Some(true);
    }
    let by_type =
        schema.get("type").map(|of| Some(of.list().map_or(is_null(of), |all| all.iter().any(is_null))));
    let by_value = schema.get("enum").and_then(Tree::list).map(|all| Some(all.iter().any(Tree::is_null)));
    let by_reference = schema.has("$ref").then_some(None);
    let by_not = schema.get("not").map(|not| admits_null(not).map(|admits| !admits));
    let by_condition = schema.get("if").map(|condition| {
        let branch = if admits_null(condition)? { "then" } else { "else" };
        schema.get(branch).map_or(Some(true), admits_null)
    });
    let parts = schema.get("allOf").and_then(Tree::list).into_iter().flatten().map(admits_null);
    let all = [by_type, by_value, by_reference, by_not, by_condition].into_iter().flatten().chain(parts);
    let among = ["anyOf", "oneOf"].into_iter().map(|key| among(schema, key));
    all.chain(among).fold(Some(true), every)
}

/// Returns whether null is admitted by the alternatives under `key`, or if there are none.
fn among(schema: &Tree, key: &str) -> Option<bool> {
    let Some(alternatives) = schema.get(key).and_then(Tree::list) else { return Some(true) };
    let admitting: Vec<Option<bool>> = alternatives.iter().map(admits_null).collect();
    let sure = admitting.iter().filter(|admits| **admits == Some(true)).count();
    let is_sure = !admitting.contains(&None);
    match key {
        "anyOf" if sure > 0 => Some(true),
        "anyOf" => is_sure.then_some(false),
        _ if sure > 1 => Some(false),
        _ => is_sure.then_some(sure == 1),
    }
}

/// Joins two conditions that both have to be met.
fn every(one: Option<bool>, other: Option<bool>) -> Option<bool> {
    match (one, other) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
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
fn values(schema: &mut Tree, is_excluded: bool) {
    let allows_null = schema.get("type").is_none() || schema.get("nullable").is_some_and(Tree::is_true);
    let Some(values) = schema.get_mut("enum").and_then(Tree::list_mut) else { return };
    let others = values.iter().filter(|value| !value.is_null()).count();
    if others == values.len() {
        return;
    }
    if others == 0 && is_excluded {
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
    let left = members.iter().filter(|member| !is_only_null(member)).count();
    if left == members.len() || left == 0 {
        return;
    }
    members.retain(|member| !is_only_null(member));
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
        return schema.add_part(usize::MAX, only);
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
