//! Rewrites one schema, whose parts are rewritten already.

use indexmap::IndexMap;
use serde_json::Number;

use super::null;
use crate::tree::{Content, Tree};
use crate::version::Version;

/// Keywords that bear on values of one type only.
const OF_ONE_TYPE: [(&str, &[&str]); 4] = [
    (
        "string",
        &[
            "format",
            "pattern",
            "minLength",
            "maxLength",
            "contentEncoding",
            "contentMediaType",
            "contentSchema",
        ],
    ),
    ("number", &["format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]),
    (
        "array",
        &[
            "items",
            "prefixItems",
            "minItems",
            "maxItems",
            "uniqueItems",
            "contains",
            "minContains",
            "maxContains",
        ],
    ),
    (
        "object",
        &[
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "minProperties",
            "maxProperties",
        ],
    ),
];

pub(super) fn rewrite(schema: &mut Tree, version: Version) {
    flag(schema);
    if schema.map().is_none() {
        return;
    }
    if schema.has("$ref") {
        // In 3.0, what stands beside a reference is not read.
        if version == Version::V3_0 || !beside_reference(schema) {
            return;
        }
    }
    if version == Version::V3_0 {
        bound(schema, "minimum", "exclusiveMinimum");
        bound(schema, "maximum", "exclusiveMaximum");
    }
    tighter(schema, "minimum", "exclusiveMinimum", |inclusive, exclusive| inclusive > exclusive);
    tighter(schema, "maximum", "exclusiveMaximum", |inclusive, exclusive| inclusive < exclusive);
    constant(schema);
    null::rewrite(schema, version);
    types(schema);
    content(schema);
    examples(schema);
    tuple(schema);
    schema.take("$comment");
}

/// Writes `true` and `false` as objects.
fn flag(schema: &mut Tree) {
    let Content::Bool(allows) = schema.content else { return };
    let mut map = IndexMap::new();
    if !allows {
        map.insert("not".to_owned(), Tree::new(schema.at, Content::Map(IndexMap::new())));
    }
    schema.content = Content::Map(map);
}

/// Makes what stands beside a reference, and the reference, parts of one schema. Returns whether something stood there.
fn beside_reference(schema: &mut Tree) -> bool {
    let Some(map) = schema.map_mut() else { return false };
    if map.len() < 2 || map.get("$ref").is_none_or(|reference| reference.as_text().is_none()) {
        return false;
    }
    let Some(reference) = map.shift_remove("$ref") else { return false };
    let alone = Tree::new(reference.at, Content::Map([("$ref".to_owned(), reference)].into_iter().collect()));
    schema.add_part(0, alone);
    true
}

/// Replaces a bound and the flag that excludes it by one excluded bound.
fn bound(schema: &mut Tree, key: &str, exclusive: &str) {
    match schema.get(exclusive).map(|flag| &flag.content) {
        Some(Content::Bool(true)) => {
            if let Some(Content::Number(number)) = schema.get(key).map(|bound| bound.content.clone()) {
                schema.put(exclusive, Content::Number(number));
                schema.take(key);
            } else {
                schema.take(exclusive);
            }
        }
        Some(Content::Bool(false)) => {
            schema.take(exclusive);
        }
        _ => {}
    }
}

/// Takes away the bound that another makes meaningless.
fn tighter(schema: &mut Tree, key: &str, exclusive: &str, is_tighter: fn(f64, f64) -> bool) {
    let number = |key: &str| match &schema.get(key)?.content {
        Content::Number(number) => number.as_f64(),
        _ => None,
    };
    if let (Some(inclusive), Some(excluded)) = (number(key), number(exclusive)) {
        schema.take(if is_tighter(inclusive, excluded) { exclusive } else { key });
    }
}

/// Writes a constant as an enumeration of one value, which is narrower than any that stands beside it.
fn constant(schema: &mut Tree) {
    let Some(constant) = schema.take("const") else { return };
    let list = Tree { key: constant.key, at: constant.at, content: Content::List(Vec::new()) };
    schema.put_tree("enum", Tree { content: Content::List(vec![Tree { key: None, ..constant }]), ..list });
}

/// Writes several types as a schema for any of them, each with the keywords that bear on its values.
fn types(schema: &mut Tree) {
    let Some(types) = schema.get("type").and_then(Tree::list) else { return };
    let types: Vec<Tree> = types.to_vec();
    let [_, _, ..] = types.as_slice() else {
        match types.into_iter().next() {
            Some(only) => schema.put("type", only.content),
            None => {
                schema.take("type");
            }
        }
        return;
    };
    let at = schema.at;
    if let Some(alternatives) = schema.get("anyOf").and_then(Tree::list) {
        // The types are one more condition beside those that are there, unless each of these is of one of them.
        let is_one = |alternative: &Tree| {
            alternative.text("type").is_some_and(|kind| types.iter().any(|of| of.as_text() == Some(kind)))
        };
        let says_nothing = alternatives.iter().all(is_one);
        schema.take("type");
        if !says_nothing {
            let of =
                |of: Tree| Tree::new(of.at, Content::Map([("type".to_owned(), of)].into_iter().collect()));
            let any = Tree::new(at, Content::List(types.into_iter().map(of).collect()));
            let part = Tree::new(at, Content::Map([("anyOf".to_owned(), any)].into_iter().collect()));
            schema.add_part(usize::MAX, part);
        }
        return;
    }
    let mut parts = Vec::new();
    for of in types {
        let mut part = Tree::new(of.at, Content::Map(IndexMap::new()));
        let name = of.as_text().unwrap_or_default().to_owned();
        let family = if name == "integer" { "number" } else { name.as_str() };
        part.put_tree("type", of);
        let keywords = OF_ONE_TYPE.iter().find(|(known, _)| *known == family).map(|(_, keys)| *keys);
        for key in keywords.into_iter().flatten() {
            if let Some(keyword) = schema.get(key).cloned() {
                part.put_tree(key, keyword);
            }
        }
        parts.push(part);
    }
    schema.take("type");
    for (_, keys) in OF_ONE_TYPE {
        for key in keys {
            schema.take(key);
        }
    }
    schema.put_tree("anyOf", Tree::new(at, Content::List(parts)));
}

/// Says by a format that a text is base64, or stands for bytes.
fn content(schema: &mut Tree) {
    let is_text = matches!(schema.text("type"), None | Some("string"));
    if schema.has("format") || !is_text {
        return;
    }
    let lowered = |key: &str| schema.text(key).map(str::to_ascii_lowercase);
    let (encoding, kind) = (lowered("contentEncoding"), lowered("contentMediaType"));
    let format = match (encoding.as_deref(), kind.as_deref()) {
        (Some("base64"), _) => "byte",
        (None, Some(kind)) if !is_readable(kind) => "binary",
        _ => return,
    };
    if format == "byte" {
        schema.take("contentEncoding");
    }
    if kind.as_deref() == Some("application/octet-stream") {
        schema.take("contentMediaType");
    }
    schema.put("type", Content::Text("string".to_owned()));
    schema.put("format", Content::Text(format.to_owned()));
}

/// Returns whether a text in which this is written is a text all the same.
fn is_readable(kind: &str) -> bool {
    kind.starts_with("text/") || kind.ends_with("json") || kind.ends_with("xml") || kind.ends_with("yaml")
}

/// Makes the first example the one.
fn examples(schema: &mut Tree) {
    let Some([first, rest @ ..]) = schema.get("examples").and_then(Tree::list) else { return };
    let (first, is_only) = (Tree { key: None, ..first.clone() }, rest.is_empty());
    if !schema.has("example") {
        schema.put_tree("example", first);
        if is_only {
            schema.take("examples");
        }
    }
}

/// Bounds the length of a list that has no items beyond those that are told apart.
fn tuple(schema: &mut Tree) {
    let Some(items) = schema.get("prefixItems").and_then(Tree::list).map(<[Tree]>::len) else { return };
    let none = |items: &Tree| items.map().is_some_and(|map| map.len() == 1 && map.contains_key("not"));
    if schema.get("items").is_some_and(none) {
        schema.take("items");
        let most = match schema.get("maxItems").map(|most| &most.content) {
            Some(Content::Number(most)) => most.as_u64(),
            _ => None,
        };
        if most.is_none_or(|most| most > items as u64) {
            schema.put("maxItems", Content::Number(Number::from(items)));
        }
    }
}
