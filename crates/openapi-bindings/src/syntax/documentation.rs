//! The document's words as documentation of Rust items.
//!
//! Adds the paragraphs that [`words`](crate::words) writes about a part of the document to the items that were made
//! from that part. What was made from none gets a sentence of its own, so that nothing public is without.

mod rest;
mod rustdoc;

use std::collections::HashMap;

use syn::{Attribute, ImplItem, ImplItemFn, Item};

use crate::syntax::Plan;
use crate::syntax::tree::{enums_mut, impls_mut, module_mut, serde_value, structs_mut, type_name, wire_name};
use crate::words;

/// Documents the types, their fields and values, and the builders with their setters.
///
/// typify hands a description over as one string and as it is
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/type_entry.rs>), which rustdoc warns about as
/// soon as it holds a bare URL, a bracket or a tag; it has none for builders.
pub(super) fn types(items: &mut [Item], plan: &Plan<'_>) -> usize {
    let mut setters: HashMap<(String, String), String> = HashMap::new();
    for item in structs_mut(items) {
        let name = item.ident.to_string();
        let Some(made) = plan.made.get(&name) else { continue };
        if let Some(about) = words::of_type(plan.model, &made.pointer) {
            rustdoc::replace(&mut item.attrs, &about);
        }
        for field in &mut item.fields {
            let about = wire_name(field).and_then(|wire| words::of_property(plan.model, made.schema?, &wire));
            if let (Some(about), Some(ident)) = (about, &field.ident) {
                rustdoc::replace(&mut field.attrs, &about);
                setters.insert((name.clone(), ident.to_string()), about);
            }
        }
    }
    for item in enums_mut(items) {
        let Some(made) = plan.made.get(&item.ident.to_string()) else { continue };
        if let Some(about) = words::of_type(plan.model, &made.pointer) {
            rustdoc::replace(&mut item.attrs, &about);
        }
        for variant in &mut item.variants {
            let value = variant.attrs.iter().find_map(|attribute| serde_value(attribute, "rename"));
            if let Some(value) = value {
                let schema = plan.model.schemas.at(&made.pointer);
                rustdoc::replace(&mut variant.attrs, &words::of_value(schema, &value));
            }
        }
    }
    let builders = module_mut(items, "builder");
    for item in structs_mut(builders) {
        let about = format!("Builds a [`{0}`](super::{0}): set what is known, then convert.", item.ident);
        rustdoc::replace(&mut item.attrs, &about);
    }
    for (builder, member) in methods_mut(builders) {
        if let Some(about) = setters.get(&(builder, member.sig.ident.to_string())) {
            rustdoc::replace(&mut member.attrs, about);
        }
    }
    rest::document(items);
    rustdoc::rewrite(items)
}

/// Returns the attributes that document what they stand at with `text`.
pub(crate) fn attributes(text: &str) -> Vec<Attribute> {
    rustdoc::attributes_of(text)
}

/// Returns `item` with documentation that rustdoc shows as it is written.
pub(crate) fn escaped(item: Item) -> Item {
    let mut items = [item];
    rustdoc::rewrite(&mut items);
    let [item] = items;
    item
}

/// Returns the methods that the types among `items` have of their own, with the names of those types.
fn methods_mut(items: &mut [Item]) -> impl Iterator<Item = (String, &mut ImplItemFn)> {
    impls_mut(items).filter(|item| item.trait_.is_none()).flat_map(|item| {
        let name = type_name(&item.self_ty).unwrap_or_default();
        item.items.iter_mut().filter_map(move |member| match member {
            ImplItem::Fn(function) => Some((name.clone(), function)),
            _ => None,
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree::tests::{after, formatted};

    #[test]
    fn a_description_becomes_lines_of_documentation() {
        let (source, changes) = after(
            crate::syntax::documentation::types,
            "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}",
            r#"
#[doc = "A pet.\n\n* `cat` - meows"]
pub struct Pet { #[doc = "Its name"] pub name: String, pub age: i64 }
"#,
        );
        assert_eq!(changes, 3);
        let expected = "
/// A pet.
///
/// * `cat` - meows
pub struct Pet {
    /// Its name
    pub name: String,
    /// The property `age`.
    pub age: i64,
}
";
        assert_eq!(source, formatted(expected));
    }

    #[test]
    fn a_type_its_properties_and_their_setters_say_what_the_document_says() {
        let (source, changes) = after(
            crate::syntax::documentation::types,
            r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Pet: {type: object, x-note: An animal., properties: {type: {type: string, description: Its kind, x-since: '2024.8'}}}
    Kind: {type: string, enum: [cat, dog], x-enum-labels: {cat: A cat}}
",
            r#"
pub struct Pet { #[doc = "Its kind"] #[serde(rename = "type")] pub type_: String }
pub enum Kind { #[serde(rename = "cat")] Cat, #[serde(rename = "dog")] Dog }
pub mod builder {
    pub struct Pet { type_: String }
    impl Pet { pub fn type_(mut self, value: String) -> Self { self } }
}
"#,
        );
        assert_eq!(changes, 8);
        let expected = r#"
/// An animal.
///
/// From `#/components/schemas/Pet`.
pub struct Pet {
    /// Its kind
    ///
    /// Since 2024.8.
    ///
    /// From `#/components/schemas/Pet/properties/type`.
    #[serde(rename = "type")]
    pub type_: String,
}
/// `Kind` of the document.
///
/// From `#/components/schemas/Kind`.
pub enum Kind {
    /// A cat
    #[serde(rename = "cat")]
    Cat,
    /// The value `dog`.
    #[serde(rename = "dog")]
    Dog,
}
/// The module `builder`.
pub mod builder {
    /// Builds a [`Pet`](super::Pet): set what is known, then convert.
    pub struct Pet { type_: String }
    impl Pet {
        /// Its kind
        ///
        /// Since 2024.8.
        ///
        /// From `#/components/schemas/Pet/properties/type`.
        pub fn type_(mut self, value: String) -> Self { self }
    }
}
"#;
        assert_eq!(source, formatted(expected));
    }
}
