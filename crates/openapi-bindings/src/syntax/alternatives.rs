//! Unions whose members no property tells apart, on their way in.

use std::collections::{BTreeSet, HashMap};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Attribute, Fields, Item, ItemEnum, ItemImpl, Meta, Type, Variant, parse_quote};

use crate::syntax::Plan;
use crate::syntax::tree::{has_serde, serde_metas, serde_value, type_name, wire_name, wrapped};
use crate::syntax::unions::without_deserialize;

/// Has a union without a discriminator read a value as the member that knows the most of it, unless its members are told apart
/// all the same, as an object and a number are. Lists are not: a list knows nothing of its items.
///
/// typify's union is untagged (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/enums.rs>): serde takes the
/// first member that fits, which loses what only a later one knows.
pub(super) fn alternatives(items: &mut Vec<Item>, _: &Plan<'_>) -> usize {
    let types = types(items);
    let unions = items.iter().filter_map(|item| match item {
        Item::Enum(item) => Some((item.ident.to_string(), members(item, &types)?)),
        _ => None,
    });
    let known: HashMap<String, Vec<Known>> = unions.collect();
    let mut impls = Vec::new();
    for item in items.iter_mut() {
        if let Item::Enum(item) = item
            && let Some(known) = known.get(&item.ident.to_string())
        {
            item.attrs.iter_mut().for_each(without_deserialize);
            impls.push(Item::Impl(deserialize_impl(item, known)));
        }
    }
    let changes = impls.len();
    items.extend(impls);
    changes
}

/// Types by their names.
type Types<'a> = HashMap<String, &'a Item>;

/// The part of a value that a type knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Known {
    names: BTreeSet<String>,
    /// `true` if it keeps members of all names.
    is_open: bool,
    texts: BTreeSet<String>,
}

