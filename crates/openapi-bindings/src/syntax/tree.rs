//! Reading the shapes that typify and progenitor write.

use proc_macro2::TokenTree;
use syn::{
    Attribute, Field, GenericArgument, Item, ItemEnum, ItemImpl, ItemStruct, Lit, Meta, PathArguments, Type,
};

/// Returns the structs among `items`.
pub(crate) fn structs_mut(items: &mut [Item]) -> impl Iterator<Item = &mut ItemStruct> {
    items.iter_mut().filter_map(|item| match item {
        Item::Struct(item) => Some(item),
        _ => None,
    })
}

/// Returns the enums among `items`.
pub(crate) fn enums_mut(items: &mut [Item]) -> impl Iterator<Item = &mut ItemEnum> {
    items.iter_mut().filter_map(|item| match item {
        Item::Enum(item) => Some(item),
        _ => None,
    })
}

/// Returns the impls among `items`.
pub(crate) fn impls_mut(items: &mut [Item]) -> impl Iterator<Item = &mut ItemImpl> {
    items.iter_mut().filter_map(|item| match item {
        Item::Impl(item) => Some(item),
        _ => None,
    })
}

/// Returns the items of the module `name` among `items`; none if there is no such module.
pub(crate) fn module_mut<'a>(items: &'a mut [Item], name: &str) -> &'a mut [Item] {
    let found = items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == name => module.content.as_mut(),
        _ => None,
    });
    found.map_or(&mut [], |(_, items)| items)
}

/// Returns the last segment of the path that `ty` is, such as `Pet` of `super::Pet`.
pub(crate) fn type_name(ty: &Type) -> Option<String> {
    match ty {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// Returns the type that `ty` wraps, if it is a `wrapper<_>` or a `wrapper<_, ...>`.
pub(crate) fn wrapped<'a>(ty: &'a Type, wrapper: &str) -> Option<&'a Type> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last().filter(|segment| segment.ident == wrapper)?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// Returns the name by which a field goes over the wire.
pub(crate) fn wire_name(field: &Field) -> Option<String> {
    let renamed = field.attrs.iter().find_map(|attribute| serde_value(attribute, "rename"));
    renamed
        .or_else(|| field.ident.as_ref().map(|ident| ident.to_string().trim_start_matches("r#").to_owned()))
}

/// Returns the text of `key = "text"` in a serde attribute.
///
/// Every repair asks for names on the wire, so the attribute is not parsed.
pub(crate) fn serde_value(attribute: &Attribute, key: &str) -> Option<String> {
    let list = attribute.meta.require_list().ok().filter(|list| list.path.is_ident("serde"))?;
    let mut tokens = list.tokens.clone().into_iter();
    tokens.find(|token| matches!(token, TokenTree::Ident(word) if word == key))?;
    match (tokens.next()?, tokens.next()?) {
        (TokenTree::Punct(sign), TokenTree::Literal(text)) if sign.as_char() == '=' => match Lit::new(text) {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Returns what stands between the parentheses of a serde attribute; nothing for any other attribute.
pub(crate) fn serde_metas(attribute: &Attribute) -> Vec<Meta> {
    use syn::punctuated::Punctuated;
    if !attribute.path().is_ident("serde") {
        return Vec::new();
    }
    let metas = attribute.parse_args_with(Punctuated::<Meta, syn::Token![,]>::parse_terminated);
    metas.map(|metas| metas.into_iter().collect()).unwrap_or_default()
}

/// Replaces what serde is told about a field: `metas`, besides the name it already had on the wire.
pub(crate) fn set_serde(field: &mut Field, mut metas: Vec<Meta>) {
    let name = field.attrs.iter().flat_map(serde_metas).find(|meta| meta.path().is_ident("rename"));
    metas.extend(name);
    field.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
    if !metas.is_empty() {
        field.attrs.push(syn::parse_quote!(#[serde(#(#metas),*)]));
    }
}

/// Returns `true` if serde is told `key` about a field.
pub(crate) fn has_serde(field: &Field, key: &str) -> bool {
    field.attrs.iter().flat_map(serde_metas).any(|meta| meta.path().is_ident(key))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::syntax::Plan;
    use crate::syntax::plan::tests::plan;
    use openapi_document::document::Document;
    use openapi_document::model::Model;

    /// Returns `source` after a repair, formatted, and how many changes it made.
    pub(crate) fn after(
        repair: impl Fn(&mut [Item], &Plan<'_>) -> usize,
        document: &str,
        source: &str,
    ) -> (String, usize) {
        let document = Document::parse("spec.yaml", document).unwrap();
        let model = Model::of(&document);
        let plan = plan(&model);
        let mut items = syn::parse_file(source).unwrap().items;
        let changes = repair(&mut items, &plan);
        (prettyplease::unparse(&crate::rust::file_of(items)), changes)
    }

    /// Returns `source` formatted as [`after`] formats it.
    pub(crate) fn formatted(source: &str) -> String {
        prettyplease::unparse(&syn::parse_file(source).unwrap())
    }

    #[test]
    fn a_field_is_known_by_its_name_on_the_wire() {
        let item: ItemStruct = syn::parse_quote! {
            struct Pet { #[serde(default, rename = "type")] type_: Option<String>, age: i64 }
        };
        let names: Vec<_> = item.fields.iter().filter_map(wire_name).collect();
        assert_eq!(names, ["type", "age"]);
    }

    #[test]
    fn the_value_of_a_serde_attribute_is_found_wherever_it_stands() {
        let value = |attribute: Attribute| serde_value(&attribute, "rename");
        let renamed = Some("a\"b".to_owned());
        assert_eq!(value(syn::parse_quote!(#[serde(rename = "a\"b", default)])), renamed);
        assert_eq!(value(syn::parse_quote!(#[serde(with = "rename", rename = "a\"b")])), renamed);
        assert_eq!(value(syn::parse_quote!(#[serde(rename_all = "a\"b")])), None);
        assert_eq!(value(syn::parse_quote!(#[doc = "rename"])), None);
    }

    #[test]
    fn a_wrapper_is_known_by_whatever_path_leads_to_it() {
        let ty: Type = syn::parse_quote!(::std::option::Option<super::Pet>);
        assert_eq!(wrapped(&ty, "Option").and_then(type_name).as_deref(), Some("Pet"));
        assert!(wrapped(&ty, "Vec").is_none());
    }
}
