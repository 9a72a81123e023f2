//! Rewrites a document of any version into the one form that everything else reads.
//!
//! In that form
//! - schemas are JSON Schema 2020-12, with null factored out: `type` is one word, `nullable` says that null is allowed
//!   besides, and values of `enum` are what else there is; `const` is an `enum` of one value, several types are an `anyOf`;
//! - `$ref` stands alone, and leads to a component where it stands for a schema; schemas that are `true` or `false` are
//!   objects; text that is base64 or bytes says so by its `format`;
//! - what children of a polymorphic parent extend is a component of its own, so that no composition contains itself;
//! - path items are written out, and additional operations stand beside the others, under their methods in capitals.
//!
//! Everything keeps the place where it was written. [`mod@print`] writes the form of a version again.

mod hoist;
mod null;
mod paths;
mod polymorphism;
pub mod print;
mod schema;
#[cfg(test)]
mod tests;

use crate::grammar::{DOCUMENT, SCHEMA, Shape};
use crate::tree::{Content, Tree};
use crate::version::Version;

/// Keywords that say nothing about which values there are, and stay where a schema is wrapped.
const ANNOTATIONS: [&str; 9] = [
    "title",
    "description",
    "default",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
];

/// Rewrites a document that has the shape which `version` asks for; what has another shape stays as it is.
pub(crate) fn rewrite(tree: &mut Tree, version: Version) {
    paths::rewrite(tree, version);
    let mut visit = |schema: &mut Tree| schema::rewrite(schema, version);
    schemas(tree, Shape::Object(&DOCUMENT), &mut visit);
    hoist::rewrite(tree);
    polymorphism::rewrite(tree);
}

/// Calls `visit` for every schema below a value of this shape, inner ones first. Recursive, as a document is never
/// deeper than its reader allows.
fn schemas(tree: &mut Tree, shape: Shape, visit: &mut impl FnMut(&mut Tree)) {
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
    if is_schema || tree.map().is_some() && crate::walk::is_schema(shape) {
        visit(tree);
    }
}
