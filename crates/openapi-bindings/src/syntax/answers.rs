//! From the request to the answer.

use std::collections::HashMap;

use syn::visit_mut::{self, VisitMut};
use syn::{
    Arm, Expr, ExprMatch, ExprTry, ImplItem, ImplItemFn, Item, Macro, Member, Pat, ReturnType, Stmt, Type,
    parse_quote,
};

use crate::passes::Plan;
use crate::syntax::tree::{arguments_mut, chain_mut, impls_mut, type_name, wrapped};
use openapi_document::operations::operations;

/// Hands every request to the runtime, which answers with one error type for all operations.
///
/// What progenitor writes knows an error per operation, and its `Display` prints whole bodies and headers
/// (<https://docs.rs/progenitor-client/0.15.1/progenitor_client/enum.Error.html>). The runtime has `Error`, and a function
/// for each kind of answer: `json`, `empty` and `upgrade`; to the file of the builders it is `runtime`. The generated client wraps the runtime's in a field `runtime`,
/// and has a static for each operation in its module `operations`.
pub(super) fn one_error(items: &mut [Item], plan: &Plan<'_>) -> usize {
    let names = plan.document.names();
    let mut constants: HashMap<String, String> = HashMap::new();
    for (_, _, operation) in operations(plan.document.value()) {
        if let Some(id) = operation.get("operationId").and_then(serde_json::Value::as_str) {
            constants.insert(names.builder(id), names.operation_constant(id));
        }
    }
    let mut changes = 0;
    for item in impls_mut(items).filter(|item| item.trait_.is_none()) {
        let name = type_name(&item.self_ty).unwrap_or_default();
        let Some(constant) = constants.get(&name) else { continue };
        let mut handed_over = false;
        for member in &mut item.items {
            if let ImplItem::Fn(send) = member
                && send.sig.ident == "send"
            {
                handed_over |= hand_over(send);
            }
            // progenitor's own streams, for servers made with dropshot.
            if let ImplItem::Fn(stream) = member
                && stream.sig.ident == "stream"
            {
                OwnError.visit_return_type_mut(&mut stream.sig.output);
            }
        }
        if handed_over {
            let constant = quote::format_ident!("{constant}");
            item.items.insert(
                0,
                parse_quote! {
                    const OPERATION: &'static runtime::Operation =
                        &super::operations::#constant;
                },
            );
            changes += 1;
        }
    }
    changes
}

