//! Values that nobody may read in a log.

use std::collections::{HashMap, HashSet};

use syn::punctuated::Punctuated;
use syn::{Attribute, Fields, Item, ItemImpl, ItemStruct, Path, parse_quote};

use crate::passes::Plan;
use crate::syntax::tree::wire_name;
use openapi_document::property::properties;

/// What is printed instead.
const REDACTED: &str = "[redacted]";

/// Has `Debug` print `"[redacted]"` for every property marked `x-secret`: in the type that has it, in the builder of
/// that type, and in the type of a checked string made for it.
///
/// typify derives `Debug` for all types (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/lib.rs>),
/// so a secret would be in every log line, panic or failed assertion that shows a value.
pub(super) fn redacted_debug(items: &mut Vec<Item>, plan: &Plan<'_>) -> usize {
    let names = plan.document.names();
    let mut secrets: HashMap<String, HashSet<&str>> = HashMap::new();
    let mut values = HashSet::new();
    for property in properties(plan.document.value()) {
        if property.schema.get("x-secret").and_then(serde_json::Value::as_bool) == Some(true) {
            let component = names.component(property.component);
            let value = names.held(&component, property.name);
            values.insert(format!("{value}Item"));
            values.insert(value);
            secrets.entry(component).or_default().insert(property.name);
        }
    }
    // A builder's fields have no name for the wire, only that of the field they become.
    let mut idents: HashMap<String, HashSet<String>> = HashMap::new();
    let changes = redact(items, |item| match &item.fields {
        Fields::Unnamed(_) => values.contains(&item.ident.to_string()).then(HashSet::new),
        fields => {
            let names = secrets.get(&item.ident.to_string())?;
            let hidden = fields
                .iter()
                .filter(|field| wire_name(field).is_some_and(|wire_name| names.contains(wire_name.as_str())));
            let hidden: HashSet<String> =
                hidden.filter_map(|field| Some(field.ident.as_ref()?.to_string())).collect();
            idents.insert(item.ident.to_string(), hidden.clone());
            Some(hidden)
        }
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
    use crate::passes::Plan;
    use crate::syntax::tree::tests::formatted;
    use openapi_document::document::Document;

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
        let changes = super::redacted_debug(&mut items, &Plan::new(&document, &[]).unwrap());
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
