//! Visits the schemas of a document.

use crate::grammar::{SCHEMA, Shape};
use crate::tree::{Content, Tree};
use crate::walk;

/// Calls `visit` for every schema below a value of this shape, inner ones first. Recursive, as a document is never
/// deeper than its reader allows.
pub(super) fn schemas(tree: &mut Tree, shape: Shape, visit: &mut impl FnMut(&mut Tree)) {
    if matches!(shape, Shape::Any) {
        return;
    }
    let is_reference = shape.object().is_some() && tree.has("$ref");
    match &mut tree.content {
        Content::Map(map) => {
            for (key, member) in map {
                if !is_reference || key != "$ref" {
                    schemas(member, shape.step(key), visit);
                }
            }
        }
        Content::List(items) => items.iter_mut().for_each(|item| schemas(item, shape.step(""), visit)),
        _ => {}
    }
    // A flag that stands for further properties says more plainly what it allows.
    let is_schema = matches!(shape, Shape::Reference(object) if object.name == SCHEMA.name);
    if is_schema || tree.map().is_some() && walk::is_schema(shape) {
        visit(tree);
    }
}
