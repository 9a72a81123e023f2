//! Bodies of several parts, some of them files.

use std::collections::BTreeSet;

use quote::quote;
use syn::{Fields, Item, ItemStruct, Type, parse_quote};

use crate::syntax::Plan;
use crate::syntax::tree::{serde_metas, type_name, wire_name, wrapped};
use openapi_document::model::Form;

/// Lets the type of every body that is sent as a form become one.
///
/// typify's types are written as JSON, which has no place for a file. The crate that holds the types has the module
/// `form` with `Form`, `FilePart` and `IntoForm`.
pub(super) fn form_bodies(items: &mut Vec<Item>, plan: &Plan<'_>) -> usize {
    let names = types_of_forms(plan);
    let impls: Vec<Item> = items
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) if names.contains(&item.ident.to_string()) => Some(of_struct(item)),
            Item::Enum(item) if names.contains(&item.ident.to_string()) => Some(of_json(&item.ident)),
            _ => None,
        })
        .collect();
    let changes = impls.len();
    items.extend(impls);
    changes
}

fn of_struct(item: &ItemStruct) -> Item {
    let Fields::Named(fields) = &item.fields else { return of_json(&item.ident) };
    let name = &item.ident;
    let parts = fields.named.iter().filter_map(|field| {
        let (ident, name) = (field.ident.as_ref()?, wire_name(field)?);
        let is_flat = field.attrs.iter().flat_map(serde_metas).any(|meta| meta.path().is_ident("flatten"));
        Some(if is_flat {
            quote!(for (name, value) in &self.#ident { form.add(name, value)?; })
        } else if let Some(files) = files(&field.ty, quote!(self.#ident)) {
            quote!(form.add_files(#name, #files);)
        } else if wrapped(&field.ty, "Patch").is_some() {
            quote! {
                match &self.#ident {
                    ::openapi_wire::Patch::Absent => {}
                    ::openapi_wire::Patch::Null => form.clear(#name),
                    ::openapi_wire::Patch::Value(value) => form.add(#name, value)?,
                }
            }
        } else {
            quote!(form.add(#name, &self.#ident)?;)
        })
    });
    let parts: Vec<_> = parts.collect();
    parse_quote! {
        impl ::openapi_wire::form::IntoForm for #name {
            fn into_form(self) -> ::std::result::Result<::openapi_wire::form::Form, ::serde_json::Error> {
                let mut form = ::openapi_wire::form::Form::default();
                #(#parts)*
                ::std::result::Result::Ok(form)
            }
        }
    }
}

/// Lets a body that has no fields of its own have the parts that its JSON would have members.
fn of_json(name: &syn::Ident) -> Item {
    parse_quote! {
        impl ::openapi_wire::form::IntoForm for #name {
            fn into_form(self) -> ::std::result::Result<::openapi_wire::form::Form, ::serde_json::Error> {
                ::openapi_wire::form::IntoForm::into_form(::serde_json::to_value(self)?)
            }
        }
    }
}

/// Returns the files in a value of the type `ty`; `None` if it holds something else.
fn files(ty: &Type, value: proc_macro2::TokenStream) -> Option<proc_macro2::TokenStream> {
    if type_name(ty).as_deref() == Some("FilePart") {
        return Some(quote!([#value]));
    }
    let (wrapper, inner) =
        ["Patch", "Option", "Vec"].iter().find_map(|wrapper| Some((*wrapper, wrapped(ty, wrapper)?)))?;
    let value = if wrapper == "Patch" { quote!(#value.into_option().flatten()) } else { value };
    if type_name(inner).as_deref() == Some("FilePart") {
        return Some(value);
    }
    let files = files(inner, quote!(files))?;
    Some(quote!(#value.into_iter().flat_map(|files| #files)))
}

/// Returns the names of the types of bodies that are sent in parts.
fn types_of_forms(plan: &Plan<'_>) -> BTreeSet<String> {
    let model = &plan.model;
    let bodies = model.operations.iter().filter_map(|operation| operation.body.as_ref()?.sent());
    let forms = bodies.filter(|media| media.form == Form::Multipart).filter_map(|media| media.schema);
    let types = forms.flat_map(|schema| {
        let component = model.schemas.unwrapped(schema).component();
        let alias = model.schema(schema).reference.and_then(|target| model.schema(target).component());
        // Operations that share a body have a type each.
        let inline =
            plan.made.values().filter(move |made| component.is_none() && made.schema == Some(schema));
        let named = component.into_iter().chain(alias).map(|component| model.names().component(component));
        named.chain(inline.map(|made| made.name.clone()))
    });
    types.collect()
}

#[cfg(test)]
mod tests {
    use crate::syntax::plan::tests::plan;
    use crate::syntax::tree::tests::formatted;
    use openapi_document::document::Document;
    use openapi_document::model::Model;

    const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets/picture/:
    post:
      operationId: pets_picture
      requestBody: {content: {multipart/form-data: {schema: {$ref: '#/components/schemas/Picture'}}}}
      responses: {'204': {description: ''}}
components:
  schemas:
    Picture: {type: object, properties: {file: {type: string, format: binary}, clear: {type: boolean}}}
";

    #[test]
    fn a_body_with_files_becomes_a_form_part_by_part() {
        let document = Document::parse("spec.yaml", DOCUMENT).unwrap();
        let source = r#"
pub struct Picture {
    pub file: Option<::openapi_wire::form::FilePart>,
    #[serde(rename = "more-files")]
    pub more_files: ::openapi_wire::Patch<Vec<::openapi_wire::form::FilePart>>,
    pub clear: ::openapi_wire::Patch<bool>,
    pub name: String,
}
pub struct Other { pub file: Option<String> }
"#;
        let mut items = syn::parse_file(source).unwrap().items;
        let changes = super::form_bodies(&mut items, &plan(&Model::of(&document)));
        assert_eq!(changes, 1);
        let expected = r#"
impl ::openapi_wire::form::IntoForm for Picture {
    fn into_form(self) -> ::std::result::Result<::openapi_wire::form::Form, ::serde_json::Error> {
        let mut form = ::openapi_wire::form::Form::default();
        form.add_files("file", self.file);
        form.add_files("more-files", self.more_files.into_option().flatten().into_iter().flat_map(|files| files));
        match &self.clear {
            ::openapi_wire::Patch::Absent => {}
            ::openapi_wire::Patch::Null => form.clear("clear"),
            ::openapi_wire::Patch::Value(value) => form.add("clear", value)?,
        }
        form.add("name", &self.name)?;
        ::std::result::Result::Ok(form)
    }
}
"#;
        let text = prettyplease::unparse(&crate::rust::file_of(items));
        assert!(text.ends_with(&formatted(expected)), "{text}");
    }
}
