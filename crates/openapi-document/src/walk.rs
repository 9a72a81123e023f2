//! Visits every value of a document that the grammar knows, with its shape and its pointer.

use serde_json::Value;

use crate::grammar::{self, DOCUMENT, SCHEMA, Shape};
use crate::pointer;
use crate::version::Version;

/// Calls `visit` for the document and everything in it whose shape is known, containers before their members.
/// References are visited, not followed.
pub fn walk<'a>(root: &'a Value, visit: impl FnMut(&'a Value, Shape, &str)) {
    walk_in(Version::NEWEST, root, visit);
}

/// Does what [`walk`] does, with the shapes that `version` has.
pub(crate) fn walk_in<'a>(version: Version, root: &'a Value, mut visit: impl FnMut(&'a Value, Shape, &str)) {
    walk_from(version, root, Shape::Object(&DOCUMENT), &mut String::new(), &mut visit);
}

/// Calls `visit` for the value at `pointer` and everything in it whose shape is known; for nothing if there is no
/// value.
pub fn walk_at<'a>(root: &'a Value, pointer: &str, mut visit: impl FnMut(&'a Value, Shape, &str)) {
    if let Some(value) = root.pointer(pointer) {
        walk_from(Version::NEWEST, value, shape_at(pointer), &mut pointer.to_owned(), &mut visit);
    }
}

/// Walks a value. It is recursive, as a document is never deeper than its reader allows.
fn walk_from<'a>(
    version: Version,
    value: &'a Value,
    shape: Shape,
    at: &mut String,
    visit: &mut impl FnMut(&'a Value, Shape, &str),
) {
    visit(value, shape, at);
    if matches!(shape, Shape::Any) || grammar::reference(value, shape).is_some() {
        return;
    }
    let length = at.len();
    let mut descend = |key: &str, member| {
        pointer::push(at, key);
        walk_from(version, member, shape.step_in(key, version), at, visit);
        at.truncate(length);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, member)| descend(key, member)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| descend(&index.to_string(), item));
        }
        _ => {}
    }
}

/// Returns the shape of the target of `pointer`, which depends on its place alone.
#[must_use]
pub fn shape_at(pointer: &str) -> Shape {
    pointer::steps(pointer).fold(Shape::Object(&DOCUMENT), |shape, step| shape.step(&step))
}

/// Returns `true` if a value of this shape is a schema, or a reference to one.
#[must_use]
pub fn is_schema(shape: Shape) -> bool {
    match shape {
        Shape::Object(object) | Shape::Reference(object) => object.name == SCHEMA.name,
        Shape::FlagOr(shape) => is_schema(*shape),
        _ => false,
    }
}

/// Returns the number of schemas on the way to the target of `pointer`, including the target.
#[must_use]
pub fn schemas_along(pointer: &str) -> usize {
    let mut shape = Shape::Object(&DOCUMENT);
    let mut schemas = 0;
    for step in pointer::steps(pointer) {
        shape = shape.step(&step);
        schemas += usize::from(is_schema(shape));
    }
    schemas
}
