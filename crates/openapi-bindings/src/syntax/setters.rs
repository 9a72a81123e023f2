//! Setters of builders.

use std::collections::HashMap;

use quote::{format_ident, quote};
use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Ident, ImplItem, ImplItemFn, Item, LitStr, Path, PathArguments, TraitBound, Type, parse_quote,
};

use crate::syntax::Plan;
use crate::syntax::tree::{impls_mut, module_mut, type_name, wire_name, wrapped};

/// Lets the setter of an optional property take whatever its value can be made from: a `&str`, a value, or an option
/// of one; and that of a list an array of texts. A value that does not fit is refused with the name of the property and the rule: `slug: must match ...`.
///
/// typify's setters take what converts into the field's own type, an `Option<_>` or `Patch<_>`
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/type_entry.rs>), which a `&str` does not if
/// the value is a checked string. The crate that holds the types has `IntoField` at its root.
pub(super) fn setters(items: &mut [Item], _: &Plan<'_>) -> usize {
    let names = WireNames::of(items);
    let setters =
        Setters::new(&parse_quote!(::openapi_wire::IntoField), &parse_quote!(::openapi_wire::Refusal));
    let mut changes = 0;
    for item in impls_mut(module_mut(items, "builder")).filter(|item| item.trait_.is_none()) {
        let built = type_name(&item.self_ty).unwrap_or_default();
        for member in &mut item.items {
            let ImplItem::Fn(setter) = member else { continue };
            let Some(target) = target(setter) else { continue };
            let name = names.of_field(&built, &setter.sig.ident);
            let attributes = std::mem::take(&mut setter.attrs);
            *setter = setters.setter(attributes, (&setter.sig.ident, &name), &target);
            changes += 1;
        }
    }
    changes
}

/// The names of fields on the wire, by their types and their names in Rust.
pub(super) struct WireNames(HashMap<(String, String), String>);

impl WireNames {
    /// Returns the names of the fields of all structs among `items`.
    pub(super) fn of(items: &[Item]) -> Self {
        let structs = items.iter().filter_map(|item| match item {
            Item::Struct(item) => Some(item),
            _ => None,
        });
        let fields = structs.flat_map(|item| item.fields.iter().map(move |field| (&item.ident, field)));
        let names = fields.filter_map(|(item, field)| {
            Some(((item.to_string(), field.ident.as_ref()?.to_string()), wire_name(field)?))
        });
        WireNames(names.collect())
    }

    /// Returns the name of the field `ident` of the type `built`.
    pub(super) fn of_field(&self, built: &str, ident: &Ident) -> String {
        let name = self.0.get(&(built.to_owned(), ident.to_string()));
        name.cloned().unwrap_or_else(|| ident.to_string())
    }
}

/// Writes setters. There are very many, so each is a copy of one that was parsed.
pub(crate) struct Setters {
    /// The setter of what takes more than the standard library converts into its type, and that of any other, each
    /// without and with a rule.
    templates: [[ImplItemFn; 2]; 2],
}

/// Stands in a template for the name of the setter, and of the field that it sets.
const SETTER: &str = "setter_";
/// Stands in a template for the type of the field.
const TARGET: &str = "Target_";
/// Stands in a template for the name on the wire.
const NAME: &str = "name";
/// Stands in a template for the rule.
const RULE: &str = "rule";

