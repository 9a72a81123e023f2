//! Rewrites a document of any version into the one form that everything else reads.
//!
//! In that form
//! - schemas are JSON Schema 2020-12, with null factored out: `type` is one word, `nullable` says that null is allowed
//!   besides, and values of `enum` are what else there is; `const` is an `enum` of one value, several types are an `anyOf`;
//! - `$ref` stands alone, and leads to a component where it stands for a schema; schemas that are `true` or `false` are
//!   objects; text that is base64 or bytes says so by its `format`;
//! - what is sent as a form is never null;
//! - what children of a polymorphic parent extend is a component of its own, so that no composition contains itself;
//! - a union whose members all extend a component with a discriminator has that;
//! - a union that a discriminator tells apart lists no other union that the same property tells apart;
//! - path items are written out, and additional operations stand beside the others, under their methods in capitals.
//!
//! Everything keeps the place where it was written. [`mod@print`] writes the form of a version again.

mod forms;
mod hoist;
mod inherited;
mod null;
mod paths;
mod polymorphism;
pub mod print;
mod schema;
mod schemas;
#[cfg(test)]
mod tests;
mod unions;

use crate::grammar::{DOCUMENT, Shape};
use crate::tree::Tree;
use crate::version::Version;
use schemas::schemas;

/// Rewrites a document that has the shape which `version` asks for; what has another shape stays as it is.
pub(crate) fn rewrite(tree: &mut Tree, version: Version) {
    paths::rewrite(tree, version);
    let mut visit = |schema: &mut Tree| schema::rewrite(schema, version);
    schemas(tree, Shape::Object(&DOCUMENT), &mut visit);
    forms::rewrite(tree, Shape::Object(&DOCUMENT));
    hoist::rewrite(tree);
    inherited::rewrite(tree);
    polymorphism::rewrite(tree);
    unions::rewrite(tree);
}
