//! Values that nobody may read in a log.

use std::collections::{HashMap, HashSet};

use syn::punctuated::Punctuated;
use syn::{Attribute, Field, Fields, Item, ItemImpl, ItemStruct, Path, parse_quote};

use crate::syntax::Plan;
use crate::syntax::tree::wire_name;
use openapi_document::model::SchemaId;

/// The text that is printed instead.
const REDACTED: &str = "[redacted]";

/// Has `Debug` print `"[redacted]"` for every property marked `x-secret`: in the type that has it, in the builder of
/// that type, and in the type of a checked string made for it.
///
/// typify derives `Debug` for all types (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/lib.rs>),
/// so a secret would be in every log line, panic or failed assertion that shows a value.
pub(super) fn redacted_debug(items: &mut Vec<Item>, plan: &Plan<'_>) -> usize {
    let model = &plan.model;
    let is_secret = |id: SchemaId| model.schema(id).flag("x-secret");
    // What is held by a secret property, or by its items.
    let mut held: HashSet<SchemaId> = HashSet::new();
    for property in model.schemas.iter().flat_map(|schema| &schema.properties) {
        if is_secret(property.schema) {
            held.insert(property.schema);
            held.extend(model.schema(property.schema).items);
        }
    }
    // A builder's fields have no name for the wire, only that of the field they become.
    let mut idents: HashMap<String, HashSet<String>> = HashMap::new();
    let changes = redact(items, |item| {
        let name = item.ident.to_string();
        if let Fields::Unnamed(_) = &item.fields {
            let schema = plan.made.get(&name)?.schema?;
            return held.contains(&schema).then(HashSet::new);
        }
        let is_hidden = |field: &&Field| {
            let property = wire_name(field).and_then(|wire_name| plan.property(&name, &wire_name));
            property.is_some_and(|property| is_secret(property.schema))
        };
        let hidden = item.fields.iter().filter(is_hidden);
        let hidden: HashSet<String> =
            hidden.filter_map(|field| Some(field.ident.as_ref()?.to_string())).collect();
        if hidden.is_empty() {
            return None;
        }
        idents.insert(name, hidden.clone());
        Some(hidden)
    });
    let builders = items.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_mut(),
        _ => None,
    });
    let in_builders = builders
        .map_or(0, |(_, builders)| redact(builders, |item| idents.get(&item.ident.to_string()).cloned()));
    changes + in_builders
}

/// Replaces the derived `Debug` of the structs for which `hidden` names fields; of a tuple struct, all are hidden.
fn redact(items: &mut Vec<Item>, mut hidden: impl FnMut(&ItemStruct) -> Option<HashSet<String>>) -> usize {
    let mut changes = 0;
    let mut redacted = Vec::with_capacity(items.len());
    for mut item in items.drain(..) {
        let mut debug = None;
        if let Item::Struct(item) = &mut item
            && let Some(hidden) = hidden(item)
        {
            item.attrs.iter_mut().for_each(without_debug);
            debug = Some(Item::Impl(debug_impl(item, &hidden)));
            changes += 1;
        }
        redacted.push(item);
        redacted.extend(debug);
    }
    *items = redacted;
    changes
}

fn without_debug(attribute: &mut Attribute) {
    if !attribute.path().is_ident("derive") {
        return;
    }
    let traits = attribute.parse_args_with(Punctuated::<Path, syn::Token![,]>::parse_terminated);
    if let Ok(traits) = traits {
        let kept = traits.iter().filter(|path| !path.is_ident("Debug"));
        *attribute = parse_quote!(#[derive(#(#kept),*)]);
    }
}

fn debug_impl(item: &ItemStruct, hidden: &HashSet<String>) -> ItemImpl {
    let name = &item.ident;
    let text = name.to_string();
    let fields = item.fields.iter().filter_map(|field| field.ident.as_ref()).map(|ident| {
        let name = ident.to_string();
        let name = name.trim_start_matches("r#");
        let value: syn::Expr = if hidden.contains(&ident.to_string()) {
            parse_quote!(&#REDACTED)
        } else {
            parse_quote!(&self.#ident)
        };
        quote::quote!(.field(#name, #value))
    });
    let shown = if matches!(item.fields, Fields::Unnamed(_)) {
        quote::quote!(f.debug_tuple(#text).field(&#REDACTED).finish())
    } else {
        quote::quote!(f.debug_struct(#text)#(#fields)*.finish())
    };
    parse_quote! {
        impl ::std::fmt::Debug for #name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                #shown
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

    #[test]
    fn a_secret_is_shown_neither_by_its_type_nor_by_its_owner_or_the_owners_builder() {
        let document = Document::parse(
            "spec.yaml",
            r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Pet: {type: object, properties: {name: {type: string}, chipCode: {type: string, minLength: 1, x-secret: true}}}
",
        )
        .unwrap();
        let source = r#"
#[derive(Clone, Debug)]
pub struct Pet { pub name: String, #[serde(rename = "chipCode")] pub chip_code: PetChipCode }
#[derive(Clone, Debug)]
pub struct PetChipCode(String);
#[derive(Clone, Debug)]
pub struct Toy(String);
pub mod builder {
    #[derive(Clone, Debug)]
    pub struct Pet { name: Result<String, String>, chip_code: Result<super::PetChipCode, String> }
}
"#;
        let mut items = syn::parse_file(source).unwrap().items;
        let changes = super::redacted_debug(&mut items, &plan(&Model::of(&document)));
        assert_eq!(changes, 3);
        let debug = r#"
impl ::std::fmt::Debug for Pet {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.debug_struct("Pet").field("name", &self.name).field("chip_code", &"[redacted]").finish()
    }
}"#;
        let expected = format!(
            r#"
#[derive(Clone)]
pub struct Pet {{ pub name: String, #[serde(rename = "chipCode")] pub chip_code: PetChipCode }}
{debug}
#[derive(Clone)]
pub struct PetChipCode(String);
impl ::std::fmt::Debug for PetChipCode {{
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {{
        f.debug_tuple("PetChipCode").field(&"[redacted]").finish()
    }}
}}
#[derive(Clone, Debug)]
pub struct Toy(String);
pub mod builder {{
    #[derive(Clone)]
    pub struct Pet {{ name: Result<String, String>, chip_code: Result<super::PetChipCode, String> }}
    {debug}
}}
"#
        );
        assert_eq!(prettyplease::unparse(&crate::rust::file_of(items)), formatted(&expected));
    }
}
