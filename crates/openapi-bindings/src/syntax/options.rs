//! What a caller says about one call, besides its parameters.

use std::collections::HashSet;

use quote::format_ident;
use syn::{Expr, Fields, ImplItem, Item, Member, Pat, Stmt, parse_quote};

use crate::passes::Plan;
use crate::syntax::tree::{impls_mut, structs_mut, type_name};

/// Gives every builder a method `options`, and hands what it is given to the runtime.
///
/// progenitor has settings for the whole client only
/// (<https://docs.rs/progenitor-client/0.15.1/progenitor_client/trait.ClientHooks.html>). No parameter has that name. Runs after `one_error`, whose call it adds to.
pub(super) fn call_options(items: &mut [Item], _: &Plan<'_>) -> usize {
    let mut changed = HashSet::new();
    for item in impls_mut(items).filter(|item| item.trait_.is_none()) {
        if add_to_builder(&mut item.items) {
            changed.extend(type_name(&item.self_ty));
        }
    }
    for item in structs_mut(items).filter(|item| changed.contains(&item.ident.to_string())) {
        if let Fields::Named(fields) = &mut item.fields {
            fields.named.push(parse_quote!(options: runtime::CallOptions));
        }
    }
    changed.len()
}

/// Adds the method to a builder, and the field where it is made and taken apart; `false` if this is no builder.
fn add_to_builder(members: &mut Vec<ImplItem>) -> bool {
    let send = members.iter_mut().enumerate().find_map(|(at, member)| match member {
        ImplItem::Fn(send) if send.sig.ident == "send" => Some((at, send)),
        _ => None,
    });
    let Some((at, send)) = send else { return false };
    if !hand_over(&mut send.block.stmts) {
        return false;
    }
    for member in members.iter_mut() {
        if let ImplItem::Fn(new) = member
            && new.sig.ident == "new"
            && let Some(Stmt::Expr(Expr::Struct(made), None)) = new.block.stmts.last_mut()
        {
            made.fields.push(parse_quote!(options: ::std::default::Default::default()));
        }
    }
    members.insert(
        at,
        parse_quote! {
            /// How long this call may take, and whether it is repeated; what is not said is as the client has it.
            pub fn options(mut self, options: runtime::CallOptions) -> Self {
                self.options = options;
                self
            }
        },
    );
    true
}

/// Takes the options out of the builder and adds them to the call; `false` if there is no such call.
fn hand_over(stmts: &mut [Stmt]) -> bool {
    let Some(Stmt::Expr(Expr::Await(awaited), None)) = stmts.last_mut() else { return false };
    let Expr::Call(call) = &mut *awaited.base else { return false };
    // Behind the client and the operation.
    call.args.insert(call.args.len().min(2), parse_quote!(options));
    for stmt in stmts {
        if let Stmt::Local(local) = stmt
            && let Pat::Struct(pattern) = &mut local.pat
            && pattern.path.is_ident("Self")
        {
            pattern.fields.push(syn::FieldPat {
                attrs: Vec::new(),
                member: Member::Named(format_ident!("options")),
                colon_token: None,
                pat: parse_quote!(options),
            });
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree::tests::{after, formatted};

    #[test]
    fn options_go_from_the_builder_to_the_call() {
        let (source, changes) = after(
            "call_options",
            "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}",
            r"
pub struct PetsList<'a> { client: &'a super::Client, page: Result<Option<i64>, String> }
impl<'a> PetsList<'a> {
    pub fn new(client: &'a super::Client) -> Self { Self { client: client, page: Ok(None) } }
    pub async fn send(self) -> R {
        let Self { client, page } = self;
        let request = client.client.get(url);
        runtime::json(client, Self::OPERATION, request, expected).await
    }
}
",
        );
        assert_eq!(changes, 1);
        let expected = r"
pub struct PetsList<'a> { client: &'a super::Client, page: Result<Option<i64>, String>, options: runtime::CallOptions }
impl<'a> PetsList<'a> {
    pub fn new(client: &'a super::Client) -> Self {
        Self { client: client, page: Ok(None), options: ::std::default::Default::default() }
    }
    /// How long this call may take, and whether it is repeated; what is not said is as the client has it.
    pub fn options(mut self, options: runtime::CallOptions) -> Self {
        self.options = options;
        self
    }
    pub async fn send(self) -> R {
        let Self { client, page, options } = self;
        let request = client.client.get(url);
        runtime::json(client, Self::OPERATION, options, request, expected).await
    }
}
";
        assert_eq!(source, formatted(expected));
    }
}
