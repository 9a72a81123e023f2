//! Rewrites what typify wrote for ids as it would have written it for names.

use proc_macro2::TokenStream;
use syn::{Attribute, Item, parse_quote};

use crate::syntax::subject::subject;
use crate::syntax::tree::{enums_mut, module_mut, serde_metas, serde_value, structs_mut};

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
    attributes.retain_mut(|attribute| {
        if serde_value(attribute, "rename").is_none_or(|renamed| renamed != name) {
            return true;
        }
        let mut kept = serde_metas(attribute);
        kept.retain(|meta| !meta.path().is_ident("rename"));
        *attribute = parse_quote!(#[serde(#(#kept),*)]);
        !kept.is_empty()
    });
}
