//! The types of the parameters, bodies and answers of operations, as progenitor gave them to its builders.
//!
//! progenitor decides which type a schema has; what a builder looks like is decided here, and none of its code is kept.

use std::collections::HashMap;

use syn::{Fields, ImplItem, ImplItemFn, Item, ReturnType, Type, parse_quote};

use crate::lower::is_boxed;
use crate::syntax::setters::target;
use crate::syntax::tree::{type_name, wrapped};
use openapi_document::model::{Model, Operation};

/// The types of one operation.
#[derive(Default)]
pub(super) struct Signature {
    /// The type of each parameter by its setter; `Option<_>` of one that may be left out.
    parameters: HashMap<String, Type>,
    /// The type of the body, and what it is made from if it has a builder.
    pub(super) body: Option<(Type, Option<Type>)>,
    /// The type of the answer.
    pub(super) answer: Option<Type>,
}

impl Signature {
    /// Returns the type of the parameter that is set by `setter`.
    pub(super) fn parameter(&self, setter: &str) -> Option<&Type> {
        self.parameters.get(setter)
    }
}

/// Reads the signatures of the operations of `model` from progenitor's builders, by the names of these.
pub(super) fn read(model: &Model<'_>, builders: &[Item]) -> HashMap<String, Signature> {
    let mut operations: HashMap<&str, &Operation<'_>> = HashMap::new();
    operations.extend(model.operations.iter().map(|operation| (operation.builder.as_str(), operation)));
    let mut signatures: HashMap<String, Signature> = HashMap::new();
    for item in builders {
        match item {
            Item::Struct(item) => {
                let name = item.ident.to_string();
                let Some(operation) = operations.get(name.as_str()) else { continue };
                fields(model, operation, &item.fields, signatures.entry(name).or_default());
            }
            Item::Impl(item) if item.trait_.is_none() => {
                let Some(name) = type_name(&item.self_ty) else { continue };
                let signature = signatures.entry(name).or_default();
                for member in &item.items {
                    let ImplItem::Fn(method) = member else { continue };
                    match method.sig.ident.to_string().as_str() {
                        "send" => signature.answer = answer(method),
                        "body" => {
                            if let (Some(body), Some(target)) = (&mut signature.body, target(method)) {
                                let held = std::mem::replace(&mut body.0, target);
                                body.1 = (written(&held) != written(&body.0)).then_some(held);
                            }
                        }
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    signatures
}

/// Reads the types that the fields of a builder hold.
fn fields(model: &Model<'_>, operation: &Operation<'_>, fields: &Fields, signature: &mut Signature) {
    for field in fields {
        let (Some(ident), Some(held)) = (&field.ident, wrapped(&field.ty, "Result")) else { continue };
        let name = ident.to_string();
        if name == "body" {
            signature.body = Some((held.clone(), None));
            continue;
        }
        let known = operation.parameters.iter().find(|known| known.setter == name);
        let mut held = held.clone();
        if known.is_some_and(|known| is_boxed(model, known)) {
            unbox(&mut held);
        }
        signature.parameters.insert(name, held);
    }
}

/// Replaces the list by the item of which there is one.
fn unbox(held: &mut Type) {
    let is_optional = wrapped(held, "Option").is_some();
    let Some(item) = wrapped(wrapped(held, "Option").unwrap_or(held), "Vec").cloned() else { return };
    *held =
        if is_optional && wrapped(&item, "Option").is_none() { parse_quote!(Option<#item>) } else { item };
}

/// Returns a type as text.
fn written(ty: &Type) -> String {
    quote::quote!(#ty).to_string()
}

/// Returns the type of the answer: `_` in `-> Result<ResponseValue<_>, Error<...>>`.
fn answer(send: &ImplItemFn) -> Option<Type> {
    let ReturnType::Type(_, output) = &send.sig.output else { return None };
    wrapped(wrapped(output, "Result")?, "ResponseValue").cloned()
}
