//! Takes null out of what is sent as a form, which has fields, parts or nothing.

use crate::form::Form;
use crate::grammar::{MEDIA_TYPE, Shape};
use crate::tree::{Content, Tree};

/// Rewrites the forms below a value of this shape. Recursive, as a document is never deeper than its reader allows.
pub(super) fn rewrite(tree: &mut Tree, shape: Shape) {
    if matches!(shape, Shape::Any) {
        return;
    }
    match &mut tree.content {
        Content::Map(map) => {
            for (key, member) in map {
                let of = shape.step(key);
                let is_media = of.object().is_some_and(|object| object.name == MEDIA_TYPE.name);
                if is_media && matches!(Form::of(key), Form::Multipart | Form::UrlEncoded) {
                    member.get_mut("schema").into_iter().for_each(without_null);
                }
                rewrite(member, of);
            }
        }
        Content::List(items) => items.iter_mut().for_each(|item| rewrite(item, shape.step(""))),
        _ => {}
    }
}

fn without_null(schema: &mut Tree) {
    if schema.take("nullable").is_none() || schema.map().is_none_or(|map| map.len() != 1) {
        return;
    }
    let parts = schema.get_mut("allOf").and_then(Tree::list_mut);
    if let Some(only) = parts.filter(|parts| parts.len() == 1).and_then(Vec::pop) {
        schema.content = only.content;
    }
}
