//! Bodies of several parts, some of them files.

use std::collections::{HashMap, HashSet};

use quote::quote;
use syn::{Expr, Fields, ImplItem, ImplItemFn, Item, ItemStruct, Pat, Stmt, Type, parse_quote};

use crate::passes::Plan;
use crate::passes::bodies::{Kind, form_bodies as bodies, kind_of, sent_bodies};
use crate::syntax::tree::{chain_mut, impls_mut, serde_metas, type_name, wire_name, wrapped};

/// Lets the type of every body that is sent as a form become one.
///
/// typify's types are written as JSON, which has no place for a file. The crate that holds the types has the module
/// `form` with `Form`, `FilePart` and `IntoForm`.
pub(super) fn form_bodies(items: &mut Vec<Item>, plan: &Plan<'_>) -> usize {
    let names: HashSet<String> = bodies(plan.document).into_iter().map(|body| body.body).collect();
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

/// A body that has no fields of its own has the parts that its JSON would have members.
fn of_json(name: &syn::Ident) -> Item {
    parse_quote! {
        impl ::openapi_wire::form::IntoForm for #name {
            fn into_form(self) -> ::std::result::Result<::openapi_wire::form::Form, ::serde_json::Error> {
                ::openapi_wire::form::IntoForm::into_form(::serde_json::to_value(self)?)
            }
        }
    }
}

/// The files in a value of the type `ty`; `None` if it holds something else.
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

/// Sends every body with the content type that the document gives it.
///
/// To progenitor it is one of the few that it knows, by `body_kinds`. Runs after `one_error`.
pub(super) fn body_types(items: &mut [Item], plan: &Plan<'_>) -> usize {
    let names = plan.document.names();
    let kinds: HashMap<String, &str> = sent_bodies(plan.document.value())
        .filter(|(_, kind, _)| kind_of(kind) != Kind::Multipart && !KNOWN.contains(kind) && is_sendable(kind))
        .map(|(id, kind, _)| (names.builder(id), kind))
        .collect();
    let mut changes = 0;
    for item in impls_mut(items).filter(|item| item.trait_.is_none()) {
        let Some(kind) = type_name(&item.self_ty).and_then(|name| kinds.get(&name)) else { continue };
        for send in item.items.iter_mut().filter_map(send) {
            for local in send.block.stmts.iter_mut().filter_map(request) {
                let mut is_said = false;
                chain_mut(local, &mut |expr| is_said |= with_content_type(expr, kind));
                changes += usize::from(is_said);
            }
        }
    }
    changes
}

/// Whether this is a content type that a header can have, and not a range of them.
fn is_sendable(kind: &str) -> bool {
    !kind.contains('*') && kind.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
}

/// The content types that progenitor sends itself.
const KNOWN: [&str; 5] = [
    "application/json",
    "application/octet-stream",
    "application/x-www-form-urlencoded",
    "text/plain",
    "text/x-markdown",
];

/// Says the content type where a body is set; `false` if `expr` does not set one.
fn with_content_type(expr: &mut Expr, kind: &str) -> bool {
    let Expr::MethodCall(call) = expr else { return false };
    let value: Expr = parse_quote!(::reqwest::header::HeaderValue::from_static(#kind));
    let sets_type = |call: &syn::ExprMethodCall| {
        let name = call.args.first();
        call.method == "header"
            && matches!(name, Some(Expr::Path(path)) if path.path.segments.last().is_some_and(|last| last.ident == "CONTENT_TYPE"))
    };
    if sets_type(call)
        && let Some(known) = call.args.get_mut(1)
    {
        *known = value;
        return true;
    }
    // What is set already, `json` and `form` leave as it is.
    if call.method == "json" || call.method == "form" {
        let receiver = &call.receiver;
        *call.receiver = parse_quote!(#receiver.header(::reqwest::header::CONTENT_TYPE, #value));
        return true;
    }
    false
}

/// The method `send` of a builder.
fn send(member: &mut ImplItem) -> Option<&mut ImplItemFn> {
    match member {
        ImplItem::Fn(function) if function.sig.ident == "send" => Some(function),
        _ => None,
    }
}

/// The `...` of `let request = ...`.
fn request(stmt: &mut Stmt) -> Option<&mut Expr> {
    match stmt {
        Stmt::Local(local) if matches!(&local.pat, Pat::Ident(pat) if pat.ident == "request") => {
            local.init.as_mut().map(|init| &mut *init.expr)
        }
        _ => None,
    }
}

/// Sends the body of every operation that takes a form as one.
///
/// progenitor cannot (<https://github.com/oxidecomputer/progenitor/blob/v0.15.1/progenitor-impl/src/method.rs>, `BodyContentType`); to it the body is JSON, by
/// `multipart_bodies`. The crate that holds the client has `form::attach`. Runs after `one_error`.
pub(super) fn form_requests(items: &mut [Item], plan: &Plan<'_>) -> usize {
    let operations: HashSet<String> = bodies(plan.document).into_iter().map(|body| body.operation).collect();
    let mut changes = 0;
    for item in impls_mut(items).filter(|item| item.trait_.is_none()) {
        if !type_name(&item.self_ty).is_some_and(|name| operations.contains(&name)) {
            continue;
        }
        let sends = item.items.iter_mut().filter_map(send);
        let mut requests = sends.flat_map(|send| send.block.stmts.iter_mut().filter_map(request));
        changes += usize::from(requests.any(attach));
    }
    changes
}

/// Takes `.json(&body)` out of the chain of calls that is the request, and attaches the body as a form; `false` if
/// there is no such call.
fn attach(request: &mut Expr) -> bool {
    let mut body = None;
    chain_mut(request, &mut |expr| {
        if let Expr::MethodCall(call) = expr
            && call.method == "json"
            && let Some(Expr::Reference(sent)) = call.args.first()
        {
            body = Some((*sent.expr).clone());
            *expr = (*call.receiver).clone();
        }
    });
    let Some(body) = body else { return false };
    *request = parse_quote!(runtime::attach_form(Self::OPERATION, #request, #body).await?);
    true
}

#[cfg(test)]
mod tests {
    use crate::passes::tests::plan;
    use crate::syntax::tree::tests::{after, formatted};
    use openapi_document::document::Document;

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
        let changes = super::form_bodies(&mut items, &plan(&document));
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

    #[test]
    fn a_form_is_attached_where_its_json_was() {
        let (source, changes) = after(
            "form_requests",
            DOCUMENT,
            r"
impl<'a> PetsPicture<'a> {
    pub async fn send(self) -> R {
        let request = client.client.post(url).json(&body).headers(header_map);
        runtime::empty(client, Self::OPERATION, request, expected).await
    }
}
",
        );
        assert_eq!(changes, 1);
        let expected = r"
impl<'a> PetsPicture<'a> {
    pub async fn send(self) -> R {
        let request = runtime::attach_form(Self::OPERATION, client.client.post(url).headers(header_map), body).await?;
        runtime::empty(client, Self::OPERATION, request, expected).await
    }
}
";
        assert_eq!(source, formatted(expected));
    }
}
