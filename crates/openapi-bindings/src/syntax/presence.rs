//! Properties that are absent, `null` or empty: three different things to say.

use std::collections::{HashMap, HashSet};

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Field, Item, Type, parse_quote};

use crate::syntax::Plan;
use crate::syntax::tree::{
    enums_mut, has_serde, impls_mut, module_mut, set_serde, structs_mut, type_name, wire_name, wrapped,
};

/// Has every optional value that may hold itself in a box if it is there.
///
/// typify's box holds the option (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/cycles.rs>), and is never
/// left out: what is absent is sent as `null`.
pub(super) fn options_of_boxes(items: &mut [Item], _: &Plan<'_>) -> usize {
    let is_boxed = |ty: &Type| wrapped(ty, "Box").is_some_and(|held| wrapped(held, "Option").is_some());
    for field in structs_mut(items).flat_map(|item| &mut item.fields) {
        if is_boxed(&field.ty) && has_serde(field, "default") {
            set_serde(
                field,
                vec![
                    parse_quote!(default),
                    parse_quote!(skip_serializing_if = "::std::option::Option::is_none"),
                ],
            );
        }
    }
    let mut turn = BoxedOption { changes: 0 };
    for item in items.iter_mut() {
        turn.visit_item_mut(item);
    }
    turn.changes
}

/// Replaces `Box<Option<_>>` by `Option<Box<_>>`.
struct BoxedOption {
    changes: usize,
}

impl VisitMut for BoxedOption {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        visit_mut::visit_type_mut(self, ty);
        if let Some(held) = wrapped(ty, "Box").and_then(|held| wrapped(held, "Option")).cloned() {
            *ty = parse_quote!(::std::option::Option<::std::boxed::Box<#held>>);
            self.changes += 1;
        }
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let Some(boxed) = called(expr, ["Box", "new"]) else { return };
        if let Some(held) = called(boxed, ["Option", "Some"]) {
            *expr = parse_quote!(::std::option::Option::Some(::std::boxed::Box::new(#held)));
        } else if matches!(boxed, Expr::Path(path) if ends_with(&path.path, ["Option", "None"])) {
            *expr = boxed.clone();
        }
    }
}

/// Returns the argument of a call of the function with this path.
fn called<'e>(expr: &'e Expr, path: [&str; 2]) -> Option<&'e Expr> {
    let Expr::Call(call) = expr else { return None };
    let Expr::Path(function) = &*call.func else { return None };
    call.args.first().filter(|_| ends_with(&function.path, path))
}

/// Returns `true` if a path ends with these two segments.
fn ends_with(path: &syn::Path, segments: [&str; 2]) -> bool {
    path.segments.len() >= 2
        && path.segments.iter().rev().zip(segments.iter().rev()).all(|(found, wanted)| found.ident == wanted)
}

/// Gives every optional property of a request that may be `null` the type `Patch<_>`, in its struct and its builder.
///
/// typify makes it an `Option<_>` that is left out when `None`
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/structs.rs>), so `null` could never be sent
/// and a value never be cleared. The crate that holds the types has `Patch` at its root.
pub(super) fn patch_fields(items: &mut [Item], plan: &Plan<'_>) -> usize {
    let (model, usage) = (&plan.model, &plan.model.usage);
    // By the name of the Rust field, which is how the builder knows it.
    let mut idents: HashMap<String, HashSet<String>> = HashMap::new();
    for item in structs_mut(items) {
        let name = item.ident.to_string();
        if plan.schema(&name).is_none_or(|schema| !usage.in_requests(schema.id)) {
            continue;
        }
        for field in &mut item.fields {
            let property = wire_name(field).and_then(|wire_name| plan.property(&name, &wire_name));
            if property.is_none_or(|property| property.required || !model.resolved(property.schema).nullable)
            {
                continue;
            }
            let Some(value) = wrapped(&field.ty, "Option").cloned() else { continue };
            field.ty = parse_quote!(::openapi_wire::Patch<#value>);
            set_serde(
                field,
                vec![
                    parse_quote!(default),
                    parse_quote!(skip_serializing_if = "::openapi_wire::Patch::is_absent"),
                ],
            );
            let ident = field.ident.as_ref().map(ToString::to_string);
            idents.entry(name.clone()).or_default().extend(ident);
        }
    }
    let builders = module_mut(items, "builder");
    for item in structs_mut(builders) {
        let Some(fields) = idents.get(&item.ident.to_string()) else { continue };
        for field in &mut item.fields {
            if field.ident.as_ref().is_some_and(|ident| fields.contains(&ident.to_string())) {
                OptionToPatch.visit_type_mut(&mut field.ty);
            }
        }
    }
    for item in impls_mut(builders) {
        let Some(fields) = type_name(&item.self_ty).and_then(|name| idents.get(&name)) else { continue };
        for member in &mut item.items {
            if let syn::ImplItem::Fn(setter) = member
                && fields.contains(&setter.sig.ident.to_string())
            {
                OptionToPatch.visit_impl_item_fn_mut(setter);
            }
        }
    }
    idents.values().map(HashSet::len).sum()
}

/// Sends every list, map and nullable property of an answer, empty or not, and accepts that a server leaves it out.
///
/// typify leaves empty lists and `None` out
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/structs.rs>), which a server that writes all
/// of its fields does not. Errors keep saying only what they have to say.
pub(super) fn always_sent(items: &mut [Item], plan: &Plan<'_>) -> usize {
    let (model, usage) = (&plan.model, &plan.model.usage);
    let is_of_an_answer = |id| usage.only_in_responses(id) && !usage.only_in_errors(id);
    let mut changes = 0;
    for item in structs_mut(items) {
        let name = item.ident.to_string();
        if plan.schema(&name).is_none_or(|schema| !is_of_an_answer(schema.id)) {
            continue;
        }
        for field in &mut item.fields {
            let property = wire_name(field).and_then(|wire_name| plan.property(&name, &wire_name));
            let is_always_sent = property.is_some_and(|property| {
                let schema = model.resolved(property.schema);
                // What is neither empty nor `null` when it is absent has nothing to be sent.
                let is_empty = wrapped(&field.ty, "Option").is_none();
                schema.nullable || (schema.is_collection() && !property.required && is_empty)
            });
            changes += usize::from(is_always_sent && send(field));
        }
    }
    for item in enums_mut(items) {
        if plan.schema(&item.ident.to_string()).is_none_or(|schema| !is_of_an_answer(schema.id)) {
            continue;
        }
        for field in item.variants.iter_mut().flat_map(|variant| &mut variant.fields) {
            // Of the fields of variants, lists and maps alone are left out when empty, and are no options.
            changes += usize::from(wrapped(&field.ty, "Option").is_none() && send(field));
        }
    }
    changes
}

