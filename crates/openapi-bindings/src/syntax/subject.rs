//! Tells which types items are about.

use syn::{Item, Type};

use super::tree::type_name;

/// Returns the name of the type that an item defines or implements something for.
pub(crate) fn subject(item: &Item) -> Option<String> {
    match item {
        Item::Impl(item) => {
            // `impl From<Slug> for ::std::string::String` is about the slug, and so it is with `u16`.
            let is_own = matches!(&*item.self_ty, Type::Path(path) if path.path.leading_colon.is_none());
            let about = type_name(&item.self_ty)
                .filter(|name| is_own && name.starts_with(|first: char| first.is_ascii_uppercase()));
            about.or_else(|| {
                let (path, ..) = item.trait_.as_ref()?;
                let segment = path.segments.last()?;
                let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
                match arguments.args.first()? {
                    syn::GenericArgument::Type(ty) => type_name(ty),
                    _ => None,
                }
            })
        }
        item => defined_type(item),
    }
}

/// Returns the name of the type that an item defines.
pub(crate) fn defined_type(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    }
}
