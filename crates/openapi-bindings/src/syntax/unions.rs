//! Unions whose members are told apart by one property, on their way in and out.

use quote::{format_ident, quote};
use syn::punctuated::Punctuated;
use syn::{Attribute, Fields, Item, ItemEnum, ItemImpl, Path, Type, Variant, parse_quote};

use crate::syntax::Plan;
use crate::syntax::tree::{type_name, wrapped};
use openapi_document::model::{Member, Model, Union};

/// Has every union with a discriminator read by that property alone, and write it for members that do not have it.
///
/// typify's union is untagged (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/enums.rs>): it
/// tries one member after another, cannot say what is wrong with the one that was meant, and writes nothing by which a
/// reader could tell members without the property apart. A union that only a server sends keeps what it does not know
/// as `Unrecognized`, so that a newer server cannot fail a whole answer.
pub(super) fn tagged_unions(items: &mut Vec<Item>, plan: &Plan<'_>) -> usize {
    let model = &plan.model;
    let mut changes = 0;
    let mut tagged = Vec::with_capacity(items.len());
    for mut item in items.drain(..) {
        let mut deserialize = None;
        if let Item::Enum(item) = &mut item
            && let Some(schema) = plan.schema(&item.ident.to_string())
            && let Some(union) = model.schemas.union(schema.id)
            && let Some(arms) = arms(item, &union, model)
        {
            let open = !model.usage.in_requests(schema.id)
                && item.variants.iter().all(|variant| variant.ident != UNRECOGNIZED);
            tag(item, &union, &arms, open);
            deserialize = Some(Item::Impl(deserialize_impl(item, &union, &arms, open)));
            changes += 1;
        }
        tagged.push(item);
        tagged.extend(deserialize);
    }
    *items = tagged;
    changes
}

/// The variant for members of a newer server.
const UNRECOGNIZED: &str = "Unrecognized";

/// A variant, by its name, and the member it holds.
struct Arm<'a> {
    variant: syn::Ident,
    member: &'a Member<'a>,
}

/// Returns the variants of `item` with the members they hold; `None` if one of them holds something else.
fn arms<'a>(item: &ItemEnum, union: &'a Union<'a>, model: &Model<'a>) -> Option<Vec<Arm<'a>>> {
    let arm = |variant: &Variant| {
        let Fields::Unnamed(fields) = &variant.fields else { return None };
        let held = type_name(content(&fields.unnamed.first()?.ty))?;
        let member = union.members.iter().find(|member| {
            let component = model.schema(member.schema).component();
            component.is_some_and(|component| model.names().component(component) == held)
        })?;
        Some(Arm { variant: variant.ident.clone(), member })
    };
    item.variants.iter().map(arm).collect()
}

/// Returns the type that a variant holds, also if it is boxed because it holds the union in turn.
fn content(ty: &Type) -> &Type {
    wrapped(ty, "Box").unwrap_or(ty)
}

