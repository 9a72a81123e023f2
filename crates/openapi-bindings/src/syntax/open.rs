//! Enumerations that a newer server may add to.

use std::collections::HashSet;

use syn::punctuated::Punctuated;
use syn::visit_mut::VisitMut;
use syn::{Attribute, ExprMatch, Fields, Item, ItemEnum, ItemImpl, Path, parse_quote};

use crate::syntax::Plan;
use crate::syntax::tree::{enums_mut, impls_mut, type_name};

/// Gives every enumeration of strings a variant `Unrecognized` that keeps a value it does not know.
///
/// typify's enums are closed, and serde has no fallback of its own (<https://github.com/serde-rs/serde/issues/912>), so
/// one value added by a newer server would fail a whole answer. Parsing from text stays strict, so that a misspelt
/// value does not leave. An enumeration of one value is a constant, such as the mark of a union's member, and stays
/// closed.
pub(super) fn open_enums(items: &mut [Item], _: &Plan<'_>) -> usize {
    let mut opened = HashSet::new();
    for item in enums_mut(items) {
        let of_strings = item.variants.iter().all(|variant| matches!(variant.fields, Fields::Unit));
        if of_strings && item.variants.len() > 1 {
            open(item);
            opened.insert(item.ident.to_string());
        }
    }
    for item in impls_mut(items) {
        let is_opened = type_name(&item.self_ty).is_some_and(|name| opened.contains(&name));
        if is_opened && implements(item, "Display") {
            DisplayUnrecognized.visit_item_impl_mut(item);
        }
    }
    opened.len()
}

fn open(item: &mut ItemEnum) {
    item.variants.push(parse_quote! {
        /// A value that this version of the document does not know, as it was read.
        #[serde(untagged)]
        Unrecognized(::std::string::String)
    });
    for attribute in &mut item.attrs {
        without_copy(attribute);
    }
    item.attrs.push(parse_quote!(#[non_exhaustive]));
}

/// Takes `Copy` away: a value read as text cannot be copied.
fn without_copy(attribute: &mut Attribute) {
    if !attribute.path().is_ident("derive") {
        return;
    }
    let traits = attribute.parse_args_with(Punctuated::<Path, syn::Token![,]>::parse_terminated);
    if let Ok(traits) = traits {
        let kept = traits.iter().filter(|path| !path.is_ident("Copy"));
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
}

fn implements(item: &ItemImpl, name: &str) -> bool {
    let path = item.trait_.as_ref().map(|(path, ..)| path);
    path.and_then(|path| path.segments.last()).is_some_and(|segment| segment.ident == name)
}

/// Adds the new variant to the one `match` of a `Display`.
struct DisplayUnrecognized;

impl VisitMut for DisplayUnrecognized {
    fn visit_expr_match_mut(&mut self, item: &mut ExprMatch) {
        *item.expr = parse_quote!(self);
        item.arms.push(parse_quote!(Self::Unrecognized(value) => f.write_str(value),));
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree::tests::{after, formatted};

    #[test]
    fn an_enumeration_keeps_values_it_does_not_know_and_a_constant_stays_closed() {
        let (source, changes) = after(
            super::open_enums,
            "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}",
            r#"
#[derive(Clone, Copy, Debug)]
pub enum Kind { #[serde(rename = "cat")] Cat, #[serde(rename = "dog")] Dog }
impl ::std::fmt::Display for Kind {
    fn fmt(&self, f: &mut F) -> R { match *self { Self::Cat => f.write_str("cat"), Self::Dog => f.write_str("dog") } }
}
pub enum CatKind { #[serde(rename = "cat")] Cat }
pub enum Pet { Cat(Cat), Dog(Dog) }
"#,
        );
        assert_eq!(changes, 1);
        let expected = r#"
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Kind {
    #[serde(rename = "cat")] Cat,
    #[serde(rename = "dog")] Dog,
    /// A value that this version of the document does not know, as it was read.
    #[serde(untagged)]
    Unrecognized(::std::string::String),
}
impl ::std::fmt::Display for Kind {
    fn fmt(&self, f: &mut F) -> R {
        match self {
            Self::Cat => f.write_str("cat"),
            Self::Dog => f.write_str("dog"),
            Self::Unrecognized(value) => f.write_str(value),
        }
    }
}
pub enum CatKind { #[serde(rename = "cat")] Cat }
pub enum Pet { Cat(Cat), Dog(Dog) }
"#;
        assert_eq!(source, formatted(expected));
    }
}