impl Setters {
    /// Knows by these paths what is in `openapi-wire`.
    pub(crate) fn new(into_field: &Path, refusal: &Path) -> Self {
        let (setter, target) = (format_ident!("{SETTER}"), format_ident!("{TARGET}"));
        let templates = [None, Some(quote!(.with_rule(#RULE)))].map(|rule| {
            let refused = quote!(.map_err(|e| #refusal::of(#NAME, &e)#rule));
            let field = parse_quote! {
                pub fn #setter<V, How>(mut self, value: V) -> Self
                where
                    V: #into_field<#target, How>,
                {
                    self.#setter = value.into_field()#refused;
                    self
                }
            };
            let other = parse_quote! {
                pub fn #setter<V>(mut self, value: V) -> Self
                where
                    V: ::std::convert::TryInto<#target>,
                    V::Error: ::std::fmt::Display + 'static,
                {
                    self.#setter = value.try_into()#refused;
                    self
                }
            };
            [field, other]
        });
        Self { templates }
    }

    /// Returns the setter `ident` for a value of the type `target`, which is called `name` on the wire.
    pub(crate) fn setter(
        &self,
        attributes: Vec<Attribute>,
        (ident, name): (&Ident, &str),
        target: &Type,
    ) -> ImplItemFn {
        let rule = rule(target);
        let [plain, ruled] = &self.templates;
        let [field, other] = if rule.is_some() { ruled } else { plain };
        let mut setter = if is_field(target) { field.clone() } else { other.clone() };
        setter.attrs = attributes;
        Filled { ident, name, target, rule: rule.as_deref() }.visit_impl_item_fn_mut(&mut setter);
        setter
    }
}

/// Puts into a template what it is for.
struct Filled<'s> {
    ident: &'s Ident,
    name: &'s str,
    target: &'s Type,
    rule: Option<&'s str>,
}

impl VisitMut for Filled<'_> {
    fn visit_attribute_mut(&mut self, _: &mut Attribute) {}

    fn visit_ident_mut(&mut self, ident: &mut Ident) {
        if ident == SETTER {
            *ident = self.ident.clone();
        }
    }

    fn visit_type_mut(&mut self, ty: &mut Type) {
        if matches!(ty, Type::Path(path) if path.path.is_ident(TARGET)) {
            *ty = self.target.clone();
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }

    fn visit_lit_str_mut(&mut self, text: &mut LitStr) {
        let said = if text.value() == NAME { self.name } else { self.rule.unwrap_or_default() };
        *text = LitStr::new(said, text.span());
    }
}

/// Returns the rule of a type of another crate, whose own words only say what is wrong with a value.
fn rule(target: &Type) -> Option<String> {
    let inner = ["Option", "Patch", "Vec", "Box"].into_iter().find_map(|wrapper| wrapped(target, wrapper));
    if let Some(inner) = inner {
        return rule(inner);
    }
    let bounds = |least: i128, most: u64| Some(format!("must be a whole number from {least} to {most}"));
    match type_name(target)?.as_str() {
        "Uuid" => Some("must be a UUID such as 00000000-0000-4000-8000-000000000000".to_owned()),
        "i8" => bounds(i8::MIN.into(), 0x7f),
        "i16" => bounds(i16::MIN.into(), 0x7fff),
        "i32" => bounds(i32::MIN.into(), 0x7fff_ffff),
        "i64" => bounds(i64::MIN.into(), 0x7fff_ffff_ffff_ffff),
        "u8" => bounds(0, u8::MAX.into()),
        "u16" => bounds(0, u16::MAX.into()),
        "u32" => bounds(0, u32::MAX.into()),
        "u64" => bounds(0, u64::MAX),
        "NonZeroU8" => bounds(1, u8::MAX.into()),
        "NonZeroU16" => bounds(1, u16::MAX.into()),
        "NonZeroU32" => bounds(1, u32::MAX.into()),
        "NonZeroU64" => bounds(1, u64::MAX),
        _ => None,
    }
}

/// Returns `true` if a setter takes more for a `target` than what the standard library converts into one: if it is
/// optional, or a list.
fn is_field(target: &Type) -> bool {
    ["Option", "Patch", "Vec"].into_iter().any(|wrapper| wrapped(target, wrapper).is_some())
}

/// Returns the type that a setter's argument has to convert into: the `_` of its bound `TryInto<_>`.
pub(crate) fn target(setter: &ImplItemFn) -> Option<Type> {
    #[derive(Default)]
    struct Bound(Option<Type>);
    impl<'ast> Visit<'ast> for Bound {
        fn visit_trait_bound(&mut self, bound: &'ast TraitBound) {
            if let Some(segment) = bound.path.segments.last()
                && segment.ident == "TryInto"
                && let PathArguments::AngleBracketed(arguments) = &segment.arguments
                && let Some(syn::GenericArgument::Type(target)) = arguments.args.first()
            {
                self.0.get_or_insert_with(|| target.clone());
            }
            visit::visit_trait_bound(self, bound);
        }
    }
    let mut bound = Bound::default();
    bound.visit_generics(&setter.sig.generics);
    bound.0
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree::tests::{after, formatted};

    #[test]
    fn the_setter_of_an_optional_property_takes_its_value_as_well() {
        let (source, changes) = after(
            super::setters,
            "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}",
            r#"
pub struct Pet { pub name: String, #[serde(rename = "nick-name")] pub nick: Option<String>, pub toys: Vec<String>, pub id: i64 }
pub mod builder {
    impl Pet {
        pub fn id<T>(mut self, value: T) -> Self where T: TryInto<i64>, T::Error: Display { self }
        pub fn name<T>(mut self, value: T) -> Self where T: TryInto<String>, T::Error: Display { self }
        pub fn nick<T>(mut self, value: T) -> Self where T: TryInto<Option<String>>, T::Error: Display { self }
        pub fn toys<T>(mut self, value: T) -> Self where T: TryInto<Vec<String>>, T::Error: Display { self }
    }
}
"#,
        );
        assert_eq!(changes, 4);
        let expected = r#"
pub struct Pet { pub name: String, #[serde(rename = "nick-name")] pub nick: Option<String>, pub toys: Vec<String>, pub id: i64 }
pub mod builder {
    impl Pet {
        pub fn id<V>(mut self, value: V) -> Self
        where V: ::std::convert::TryInto<i64>, V::Error: ::std::fmt::Display + 'static {
            self.id = value.try_into().map_err(|e| {
                ::openapi_wire::Refusal::of("id", &e)
                    .with_rule("must be a whole number from -9223372036854775808 to 9223372036854775807")
            });
            self
        }
        pub fn name<V>(mut self, value: V) -> Self
        where V: ::std::convert::TryInto<String>, V::Error: ::std::fmt::Display + 'static {
            self.name = value.try_into().map_err(|e| ::openapi_wire::Refusal::of("name", &e));
            self
        }
        pub fn nick<V, How>(mut self, value: V) -> Self where V: ::openapi_wire::IntoField<Option<String>, How> {
            self.nick = value.into_field().map_err(|e| ::openapi_wire::Refusal::of("nick-name", &e));
            self
        }
        pub fn toys<V, How>(mut self, value: V) -> Self where V: ::openapi_wire::IntoField<Vec<String>, How> {
            self.toys = value.into_field().map_err(|e| ::openapi_wire::Refusal::of("toys", &e));
            self
        }
    }
}
"#;
        assert_eq!(source, formatted(expected));
    }
}