/// Tells serde how to write the union, and takes the derived way to read it away.
fn tag(item: &mut ItemEnum, union: &Union<'_>, arms: &[Arm<'_>], open: bool) {
    item.attrs.retain(|attribute| !attribute.path().is_ident("serde"));
    item.attrs.iter_mut().for_each(without_deserialize);
    let marked = |variant: &Variant| {
        arms.iter().find(|arm| arm.variant == variant.ident).is_none_or(|arm| arm.member.property.is_some())
    };
    let all_marked = item.variants.iter().all(marked);
    if all_marked {
        item.attrs.push(parse_quote!(#[serde(untagged)]));
    } else {
        let property = &union.property;
        item.attrs.push(parse_quote!(#[serde(tag = #property)]));
        // serde wants the variants that bring their own tag behind the others.
        let mut variants: Vec<Variant> = std::mem::take(&mut item.variants).into_iter().collect();
        variants.sort_by_key(marked);
        for variant in &mut variants {
            let known = arms.iter().find(|arm| arm.variant == variant.ident);
            match known.map(|arm| arm.member) {
                Some(Member { property: None, values, .. }) => {
                    let value = values.first();
                    variant.attrs.push(parse_quote!(#[serde(rename = #value)]));
                }
                _ => variant.attrs.push(parse_quote!(#[serde(untagged)])),
            }
        }
        item.variants = variants.into_iter().collect();
    }
    if open {
        let untagged: Option<Attribute> = (!all_marked).then(|| parse_quote!(#[serde(untagged)]));
        let name = format_ident!("{UNRECOGNIZED}");
        item.variants.push(parse_quote! {
            /// A member that this version of the document does not know, as it was read.
            #untagged
            #name(::serde_json::Value)
        });
        item.attrs.push(parse_quote!(#[non_exhaustive]));
    }
}

/// Takes away the derived way to read a type.
pub(super) fn without_deserialize(attribute: &mut Attribute) {
    if !attribute.path().is_ident("derive") {
        return;
    }
    let traits = attribute.parse_args_with(Punctuated::<Path, syn::Token![,]>::parse_terminated);
    if let Ok(traits) = traits {
        let derives = |path: &&Path| path.segments.last().is_none_or(|last| last.ident != "Deserialize");
        let kept = traits.iter().filter(derives);
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
}

/// Reads the member that the property names.
fn deserialize_impl(item: &ItemEnum, union: &Union<'_>, arms: &[Arm<'_>], open: bool) -> ItemImpl {
    let (name, property) = (&item.ident, &union.property);
    let known = arms.iter().map(|Arm { variant, member }| {
        let values = &member.values;
        // What the member does not have, it is not to find among its further members.
        let taken = member.property.is_none().then(|| {
            quote! {
                if let ::serde_json::Value::Object(members) = &mut value {
                    members.remove(#property);
                }
            }
        });
        quote! {
            ::std::option::Option::Some(#(#values)|*) => {
                #taken
                ::serde_json::from_value(value).map(Self::#variant)
            }
        }
    });
    let otherwise = if open {
        let unrecognized = format_ident!("{UNRECOGNIZED}");
        quote!(::std::result::Result::Ok(Self::#unrecognized(value)))
    } else {
        let fault = format!("`{property}` names no member of `{name}`");
        quote!(::std::result::Result::Err(::serde::de::Error::custom(#fault)))
    };
    let any_taken = arms.iter().any(|arm| arm.member.property.is_none());
    let mutable = any_taken.then(|| quote!(mut));
    parse_quote! {
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let #mutable value = <::serde_json::Value as ::serde::Deserialize>::deserialize(deserializer)?;
                let member = match value.get(#property).and_then(::serde_json::Value::as_str) {
                    #(#known)*
                    _ => #otherwise,
                };
                member.map_err(::serde::de::Error::custom)
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

    const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', puppy: '#/components/schemas/Dog', dog: '#/components/schemas/Dog'}}
    Cat: {type: object, properties: {kind: {type: string}}}
    Dog: {type: object, properties: {tricks: {type: integer}}}
";

    fn after(document: &str, source: &str) -> (String, usize) {
        let document = Document::parse("spec.yaml", document).unwrap();
        let mut items = syn::parse_file(source).unwrap().items;
        let changes = super::tagged_unions(&mut items, &plan(&Model::of(&document)));
        (prettyplease::unparse(&crate::rust::file_of(items)), changes)
    }

    const SOURCE: &str = r"
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
#[serde(untagged)]
pub enum Pet { Cat(Cat), Dog(::std::boxed::Box<Dog>) }
pub enum Other { Cat(Cat) }
";

    #[test]
    fn a_union_is_read_by_its_property_and_writes_it_where_a_member_does_not() {
        let (source, changes) = after(DOCUMENT, SOURCE);
        assert_eq!(changes, 1);
        let expected = r#"
#[derive(::serde::Serialize, Clone, Debug)]
#[serde(tag = "kind")]
#[non_exhaustive]
pub enum Pet {
    #[serde(rename = "puppy")]
    Dog(::std::boxed::Box<Dog>),
    #[serde(untagged)]
    Cat(Cat),
    /// A member that this version of the document does not know, as it was read.
    #[serde(untagged)]
    Unrecognized(::serde_json::Value),
}
impl<'de> ::serde::Deserialize<'de> for Pet {
    fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
        let mut value = <::serde_json::Value as ::serde::Deserialize>::deserialize(deserializer)?;
        let member = match value.get("kind").and_then(::serde_json::Value::as_str) {
            ::std::option::Option::Some("cat") => ::serde_json::from_value(value).map(Self::Cat),
            ::std::option::Option::Some("puppy" | "dog") => {
                if let ::serde_json::Value::Object(members) = &mut value {
                    members.remove("kind");
                }
                ::serde_json::from_value(value).map(Self::Dog)
            }
            _ => ::std::result::Result::Ok(Self::Unrecognized(value)),
        };
        member.map_err(::serde::de::Error::custom)
    }
}
pub enum Other { Cat(Cat) }
"#;
        assert_eq!(source, formatted(expected));
    }

    #[test]
    fn a_union_that_a_request_holds_is_closed() {
        let document = DOCUMENT.replace(
            "paths: {}",
            "paths: {/pets/: {post: {operationId: p, requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}, responses: {'204': {description: ''}}}}}",
        );
        let (source, _) = after(&document, SOURCE);
        assert!(!source.contains("Unrecognized"), "{source}");
        assert!(source.contains("`kind` names no member of `Pet`"), "{source}");
    }
}
