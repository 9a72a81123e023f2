//! Parts of the document as JSON for those who do not know the document.

use serde_json::{Map, Value};

use openapi_document::document::Document;
use openapi_document::grammar::{Shape, is_extension, reference};
use openapi_document::model::Place;
use openapi_document::walk::{is_schema, shape_at};

/// Deeper than any document that parses; a circle of components other than schemas ends here.
const DEEPEST: usize = 256;

/// Returns the value at `place` without vendor extensions, and with whatever it refers to that is no schema in place of the
/// reference. A schema that refers is the reference alone: in 3.0 what stands beside it says nothing,
/// and the canonical form of 3.1 has nothing beside it.
#[must_use]
pub fn plain(place: &Place<'_>) -> Value {
    within(place.document(), place.value, shape_at(&place.pointer), 0)
}

/// Returns the members of the object at `place` besides those that are `known`, each as [`plain`] has it.
pub(crate) fn besides(place: &Place<'_>, known: &[&str]) -> Map<String, Value> {
    let Value::Object(members) = place.value else { return Map::new() };
    let wanted = |key: &str| !known.contains(&key);
    of_members(place.document(), members, shape_at(&place.pointer), 0, wanted)
}

/// Does what [`plain`] does with a value of this shape.
fn within(document: &Document, value: &Value, shape: Shape, depth: usize) -> Value {
    if depth > DEEPEST {
        return Value::Null;
    }
    match value {
        Value::Object(members) if is_schema(shape) && members.get("$ref").is_some_and(Value::is_string) => {
            Value::Object(of_members(document, members, shape, depth, |key| key == "$ref"))
        }
        Value::Object(members) => Value::Object(of_members(document, members, shape, depth, |_| true)),
        Value::Array(items) => {
            // All items of a list have the same shape.
            items.iter().map(|item| member(document, item, shape.step("0"), depth)).collect()
        }
        other => other.clone(),
    }
}

fn of_members(
    document: &Document,
    members: &Map<String, Value>,
    shape: Shape,
    depth: usize,
    wanted: impl Fn(&str) -> bool,
) -> Map<String, Value> {
    // A header may be called like an extension, and an example may have anything.
    let is_kept = |key: &str| wanted(key) && (shape.object().is_none() || !is_extension(key));
    let kept = members.iter().filter(|(key, _)| is_kept(key));
    kept.map(|(key, value)| (key.clone(), member(document, value, shape.step(key), depth))).collect()
}

/// Returns a member or an item of what stands `depth` deep; of a reference, what that leads to.
fn member(document: &Document, value: &Value, shape: Shape, depth: usize) -> Value {
    if is_schema(shape) || reference(value, shape).is_none() {
        return within(document, value, shape, depth + 1);
    }
    let target = Place::of(document, String::new(), value).followed();
    let shape = if std::ptr::eq(target.value, value) { shape } else { shape_at(&target.pointer) };
    within(document, target.value, shape, depth + 1)
}
