//! What a caller says about one call, besides its parameters.

use syn::{Expr, Fields, FnArg, ImplItem, Item, Member, Pat, Stmt, parse_quote};

use crate::passes::Plan;
use crate::syntax::tree::{impls_mut, structs_mut};

/// Gives every builder a method `options`, and hands what it is given to the crate's own code.
///
/// progenitor has settings for the whole client only
/// (<https://docs.rs/progenitor-client/0.15.1/progenitor_client/trait.ClientHooks.html>). The crate that holds the
/// client has `CallOptions` at its root. Runs after `one_error`, whose call it adds to.
pub(super) fn call_options(items: &mut [Item], _: &Plan<'_>) -> usize {
    let mut changes = 0;
    for item in impls_mut(items).filter(|item| item.trait_.is_none()) {
        let handed_over = item.items.iter_mut().any(|member| match member {
            ImplItem::Fn(send) if send.sig.ident == "send" => hand_over(&mut send.block.stmts),
            _ => false,
        });
        if !handed_over {
            continue;
        }
        for member in &mut item.items {
            if let ImplItem::Fn(new) = member
                && new.sig.ident == "new"
                && new.sig.inputs.iter().any(|input| matches!(input, FnArg::Typed(_)))
                && let Some(Stmt::Expr(Expr::Struct(fields), None)) = new.block.stmts.last_mut()
            {
                fields.fields.push(parse_quote!(options: ::std::default::Default::default()));
            }
        }
        let before_send = item
            .items
            .iter()
            .position(|member| matches!(member, ImplItem::Fn(function) if function.sig.ident == "send"));
        item.items.insert(
            before_send.unwrap_or_default(),
            parse_quote! {
                /// How long this call may take, and whether it is repeated; what is not said is as the client has it.
                pub fn options(mut self, options: crate::CallOptions) -> Self {
                    self.options = options;
                    self
                }
            },
        );
        changes += 1;
    }
    for item in structs_mut(items) {
        if let Fields::Named(fields) = &mut item.fields
            && fields.named.iter().any(|field| field.ident.as_ref().is_some_and(|ident| ident == "client"))
        {
            fields.named.push(parse_quote!(options: crate::CallOptions));
        }
    }
    changes
}

/// Takes the options out of the builder and adds them to the call; `false` if there is no such call.
fn hand_over(stmts: &mut [Stmt]) -> bool {
    let Some(Stmt::Expr(Expr::Await(awaited), None)) = stmts.last_mut() else { return false };
    let Expr::Call(call) = &mut *awaited.base else { return false };
    call.args.insert(2, parse_quote!(options));
    for stmt in stmts {
        if let Stmt::Local(local) = stmt
            && let Pat::Struct(pattern) = &mut local.pat
            && pattern.path.is_ident("Self")
        {
            pattern.fields.push(syn::FieldPat {
                attrs: Vec::new(),
                member: Member::Named(quote::format_ident!("options")),
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
        crate::call::json(client, Self::OPERATION, request, expected).await
    }
}
",
        );
        assert_eq!(changes, 1);
        let expected = r"
pub struct PetsList<'a> { client: &'a super::Client, page: Result<Option<i64>, String>, options: crate::CallOptions }
impl<'a> PetsList<'a> {
    pub fn new(client: &'a super::Client) -> Self {
        Self { client: client, page: Ok(None), options: ::std::default::Default::default() }
    }
    /// How long this call may take, and whether it is repeated; what is not said is as the client has it.
    pub fn options(mut self, options: crate::CallOptions) -> Self {
        self.options = options;
        self
    }
    pub async fn send(self) -> R {
        let Self { client, page, options } = self;
        let request = client.client.get(url);
        crate::call::json(client, Self::OPERATION, options, request, expected).await
    }
}
";
        assert_eq!(source, formatted(expected));
    }
}