/// Rewrites one `send`; `false` if it is not of the shape progenitor gives it.
fn hand_over(send: &mut ImplItemFn) -> bool {
    let Some(answer) = answer(send) else { return false };
    let stmts = &mut send.block.stmts;
    let Some(Stmt::Expr(Expr::Match(statuses), None)) = stmts.last() else { return false };
    let Some((function, expected)) = expectation(statuses) else { return false };
    let Some(at) = stmts.iter().position(|stmt| built(stmt).is_some()) else { return false };
    let Some(mut request) = built(&stmts[at]) else { return false };
    chain_mut(&mut request, &mut |expr| {
        // Like all other bodies, a form tells its faults when the request is built. The runtime knows how it says lists.
        if let Expr::Try(tried) = expr
            && let Expr::MethodCall(call) = &mut *tried.expr
            && call.method == "form_urlencoded"
        {
            call.method = quote::format_ident!("form");
            if let Some(Expr::Reference(body)) = call.args.first() {
                let body = &body.expr;
                call.args = parse_quote!(&runtime::Fields(&#body));
            }
            *expr = Expr::MethodCall(call.clone());
        }
    });
    let Some(client) = client(&request) else { return false };
    OfRuntime.visit_expr_mut(&mut request);

    stmts.truncate(at);
    for stmt in stmts.iter_mut() {
        OwnFaults.visit_stmt_mut(stmt);
        OfRuntime.visit_stmt_mut(stmt);
    }
    stmts.push(parse_quote!(let request = #request;));
    let call: Expr = parse_quote! {
        runtime::#function(&#client.runtime, Self::OPERATION, request, |status| matches!(status, #expected)).await
    };
    stmts.push(Stmt::Expr(call, None));
    send.sig.output = parse_quote!(-> Result<runtime::ResponseValue<#answer>, runtime::Error>);
    true
}

/// The type of the answer: `_` in `-> Result<ResponseValue<_>, Error<...>>`.
fn answer(send: &ImplItemFn) -> Option<Type> {
    let ReturnType::Type(_, output) = &send.sig.output else { return None };
    wrapped(wrapped(output, "Result")?, "ResponseValue").cloned()
}

/// The chain of calls in `let request = chain.build()?;`.
fn built(stmt: &Stmt) -> Option<Expr> {
    let Stmt::Local(local) = stmt else { return None };
    let Expr::Try(ExprTry { expr, .. }) = &*local.init.as_ref()?.expr else { return None };
    match &**expr {
        Expr::MethodCall(call) if call.method == "build" => Some((*call.receiver).clone()),
        _ => None,
    }
}

/// What stands at the very beginning of `client.client.get(url)...`.
fn client(request: &Expr) -> Option<Expr> {
    match request {
        Expr::MethodCall(call) => client(&call.receiver),
        Expr::Try(expr) => client(&expr.expr),
        Expr::Field(field) => Some((*field.base).clone()),
        _ => None,
    }
}

/// The function for the answers that `statuses` expects, and the pattern of their statuses.
fn expectation(statuses: &ExprMatch) -> Option<(syn::Ident, Pat)> {
    let expected = statuses.arms.iter().filter_map(|arm| Some((function(arm)?, &arm.pat)));
    let (functions, patterns): (Vec<_>, Vec<_>) = expected.unzip();
    let function = functions.first()?.clone();
    let pattern = match patterns.as_slice() {
        [pattern] => (*pattern).clone(),
        patterns => parse_quote!(#(#patterns)|*),
    };
    Some((function, pattern))
}

/// The function that takes over what an arm does with `ResponseValue::...`.
fn function(arm: &Arm) -> Option<syn::Ident> {
    struct Constructor(Option<syn::Ident>);
    impl syn::visit::Visit<'_> for Constructor {
        fn visit_path(&mut self, path: &syn::Path) {
            let segments: Vec<String> =
                path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
            let name = match segments.as_slice() {
                ["ResponseValue", "from_response"] => "json",
                ["ResponseValue", "empty"] => "empty",
                ["ResponseValue", "stream"] => "stream",
                ["ResponseValue", "upgrade"] => "upgrade",
                _ => return,
            };
            self.0 = Some(quote::format_ident!("{name}"));
        }
    }
    let mut constructor = Constructor(None);
    syn::visit::Visit::visit_expr(&mut constructor, &arm.body);
    constructor.0
}

/// Replaces progenitor's error type.
struct OwnError;

impl VisitMut for OwnError {
    fn visit_type_mut(&mut self, ty: &mut Type) {
        if wrapped(ty, "Error").is_some() {
            *ty = parse_quote!(runtime::Error);
        } else {
            visit_mut::visit_type_mut(self, ty);
        }
    }
}

/// Reads the fields of progenitor's client from the runtime's.
struct OfRuntime;

impl VisitMut for OfRuntime {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        let Expr::Field(field) = expr else { return };
        let client = &field.base;
        match &field.member {
            Member::Named(name) if name == "baseurl" => *expr = parse_quote!(#client.runtime.base_url()),
            Member::Named(name) if name == "client" => *expr = parse_quote!(#client.runtime.http()),
            _ => {}
        }
    }

    fn visit_macro_mut(&mut self, item: &mut Macro) {
        arguments_mut(item, &mut |argument| self.visit_expr_mut(argument));
    }
}

/// Has every `?` before the request answer with the crate's own error.
struct OwnFaults;

impl VisitMut for OwnFaults {
    fn visit_expr_try_mut(&mut self, expr: &mut ExprTry) {
        if let Expr::MethodCall(call) = &mut *expr.expr
            && call.method == "map_err"
        {
            // The faults of conversions are texts already.
            call.args = parse_quote!(|fault| Self::OPERATION.invalid(fault));
        } else if let Expr::MethodCall(call) = &mut *expr.expr
            && call.method == "try_into"
        {
            // Only the value of a header is converted here.
            let value = &call.receiver;
            expr.expr = parse_quote! {
                ::reqwest::header::HeaderValue::try_from(#value).map_err(|fault| Self::OPERATION.invalid(fault.to_string()))
            };
        } else if !matches!(&*expr.expr, Expr::Call(_)) {
            let fallible = &expr.expr;
            expr.expr = parse_quote!(#fallible.map_err(|fault| Self::OPERATION.invalid(fault.to_string())));
        }
        visit_mut::visit_expr_try_mut(self, expr);
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree::tests::{after, formatted};

    const DOCUMENT: &str = "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {/pets/: {post: {operationId: \
                            pets_create, responses: {'201': {description: ''}}}}}}";

    #[test]
    fn a_request_is_handed_over_with_what_it_expects() {
        let (source, changes) = after(
            "one_error",
            DOCUMENT,
            r#"
impl<'a> PetsCreate<'a> {
    pub async fn send(self) -> Result<ResponseValue<types::Pet>, Error<()>> {
        let Self { client, body } = self;
        let body = body.map_err(Error::InvalidRequest)?;
        let url = format!("{}/pets/", client.baseurl,);
        let mut request = client.client.post(url).json(&body).build()?;
        let info = OperationInfo { operation_id: 1 };
        client.pre(&mut request, &info).await?;
        let result = client.exec(request, &info).await;
        client.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200u16 => ResponseValue::from_response(response).await,
            201u16 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
"#,
        );
        assert_eq!(changes, 1);
        let expected = r#"
impl<'a> PetsCreate<'a> {
    const OPERATION: &'static runtime::Operation = &super::operations::PETS_CREATE;
    pub async fn send(
        self,
    ) -> Result<runtime::ResponseValue<types::Pet>, runtime::Error> {
        let Self { client, body } = self;
        let body = body.map_err(|fault| Self::OPERATION.invalid(fault))?;
        let url = format!("{}/pets/", client.runtime.base_url(),);
        let request = client.runtime.http().post(url).json(&body);
        runtime::json(
            &client.runtime,
            Self::OPERATION,
            request,
            |status| matches!(status, 200u16 | 201u16),
        )
        .await
    }
}
"#;
        assert_eq!(source, formatted(expected));
    }

    #[test]
    fn a_value_that_no_header_can_have_is_a_fault_of_the_request() {
        let (source, changes) = after(
            "one_error",
            DOCUMENT,
            r#"
impl<'a> PetsCreate<'a> {
    pub async fn send(self) -> Result<ResponseValue<()>, Error<()>> {
        header_map.append("x-tenant", tenant.to_string().try_into()?);
        let mut request = client.client.post(url).form_urlencoded(&body)?.headers(header_map).build()?;
        match response.status().as_u16() {
            201u16 => Ok(ResponseValue::empty(response)),
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}
"#,
        );
        assert_eq!(changes, 1);
        assert!(source.contains("HeaderValue::try_from(tenant.to_string())"), "{source}");
        assert!(source.contains("runtime::empty("), "{source}");
        let flat: String = source.split_whitespace().collect();
        assert!(flat.contains(".post(url).form(&runtime::Fields(&body)).headers(header_map);"), "{source}");
    }

    #[test]
    fn a_send_of_another_shape_counts_as_unchanged() {
        let (_, changes) = after(
            "one_error",
            DOCUMENT,
            "impl<'a> PetsCreate<'a> { pub async fn send(self) -> Result<ResponseValue<()>, Error<()>> { todo() } }",
        );
        assert_eq!(changes, 0);
    }
}
