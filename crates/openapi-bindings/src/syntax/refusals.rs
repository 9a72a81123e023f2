//! Makes a builder say everything that it lacks, and everything wrong with what it was given, at once.

use std::collections::HashMap;

use quote::quote;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Expr, FieldValue, Fields, FnArg, GenericArgument, Ident, Item, ItemImpl, Member, Pat, Path,
    PathArguments, Type, parse_quote,
};

use crate::syntax::Plan;
use crate::syntax::setters::WireNames;
use crate::syntax::tree::{module_mut, type_name, wrapped};

/// Has a builder keep what is wrong with each field, and say all of it at once when it is converted: `slug: must be set`.
///
/// typify keeps a text, `no value supplied for slug`, and says the first of them
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/type_entry.rs>).
pub(super) fn refusals(items: &mut [Item], _: &Plan<'_>) -> usize {
    let names = WireNames::of(items);
    let mut fields: HashMap<String, Vec<Ident>> = HashMap::new();
    for item in items.iter() {
        if let Item::Struct(item) = item
            && let Fields::Named(named) = &item.fields
        {
            let idents = named.named.iter().filter_map(|field| field.ident.clone());
            fields.insert(item.ident.to_string(), idents.collect());
        }
    }
    let mut changes = 0;
    for item in module_mut(items, "builder") {
        match item {
            Item::Struct(item) => {
                for field in &mut item.fields {
                    changes += usize::from(keeps_refusal(&mut field.ty));
                }
            }
            Item::Impl(item) if implements(item, "Default") => {
                let built = type_name(&item.self_ty).unwrap_or_default();
                let mut missing = Missing { built, names: &names, found: 0 };
                missing.visit_item_impl_mut(item);
                changes += missing.found;
            }
            Item::Impl(item) if implements(item, "TryFrom") => {
                let built = type_name(&item.self_ty).unwrap_or_default();
                changes += usize::from(fields.get(&built).is_some_and(|fields| says_all(item, fields)));
            }
            _ => {}
        }
    }
    changes
}

fn implements(item: &ItemImpl, name: &str) -> bool {
    let path = item.trait_.as_ref().map(|(path, ..)| path);
    path.and_then(|path| path.segments.last()).is_some_and(|segment| segment.ident == name)
}

/// Replaces the `String` of `Result<_, String>`.
fn keeps_refusal(ty: &mut Type) -> bool {
    if wrapped(ty, "Result").is_none() {
        return false;
    }
    let Type::Path(path) = ty else { return false };
    let Some(segment) = path.path.segments.last_mut() else { return false };
    let PathArguments::AngleBracketed(arguments) = &mut segment.arguments else { return false };
    match arguments.args.last_mut() {
        Some(GenericArgument::Type(fault)) if type_name(fault).as_deref() == Some("String") => {
            *fault = parse_quote!(::openapi_wire::Refusal);
            true
        }
        _ => false,
    }
}

/// Has a conversion of a builder return all refusals of its fields.
fn says_all(item: &mut ItemImpl, fields: &[Ident]) -> bool {
    WithRefusal.visit_item_impl_mut(item);
    let conversion = item.items.iter_mut().find_map(|item| match item {
        syn::ImplItem::Fn(item) => Some(item),
        _ => None,
    });
    let Some(conversion) = conversion else { return false };
    let Some(FnArg::Typed(argument)) = conversion.sig.inputs.first() else { return false };
    let Pat::Ident(value) = &*argument.pat else { return false };
    let value = &value.ident;
    if !fields.is_empty() {
        let check = parse_quote!(::openapi_wire::Refusal::all([#(#value.#fields.as_ref().err()),*])?;);
        conversion.block.stmts.insert(0, check);
    }
    true
}

/// Puts the type of refusals in place of typify's error.
struct WithRefusal;

impl VisitMut for WithRefusal {
    fn visit_path_mut(&mut self, path: &mut Path) {
        if path.segments.last().is_some_and(|segment| segment.ident == "ConversionError") {
            *path = parse_quote!(::openapi_wire::Refusal);
        } else {
            visit_mut::visit_path_mut(self, path);
        }
    }
}

/// Puts refusals in place of the texts for what is missing.
struct Missing<'n> {
    built: String,
    names: &'n WireNames,
    found: usize,
}

impl VisitMut for Missing<'_> {
    fn visit_field_value_mut(&mut self, field: &mut FieldValue) {
        let is_fault = |call: &syn::ExprCall| {
            let Expr::Path(called) = &*call.func else { return false };
            called.path.segments.last().is_some_and(|segment| segment.ident == "Err")
        };
        if let (Member::Named(ident), Expr::Call(call)) = (&field.member, &field.expr)
            && is_fault(call)
        {
            let name = self.names.of_field(&self.built, ident);
            let refusal = quote!(Err(::openapi_wire::Refusal::missing(#name)));
            field.expr = parse_quote!(#refusal);
            self.found += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree::tests::{after, formatted};

    #[test]
    fn everything_that_is_missing_or_wrong_is_told_at_once_by_its_name_on_the_wire() {
        let (source, changes) = after(
            super::refusals,
            "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}",
            r#"
pub struct Pet { pub name: String, #[serde(rename = "type")] pub type_: Option<String> }
pub mod builder {
    pub struct Pet { name: Result<String, String>, type_: Result<Option<String>, String> }
    impl Default for Pet {
        fn default() -> Self { Self { name: Ok(super::defaults::name()), type_: Err("no value supplied for type_".to_string()) } }
    }
    impl ::std::convert::TryFrom<Pet> for super::Pet {
        type Error = super::error::ConversionError;
        fn try_from(value: Pet) -> ::std::result::Result<Self, super::error::ConversionError> {
            Ok(Self { name: value.name?, type_: value.type_? })
        }
    }
}
"#,
        );
        assert_eq!(changes, 4);
        let expected = r#"
pub struct Pet { pub name: String, #[serde(rename = "type")] pub type_: Option<String> }
pub mod builder {
    pub struct Pet { name: Result<String, ::openapi_wire::Refusal>, type_: Result<Option<String>, ::openapi_wire::Refusal> }
    impl Default for Pet {
        fn default() -> Self {
            Self { name: Ok(super::defaults::name()), type_: Err(::openapi_wire::Refusal::missing("type")) }
        }
    }
    impl ::std::convert::TryFrom<Pet> for super::Pet {
        type Error = ::openapi_wire::Refusal;
        fn try_from(value: Pet) -> ::std::result::Result<Self, ::openapi_wire::Refusal> {
            ::openapi_wire::Refusal::all([value.name.as_ref().err(), value.type_.as_ref().err()])?;
            Ok(Self { name: value.name?, type_: value.type_? })
        }
    }
}
"#;
        assert_eq!(source, formatted(expected));
    }
}