/// Has a field sent that would be left out in some cases; returns `true` if it is one and has no default of its own.
fn send(field: &mut Field) -> bool {
    let has_its_own_default =
        field.attrs.iter().any(|attribute| crate::syntax::tree::serde_value(attribute, "default").is_some());
    let told = has_serde(field, "skip_serializing_if") || has_serde(field, "deserialize_with");
    let is_sent = told && !has_its_own_default;
    if is_sent {
        set_serde(field, vec![parse_quote!(default)]);
    }
    is_sent
}

/// Replaces `Option<_>` by `Patch<_>`.
struct OptionToPatch;

impl VisitMut for OptionToPatch {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Some(value) = wrapped(ty, "Option").cloned() {
            *ty = parse_quote!(::openapi_wire::Patch<#value>);
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree::tests::{after, formatted};

    const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets/{id}/:
    patch:
      operationId: pets_partial_update
      parameters: [{in: path, name: id, required: true, schema: {type: integer}}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/PetRequest'}}}}
      responses:
        '200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '400': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Fault'}}}}
components:
  schemas:
    PetRequest:
      type: object
      properties: {vet: {type: string, nullable: true}, type: {type: string, nullable: true}, name: {type: string}}
    Pet:
      type: object
      required: [owner]
      properties:
        vet: {type: string, nullable: true}
        owner: {type: string, nullable: true}
        toys: {type: array, items: {type: string}}
        marks: {type: object, additionalProperties: {type: string}, minProperties: 1}
        name: {type: string}
    Fault: {type: object, properties: {codes: {type: array, items: {type: string}}}}
