//! Reads from the files of a generated client what it takes and returns.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ImplItem, Item, ReturnType, Type};

use crate::api::model::{Model, Operation, Parameter};
use crate::generated_file::GeneratedFile;
use crate::syntax::tree::{type_name, wrapped};

/// The builders and credentials of a client.
#[derive(Default)]
pub(super) struct Builders {
    /// The builders of operations by their names.
    of_operations: HashMap<String, Builder>,
    /// The setters of credentials, with how many texts each takes.
    pub(super) credentials: Vec<(syn::Ident, usize)>,
}

/// The builder of an operation.
#[derive(Default)]
pub(super) struct Builder {
    /// The types that its setters take, by their names.
    fields: HashMap<String, Type>,
    /// The type that a call returns.
    answer: Option<Type>,
}

impl Builders {
    /// Reads the builders among generated files.
    pub(super) fn read(files: &[GeneratedFile]) -> syn::Result<Self> {
        let mut builders: HashMap<String, Builder> = HashMap::new();
        let mut credentials = Vec::new();
        let of_client = files.iter().filter_map(|file| {
            let (_, path) = file.path.split_once("-client/src/generated/")?;
            Some((path, file))
        });
        for (path, file) in of_client {
            if path == "construction.rs" {
                credentials = setters_of_credentials(&syn::parse_file(&file.text)?);
            }
            if path != "builder.rs" && !path.starts_with("builder/") {
                continue;
            }
            for item in syn::parse_file(&file.text)?.items {
                match item {
                    Item::Struct(item) => {
                        let fields = item.fields.into_iter().filter_map(|field| {
                            Some((field.ident?.to_string(), wrapped(&field.ty, "Result")?.clone()))
                        });
                        builders.entry(item.ident.to_string()).or_default().fields = fields.collect();
                    }
                    Item::Impl(item) => {
                        let Some(name) = type_name(&item.self_ty) else { continue };
                        let answer = item.items.iter().find_map(answer);
                        if answer.is_some() {
                            builders.entry(name).or_default().answer = answer;
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok(Builders { of_operations: builders, credentials })
    }

    /// Returns the builder of an operation.
    pub(super) fn of(&self, model: &Model<'_>, operation: &Operation<'_>) -> Option<&Builder> {
        self.of_operations.get(&model.document.names().builder(operation.id))
    }
}

impl Builder {
    /// Returns the function that reads what a call returns; `None` if it is no answer that can be compared.
    pub(super) fn kind(&self) -> Option<TokenStream> {
        match self.answer()? {
            ty if type_name(ty).as_deref() == Some("Bytes") => Some(quote!(bytes)),
            ty if type_name(ty).as_deref() == Some("Upgraded") => None,
            _ => Some(quote!(json)),
        }
    }

    /// Returns the name of the setter of a parameter, and what it takes; `None` if it has none.
    pub(super) fn setter(&self, parameter: &Parameter<'_>) -> Option<(String, Type)> {
        let field = super::names::ident(parameter.setter).to_string();
        let ty = self.fields.get(&field)?;
        Some((field, wrapped(ty, "Option").unwrap_or(ty).clone()))
    }

    /// Returns the type of the body, which its builder becomes.
    pub(super) fn body(&self, required: bool) -> Option<Type> {
        let held = self.fields.get("body")?;
        let optional = wrapped(held, "Option").filter(|_| !required);
        let mut ty = optional.unwrap_or(held).clone();
        if let Type::Path(path) = &mut ty {
            let kept = path.path.segments.iter().filter(|segment| segment.ident != "builder");
            path.path.segments = kept.cloned().collect();
        }
        Some(ty)
    }

    /// Returns what a call returns.
    pub(super) fn answer(&self) -> Option<&Type> {
        self.answer.as_ref()
    }
}

/// Returns the setters of credentials: each stands in an `impl` of its own, beside that of all other setters.
fn setters_of_credentials(file: &syn::File) -> Vec<(syn::Ident, usize)> {
    let impls = file.items.iter().filter_map(|item| match item {
        Item::Impl(item) if item.trait_.is_none() => Some(item),
        _ => None,
    });
    let own = impls.filter(|item| type_name(&item.self_ty).is_some_and(|name| name == "ClientBuilder"));
    let alone = own.filter_map(|item| match item.items.as_slice() {
        [ImplItem::Fn(setter)] => Some((setter.sig.ident.clone(), setter.sig.inputs.len().saturating_sub(1))),
        _ => None,
    });
    alone.collect()
}

/// Returns the type in the `ResponseValue` that the method `send` returns.
fn answer(item: &ImplItem) -> Option<Type> {
    let ImplItem::Fn(send) = item else { return None };
    let ReturnType::Type(_, output) = &send.sig.output else { return None };
    if send.sig.ident != "send" {
        return None;
    }
    wrapped(wrapped(output, "Result")?, "ResponseValue").cloned()
}
