//! What typify wrote for ids, as it would have written it for names.

use proc_macro2::TokenStream;
use syn::{Attribute, Expr, Item, Lit, Meta, parse_quote};

use crate::syntax::subject::subject;
use crate::syntax::tree::{enums_mut, module_mut, serde_metas, structs_mut};

/// Puts types, and their builders, in the order of their names. What is no type stays before or behind them.
pub(super) fn by_name(types: &mut [Item]) {
    sort(module_mut(types, "builder"));
    sort(types);
}

fn sort(items: &mut [Item]) {
    let first = items.iter().position(|item| subject(item).is_some()).unwrap_or_default();
    if let Some(items) = items.get_mut(first..) {
        // What belongs to a type follows its definition.
        let mut key = (0, String::new());
        let mut keyed: Vec<((u8, String), Item)> = Vec::with_capacity(items.len());
        for item in items.iter_mut() {
            match (&*item, subject(item)) {
                (Item::Impl(_), _) => {}
                (_, Some(name)) => key = (0, name),
                (_, None) => key = (1, String::new()),
            }
            keyed.push((key.clone(), std::mem::replace(item, Item::Verbatim(TokenStream::new()))));
        }
        keyed.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (place, (_, item)) in items.iter_mut().zip(keyed) {
            *place = item;
        }
    }
}

/// Takes away the names on the wire that are the names in Rust: an id is never both.
pub(super) fn without_redundant_names(types: &mut [Item]) {
    for item in structs_mut(types) {
        for field in &mut item.fields {
            if let Some(ident) = &field.ident {
                strip(&mut field.attrs, &ident.to_string());
            }
        }
    }
    for item in enums_mut(types) {
        for variant in &mut item.variants {
            strip(&mut variant.attrs, &variant.ident.to_string());
            for field in &mut variant.fields {
                if let Some(ident) = &field.ident {
                    strip(&mut field.attrs, &ident.to_string());
                }
            }
        }
    }
}

fn strip(attributes: &mut Vec<Attribute>, name: &str) {
    for attribute in attributes.iter_mut() {
        let metas = serde_metas(attribute);
        if metas.iter().any(|meta| renames_to(meta, name)) {
            let kept = metas.into_iter().filter(|meta| !renames_to(meta, name));
            *attribute = parse_quote!(#[serde(#(#kept),*)]);
        }
    }
    attributes.retain(|attribute| !attribute.path().is_ident("serde") || !serde_metas(attribute).is_empty());
}

fn renames_to(meta: &Meta, name: &str) -> bool {
    let Meta::NameValue(pair) = meta else { return false };
    let Expr::Lit(literal) = &pair.value else { return false };
    pair.path.is_ident("rename") && matches!(&literal.lit, Lit::Str(text) if text.value() == name)
}
