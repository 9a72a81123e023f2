//! Setters of builders.

use syn::visit::{self, Visit};
use syn::{Attribute, Ident, ImplItem, ImplItemFn, Item, PathArguments, TraitBound, Type, parse_quote};

use crate::syntax::Plan;
use crate::syntax::tree::{impls_mut, module_mut, wrapped};

/// Lets the setter of an optional property take whatever its value can be made from: a `&str`, a value, or an option
/// of one; and that of a list an array of texts. A value that does not fit is refused with the name of the property and the rule: `slug: must match ...`.
///
/// typify's setters take what converts into the field's own type, an `Option<_>` or `Patch<_>`
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/type_entry.rs>), which a `&str` does not if
/// the value is a checked string. The crate that holds the types has `IntoField` at its root.
pub(super) fn setters(items: &mut [Item], _: &Plan<'_>) -> usize {
    let mut changes = 0;
    for item in impls_mut(module_mut(items, "builder")).filter(|item| item.trait_.is_none()) {
        for member in &mut item.items {
            let ImplItem::Fn(setter) = member else { continue };
            let Some(target) = target(setter) else { continue };
            let into_field = parse_quote!(::openapi_wire::IntoField);
            *setter = self::setter(&setter.attrs, &setter.sig.ident, &target, &into_field);
            changes += 1;
        }
    }
    changes
}

/// Returns a setter for a value of the type `target`; what takes more than the conversions of the standard library is at
/// `into_field`.
pub(crate) fn setter(
    attributes: &[Attribute],
    ident: &Ident,
    target: &Type,
    into_field: &syn::Path,
) -> ImplItemFn {
    if is_field(target) {
        field_setter(attributes, ident, target, into_field)
    } else {
        required_setter(attributes, ident, target)
    }
}

/// A setter of a value of the type `target` that there must be.
fn required_setter(attributes: &[Attribute], ident: &Ident, target: &Type) -> ImplItemFn {
    let fault = format!("{ident}: {{e}}");
    parse_quote! {
        #(#attributes)*
        pub fn #ident<V>(mut self, value: V) -> Self
        where
            V: ::std::convert::TryInto<#target>,
            V::Error: ::std::fmt::Display,
        {
            self.#ident = value.try_into().map_err(|e| format!(#fault));
            self
        }
    }
}

/// Whether more is taken for a `target` than what the conversions of the standard library make one from: if it is
/// optional, or a list.
fn is_field(target: &Type) -> bool {
    ["Option", "Patch", "Vec"].into_iter().any(|wrapper| wrapped(target, wrapper).is_some())
}

/// A setter of a field of the type `target`.
fn field_setter(
    attributes: &[Attribute],
    ident: &Ident,
    target: &Type,
    into_field: &syn::Path,
) -> ImplItemFn {
    let fault = format!("{ident}: {{e}}");
    parse_quote! {
        #(#attributes)*
        pub fn #ident<V, How>(mut self, value: V) -> Self
        where
            V: #into_field<#target, How>,
        {
            self.#ident = value.into_field().map_err(|e| format!(#fault));
            self
        }
    }
}

/// What a setter's argument is to convert into: the `_` of its bound `TryInto<_>`.
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
            r"
pub mod builder {
    impl Pet {
        pub fn name<T>(mut self, value: T) -> Self where T: TryInto<String>, T::Error: Display { self }
        pub fn nick<T>(mut self, value: T) -> Self where T: TryInto<Option<String>>, T::Error: Display { self }
        pub fn toys<T>(mut self, value: T) -> Self where T: TryInto<Vec<String>>, T::Error: Display { self }
    }
}
",
        );
        assert_eq!(changes, 3);
        let expected = r#"
pub mod builder {
    impl Pet {
        pub fn name<V>(mut self, value: V) -> Self
        where V: ::std::convert::TryInto<String>, V::Error: ::std::fmt::Display {
            self.name = value.try_into().map_err(|e| format!("name: {e}"));
            self
        }
        pub fn nick<V, How>(mut self, value: V) -> Self where V: ::openapi_wire::IntoField<Option<String>, How> {
            self.nick = value.into_field().map_err(|e| format!("nick: {e}"));
            self
        }
        pub fn toys<V, How>(mut self, value: V) -> Self where V: ::openapi_wire::IntoField<Vec<String>, How> {
            self.toys = value.into_field().map_err(|e| format!("toys: {e}"));
            self
        }
    }
}
"#;
        assert_eq!(source, formatted(expected));
    }
}
