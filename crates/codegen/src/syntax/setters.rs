//! Setters of builders.

use syn::visit::{self, Visit};
use syn::{ImplItem, ImplItemFn, Item, PathArguments, TraitBound, Type, parse_quote};

use crate::error::Result;
use crate::passes::Plan;
use crate::syntax::tree::{impls_mut, module_mut, wrapped};

/// Lets the setter of an optional property take whatever its value can be made from: a `&str`, a value, or an option
/// of one.
///
/// typify's setters take what converts into the field's own type, an `Option<_>` or `Patch<_>`
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/type_entry.rs>), which a `&str` does not if
/// the value is a checked string. The crate that holds the types has `IntoField` at its root.
pub(super) fn setters(items: &mut Vec<Item>, _: &Plan<'_>) -> Result<usize> {
    Ok(optional_setters(module_mut(items, "builder"), &parse_quote!(crate::IntoField)))
}

/// Rewrites the setters of optional values among the builders `items`, in terms of the trait `into_field`.
pub(super) fn optional_setters(items: &mut [Item], into_field: &syn::Path) -> usize {
    let mut changes = 0;
    for item in impls_mut(items).filter(|item| item.trait_.is_none()) {
        for member in &mut item.items {
            let ImplItem::Fn(setter) = member else { continue };
            let Some(target) = target(setter) else { continue };
            if wrapped(&target, "Option").is_some() || wrapped(&target, "Patch").is_some() {
                *setter = optional_setter(setter, &target, into_field);
                changes += 1;
            }
        }
    }
    changes
}

/// A setter like `setter`, for a field of the type `target`.
fn optional_setter(setter: &ImplItemFn, target: &Type, into_field: &syn::Path) -> ImplItemFn {
    let (attributes, ident) = (&setter.attrs, &setter.sig.ident);
    let fault = format!("error converting supplied value for {ident}: {{e}}");
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
pub(super) fn target(setter: &ImplItemFn) -> Option<Type> {
    #[derive(Default)]
    struct Bound(Option<Type>);
    impl<'ast> Visit<'ast> for Bound {
        fn visit_trait_bound(&mut self, bound: &'ast TraitBound) {
            if let Some(segment) = bound.path.segments.last()
                && segment.ident == "TryInto"
                && let PathArguments::AngleBracketed(arguments) = &segment.arguments
                && let Some(syn::GenericArgument::Type(target)) = arguments.args.first()
            {
                self.0 = Some(target.clone());
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
            "setters",
            "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}",
            r"
pub mod builder {
    impl Pet {
        pub fn name<T>(mut self, value: T) -> Self where T: TryInto<String>, T::Error: Display { self }
        pub fn nick<T>(mut self, value: T) -> Self where T: TryInto<Option<String>>, T::Error: Display { self }
    }
}
",
        );
        assert_eq!(changes, 1);
        let expected = r#"
pub mod builder {
    impl Pet {
        pub fn name<T>(mut self, value: T) -> Self where T: TryInto<String>, T::Error: Display { self }
        pub fn nick<V, How>(mut self, value: V) -> Self where V: crate::IntoField<Option<String>, How> {
            self.nick = value.into_field().map_err(|e| format!("error converting supplied value for nick: {e}"));
            self
        }
    }
}
"#;
        assert_eq!(source, formatted(expected));
    }
}