";

    #[test]
    fn a_nullable_optional_property_of_a_request_has_three_states_in_struct_and_builder() {
        let (source, changes) = after(
            super::patch_fields,
            DOCUMENT,
            r#"
pub struct PetRequest {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub name: ::std::option::Option<String>,
    #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
    pub type_: ::std::option::Option<String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub vet: ::std::option::Option<String>,
}
pub mod builder {
    pub struct PetRequest { name: Result<Option<String>, String>, type_: Result<Option<String>, String> }
    impl PetRequest {
        pub fn name<T>(mut self, value: T) -> Self where T: TryInto<Option<String>> { self }
        pub fn type_<T>(mut self, value: T) -> Self where T: TryInto<Option<String>> { self }
    }
}
"#,
        );
        assert_eq!(changes, 2);
        let expected = r#"
pub struct PetRequest {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub name: ::std::option::Option<String>,
    #[serde(default, skip_serializing_if = "::openapi_wire::Patch::is_absent", rename = "type")]
    pub type_: ::openapi_wire::Patch<String>,
    #[serde(default, skip_serializing_if = "::openapi_wire::Patch::is_absent")]
    pub vet: ::openapi_wire::Patch<String>,
}
pub mod builder {
    pub struct PetRequest { name: Result<Option<String>, String>, type_: Result<::openapi_wire::Patch<String>, String> }
    impl PetRequest {
        pub fn name<T>(mut self, value: T) -> Self where T: TryInto<Option<String>> { self }
        pub fn type_<T>(mut self, value: T) -> Self where T: TryInto<::openapi_wire::Patch<String>> { self }
    }
}
"#;
        assert_eq!(source, formatted(expected));
    }

    #[test]
    fn an_answer_sends_the_empty_lists_of_its_alternatives() {
        let union = |name: &str, told: &str| {
            format!("pub enum {name} {{ Variant0 {{ #[serde({told})] toys: ::std::vec::Vec<String> }} }}")
        };
        let left_out = r#"default, skip_serializing_if = "::std::vec::Vec::is_empty""#;
        let source = union("Pet", left_out) + &union("Fault", left_out);
        let (source, changes) = after(super::always_sent, DOCUMENT, &source);
        assert_eq!(changes, 1);
        assert_eq!(source, formatted(&(union("Pet", "default") + &union("Fault", left_out))));
    }

    #[test]
    fn an_answer_sends_its_empty_lists_and_nulls_and_an_error_does_not() {
        let (source, changes) = after(
            super::always_sent,
            DOCUMENT,
            r#"
pub struct Pet {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub marks: ::std::option::Option<PetMarks>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub name: ::std::option::Option<String>,
    #[serde(deserialize_with = "::std::option::Option::deserialize")]
    pub owner: ::std::option::Option<String>,
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub toys: ::std::vec::Vec<String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub vet: ::std::option::Option<String>,
}
pub struct Fault {
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub codes: ::std::vec::Vec<String>,
}
"#,
        );
        assert_eq!(changes, 3);
        let expected = r#"
pub struct Pet {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub marks: ::std::option::Option<PetMarks>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub name: ::std::option::Option<String>,
    #[serde(default)]
    pub owner: ::std::option::Option<String>,
    #[serde(default)]
    pub toys: ::std::vec::Vec<String>,
    #[serde(default)]
    pub vet: ::std::option::Option<String>,
}
pub struct Fault {
    #[serde(default, skip_serializing_if = "::std::vec::Vec::is_empty")]
    pub codes: ::std::vec::Vec<String>,
}
"#;
        assert_eq!(source, formatted(expected));
    }

    #[test]
    fn what_may_hold_itself_is_left_out_if_it_is_not_there() {
        let (source, changes) = after(
            super::options_of_boxes,
            "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}",
            r#"
pub struct Node { #[serde(rename = "Parent", default)] pub parent: ::std::boxed::Box<::std::option::Option<Node>>, pub held: Box<Node> }
pub mod builder { pub struct Node { parent: Result<Box<Option<super::Node>>, String> } }
fn some() -> Node { Node { parent: ::std::boxed::Box::new(::std::option::Option::Some(none())) } }
fn none() -> Node { Node { parent: ::std::boxed::Box::new(::std::option::Option::None) } }
"#,
        );
        assert_eq!(changes, 2);
        let expected = r#"
pub struct Node {
    #[serde(default, skip_serializing_if = "::std::option::Option::is_none", rename = "Parent")]
    pub parent: ::std::option::Option<::std::boxed::Box<Node>>,
    pub held: Box<Node>,
}
pub mod builder { pub struct Node { parent: Result<::std::option::Option<::std::boxed::Box<super::Node>>, String> } }
fn some() -> Node { Node { parent: ::std::option::Option::Some(::std::boxed::Box::new(none())) } }
fn none() -> Node { Node { parent: ::std::option::Option::None } }
"#;
        assert_eq!(source, formatted(expected));
    }
}