impl Known {
    fn tokens(&self) -> TokenStream {
        let (names, texts) = (&self.names, &self.texts);
        if self.is_open {
            quote!(::openapi_wire::alternatives::Known::AllMembers)
        } else if !names.is_empty() {
            let names = names.iter();
            quote!(::openapi_wire::alternatives::Known::Members(&[#(#names),*]))
        } else if !texts.is_empty() {
            let texts = texts.iter();
            quote!(::openapi_wire::alternatives::Known::Texts(&[#(#texts),*]))
        } else {
            quote!(::openapi_wire::alternatives::Known::Nothing)
        }
    }

    fn add(&mut self, other: Self) {
        self.names.extend(other.names);
        self.texts.extend(other.texts);
        self.is_open |= other.is_open;
    }
}

/// Returns the types among `items`, by their names.
fn types(items: &[Item]) -> Types<'_> {
    let named = |item: &Item| match item {
        Item::Struct(of) => Some(of.ident.to_string()),
        Item::Enum(of) => Some(of.ident.to_string()),
        _ => None,
    };
    items.iter().filter_map(|item| Some((named(item)?, item))).collect()
}

/// Returns what each variant of an untagged union knows; `None` if it is none, or if its variants are told apart all the same.
fn members(item: &ItemEnum, types: &Types<'_>) -> Option<Vec<Known>> {
    let is_untagged = item.attrs.iter().flat_map(serde_metas).any(|meta| meta.path().is_ident("untagged"));
    if !is_untagged || !item.attrs.iter().any(derives_deserialize) {
        return None;
    }
    let known = |variant: &Variant| {
        let is_renamed = variant.attrs.iter().any(|attribute| attribute.path().is_ident("serde"));
        match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 && !is_renamed => {
                Some(of_type(&fields.unnamed.first()?.ty, types, &mut BTreeSet::new()))
            }
            Fields::Named(_) if !is_renamed => Some(of_fields(&variant.fields, types, &mut BTreeSet::new())),
            _ => None,
        }
    };
    let known: Vec<Known> = item.variants.iter().map(known).collect::<Option<_>>()?;
    let several = |is: fn(&Known) -> bool| known.iter().filter(|known| is(known)).count() > 1;
    let has_objects = several(|known| known.is_open || !known.names.is_empty());
    let has_texts = known.iter().any(|known| !known.texts.is_empty());
    (has_objects || has_texts && known.len() > 1).then_some(known)
}

fn derives_deserialize(attribute: &Attribute) -> bool {
    use syn::punctuated::Punctuated;
    let traits = attribute.parse_args_with(Punctuated::<syn::Path, syn::Token![,]>::parse_terminated);
    let is_it = |path: &syn::Path| path.segments.last().is_some_and(|last| last.ident == "Deserialize");
    attribute.path().is_ident("derive") && traits.is_ok_and(|traits| traits.iter().any(is_it))
}

/// Returns what values of a type know. A type may be a part of itself.
fn of_type(ty: &Type, types: &Types<'_>, seen: &mut BTreeSet<String>) -> Known {
    if let Some(inner) = wrapped(ty, "Box").or_else(|| wrapped(ty, "Option")) {
        return of_type(inner, types, seen);
    }
    let Some(name) = type_name(ty) else { return Known::default() };
    // A component may be called the same, and has no arguments.
    let is_map = ["BTreeMap", "HashMap", "Map"].iter().any(|map| wrapped(ty, map).is_some());
    if is_map || (name == "Value" && !types.contains_key(&name)) {
        return Known { is_open: true, ..Known::default() };
    }
    if !seen.insert(name.clone()) {
        return Known::default();
    }
    match types.get(&name) {
        Some(Item::Struct(item)) => of_fields(&item.fields, types, seen),
        Some(Item::Enum(item)) => {
            let mut all = Known::default();
            for variant in &item.variants {
                match &variant.fields {
                    Fields::Unit => {
                        let renamed =
                            variant.attrs.iter().find_map(|attribute| serde_value(attribute, "rename"));
                        all.texts.insert(renamed.unwrap_or_else(|| variant.ident.to_string()));
                    }
                    fields => all.add(of_fields(fields, types, seen)),
                }
            }
            let tag = item.attrs.iter().find_map(|attribute| serde_value(attribute, "tag"));
            all.names.extend(tag);
            all
        }
        _ => Known::default(),
    }
}

/// Returns what fields know: those with names are members, and one without is all there is.
fn of_fields(fields: &Fields, types: &Types<'_>, seen: &mut BTreeSet<String>) -> Known {
    let mut all = Known::default();
    match fields {
        Fields::Named(fields) => {
            for field in &fields.named {
                if has_serde(field, "flatten") {
                    all.add(of_type(&field.ty, types, seen));
                } else {
                    all.names.extend(wire_name(field));
                }
            }
        }
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            for field in &fields.unnamed {
                all.add(of_type(&field.ty, types, seen));
            }
        }
        Fields::Unnamed(_) | Fields::Unit => {}
    }
    all
}

/// Reads the member that knows the most.
fn deserialize_impl(item: &ItemEnum, known: &[Known]) -> ItemImpl {
    let (name, text) = (&item.ident, item.ident.to_string());
    let known = known.iter().map(Known::tokens);
    // What serde is told about the fields of all variants, such as that no others are allowed.
    let told: Vec<Meta> = item.attrs.iter().flat_map(serde_metas).collect();
    let told: Vec<Meta> = told.into_iter().filter(|meta| !meta.path().is_ident("untagged")).collect();
    let told = (!told.is_empty()).then(|| quote!(#[serde(#(#told),*)]));
    let last = item.variants.len().saturating_sub(1);
    let (mut structs, mut arms) = (Vec::new(), Vec::new());
    for (number, variant) in item.variants.iter().enumerate() {
        let ident = &variant.ident;
        let number = if number == last { quote!(_) } else { quote!(#number) };
        arms.push(match &variant.fields {
            Fields::Named(fields) => {
                let mut fields = fields.named.clone();
                for field in &mut fields {
                    field.attrs.retain(|attribute| attribute.path().is_ident("serde"));
                }
                let names: Vec<_> = fields.iter().filter_map(|field| field.ident.clone()).collect();
                // No type of a document begins like this.
                let all = format_ident!("_{name}{ident}");
                structs.push(quote!(#[derive(::serde::Deserialize)] #told struct #all { #fields }));
                quote!(#number => <#all as ::serde::Deserialize>::deserialize(&value)
                    .map(|#all { #(#names),* }| #name::#ident { #(#names),* }))
            }
            fields => {
                let ty = fields.iter().map(|field| &field.ty);
                quote!(#number => <#(#ty)* as ::serde::Deserialize>::deserialize(&value).map(#name::#ident))
            }
        });
    }
    parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<_D: ::serde::Deserializer<'de>>(deserializer: _D) -> ::std::result::Result<Self, _D::Error> {
                #(#structs)*
                let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(deserializer)?;
                let known = [#(#known),*];
                let read = ::openapi_wire::alternatives::read(#text, &known, &value, |member| match member {
                    #(#arms,)*
                });
                read.map_err(::serde::de::Error::custom)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::plan::tests::plan;
    use crate::syntax::tree::tests::formatted;
    use openapi_document::document::Document;
    use openapi_document::model::Model;

    fn after(source: &str) -> (String, usize) {
        let document =
            Document::parse("spec.yaml", "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}")
                .unwrap();
        let mut items = syn::parse_file(source).unwrap().items;
        let changes = super::alternatives(&mut items, &plan(&Model::of(&document)));
        (prettyplease::unparse(&crate::rust::file_of(items)), changes)
    }

    const TYPES: &str = r#"
pub struct Cat { #[serde(rename = "is-tame")] is_tame: bool, age: i64 }
pub struct Dog { age: i64, #[serde(flatten)] extra: ::std::collections::BTreeMap<String, i64> }
pub enum Size { #[serde(rename = "s")] Small, Large }
"#;

    #[test]
    fn a_union_of_objects_is_read_as_the_one_that_knows_the_most() {
        let union = r#"
#[derive(::serde::Deserialize, ::serde::Serialize, Clone)]
#[serde(untagged, deny_unknown_fields)]
pub enum Pet { Cat(::std::boxed::Box<Cat>), Dog(Dog), Variant2 { #[serde(rename = "no")] number: Size }, Text(String) }
"#;
        let (source, changes) = after(&format!("{TYPES}{union}"));
        assert_eq!(changes, 1);
        let expected = r#"
#[derive(::serde::Serialize, Clone)]
#[serde(untagged, deny_unknown_fields)]
pub enum Pet { Cat(::std::boxed::Box<Cat>), Dog(Dog), Variant2 { #[serde(rename = "no")] number: Size }, Text(String) }
impl<'de> ::serde::Deserialize<'de> for Pet {
    fn deserialize<_D: ::serde::Deserializer<'de>>(deserializer: _D) -> ::std::result::Result<Self, _D::Error> {
        #[derive(::serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct _PetVariant2 { #[serde(rename = "no")] number: Size }
        let value = <::serde_json::Value as ::serde::Deserialize>::deserialize(deserializer)?;
        let known = [
            ::openapi_wire::alternatives::Known::Members(&["age", "is-tame"]),
            ::openapi_wire::alternatives::Known::AllMembers,
            ::openapi_wire::alternatives::Known::Members(&["no"]),
            ::openapi_wire::alternatives::Known::Nothing
        ];
        let read = ::openapi_wire::alternatives::read("Pet", &known, &value, |member| match member {
            0usize => <::std::boxed::Box<Cat> as ::serde::Deserialize>::deserialize(&value).map(Pet::Cat),
            1usize => <Dog as ::serde::Deserialize>::deserialize(&value).map(Pet::Dog),
            2usize => <_PetVariant2 as ::serde::Deserialize>::deserialize(&value)
                .map(|_PetVariant2 { number }| Pet::Variant2 { number }),
            _ => <String as ::serde::Deserialize>::deserialize(&value).map(Pet::Text),
        });
        read.map_err(::serde::de::Error::custom)
    }
}
"#;
        assert_eq!(source, formatted(&format!("{TYPES}{expected}")));
    }

    #[test]
    fn a_union_whose_members_no_value_can_confuse_stays_as_it_is() {
        for union in [
            "#[derive(::serde::Deserialize)] #[serde(untagged)] pub enum Pet { Cat(Cat), Name(String) }",
            "#[derive(::serde::Deserialize)] #[serde(tag = \"kind\")] pub enum Pet { Cat(Cat), Dog(Dog) }",
            "#[serde(untagged)] pub enum Pet { Cat(Cat), Dog(Dog) }",
        ] {
            assert_eq!(after(&format!("{TYPES}{union}")).1, 0, "{union}");
        }
        let texts =
            "#[derive(::serde::Deserialize)] #[serde(untagged)] pub enum Word { Any(String), Size(Size) }";
        let (source, _) = after(&format!("{TYPES}{texts}"));
        assert!(source.contains(r#"Known::Texts(&["Large", "s"])"#), "{source}");
    }
}
