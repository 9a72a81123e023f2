//! A sentence for every public item that the document has no words for.
//!
//! Such items are made up by the generators: conversions between alternatives, methods of types, modules.

use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Field, ImplItemFn, Item, ItemEnum, ItemImpl, ItemMod, ItemStruct, ItemType, Variant,
    Visibility,
};

use crate::safe_text::code;
use crate::syntax::documentation::rustdoc::{is_documented, replace};
use crate::syntax::tree::{serde_value, wire_name};

/// Documents what is public among `items` and has no documentation.
pub(super) fn document(items: &mut [Item]) {
    for item in items {
        Rest.visit_item_mut(item);
    }
}

struct Rest;

fn say(attributes: &mut Vec<Attribute>, text: &str) {
    if !is_documented(attributes) {
        replace(attributes, text);
    }
}

impl VisitMut for Rest {
    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        say(&mut item.attrs, &format!("The type `{}`.", item.ident));
        visit_mut::visit_item_struct_mut(self, item);
    }

    fn visit_item_enum_mut(&mut self, item: &mut ItemEnum) {
        say(&mut item.attrs, &format!("One of several: `{}`.", item.ident));
        visit_mut::visit_item_enum_mut(self, item);
    }

    fn visit_item_type_mut(&mut self, item: &mut ItemType) {
        say(&mut item.attrs, &format!("The type `{}`.", item.ident));
    }

    fn visit_item_mod_mut(&mut self, item: &mut ItemMod) {
        say(&mut item.attrs, &format!("The module `{}`.", item.ident));
        visit_mut::visit_item_mod_mut(self, item);
    }

    fn visit_variant_mut(&mut self, variant: &mut Variant) {
        let value = variant.attrs.iter().find_map(|attribute| serde_value(attribute, "rename"));
        let sentence = match value {
            Some(value) => format!("The value {}.", code(&value)),
            None => format!("The alternative `{}`.", variant.ident),
        };
        say(&mut variant.attrs, &sentence);
        for field in variant.fields.iter_mut().filter(|field| field.ident.is_some()) {
            let name = wire_name(field).unwrap_or_default();
            say(&mut field.attrs, &format!("The property {}.", code(&name)));
        }
    }

    fn visit_field_mut(&mut self, field: &mut Field) {
        if matches!(field.vis, Visibility::Public(_)) && field.ident.is_some() {
            let name = wire_name(field).unwrap_or_default();
            say(&mut field.attrs, &format!("The property {}.", code(&name)));
        }
    }

    fn visit_item_impl_mut(&mut self, item: &mut ItemImpl) {
        // The methods of traits have the documentation of the trait.
        if item.trait_.is_none() {
            visit_mut::visit_item_impl_mut(self, item);
        }
    }

    fn visit_impl_item_fn_mut(&mut self, function: &mut ImplItemFn) {
        if matches!(function.vis, Visibility::Public(_)) {
            let name = function.sig.ident.to_string();
            let sentence = match name.as_str() {
                "builder" => {
                    "Returns a builder in which nothing is set. It is taken wherever this type is.".to_owned()
                }
                name => format!("`{name}`."),
            };
            say(&mut function.attrs, &sentence);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree::tests::{after, formatted};

    #[test]
    fn what_the_document_does_not_know_has_a_sentence_all_the_same() {
        let (source, _) = after(
            crate::syntax::documentation::types,
            "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}",
            r#"
pub struct Inner { #[serde(rename = "type")] pub type_: String, age: i64 }
pub enum Either { Left(i64), #[serde(rename = "right-hand")] Right { way: String } }
impl Inner { pub fn builder() -> B { B } fn hidden() {} }
impl Default for Inner { fn default() -> Self { B } }
pub mod defaults { pub(super) fn one() {} }
"#,
        );
        let expected = r#"
/// The type `Inner`.
pub struct Inner {
    /// The property `type`.
    #[serde(rename = "type")]
    pub type_: String,
    age: i64,
}
/// One of several: `Either`.
pub enum Either {
    /// The alternative `Left`.
    Left(i64),
    /// The value `right-hand`.
    #[serde(rename = "right-hand")]
    Right {
        /// The property `way`.
        way: String,
    },
}
impl Inner {
    /// Returns a builder in which nothing is set. It is taken wherever this type is.
    pub fn builder() -> B { B }
    fn hidden() {}
}
impl Default for Inner { fn default() -> Self { B } }
/// The module `defaults`.
pub mod defaults { pub(super) fn one() {} }
"#;
        assert_eq!(source, formatted(expected));
    }
}
