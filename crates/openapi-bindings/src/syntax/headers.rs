//! Headers that nobody asked for.

use syn::visit::Visit;
use syn::{Expr, ExprMethodCall, Item, Lit, Stmt};

use crate::passes::Plan;
use crate::syntax::tree::{chain_mut, is_local, sends_mut};

/// Leaves out the header `api-version`, and the map of headers if it was the only one.
///
/// progenitor sends the document's version with every request
/// (<https://github.com/oxidecomputer/progenitor/blob/v0.15.1/progenitor-impl/src/method.rs>, `headers_build`); it is a
/// convention of dropshot that other servers do not know.
pub(super) fn api_version_header(items: &mut [Item], _: &Plan<'_>) -> usize {
    let mut changes = 0;
    for send in sends_mut(items) {
        let stmts = &mut send.block.stmts;
        let before = stmts.len();
        stmts.retain(|stmt| appends(stmt).is_none_or(|name| name != "api-version"));
        changes += before - stmts.len();
        let fills = |stmt: &Stmt| !matches!(stmt, Stmt::Local(_)) && mentions_map(stmt);
        if !stmts.iter().any(fills) {
            stmts.retain(|stmt| !is_local(stmt, "header_map"));
            stmts.iter_mut().for_each(without_header_map);
        }
    }
    changes
}

/// The name of the header that a statement appends to the map; empty if it is not written out.
fn appends(stmt: &Stmt) -> Option<String> {
    let Stmt::Expr(Expr::MethodCall(call), _) = stmt else { return None };
    let to_map = matches!(&*call.receiver, Expr::Path(path) if path.path.is_ident("header_map"));
    if !to_map || call.method != "append" {
        return None;
    }
    let name = match call.args.first() {
        Some(Expr::Call(from_static)) => from_static.args.first(),
        name => name,
    };
    Some(match name {
        Some(Expr::Lit(literal)) => match &literal.lit {
            Lit::Str(name) => name.value(),
            _ => String::new(),
        },
        _ => String::new(),
    })
}

/// Whether a statement has to do with the map of headers.
fn mentions_map(stmt: &Stmt) -> bool {
    struct Mention(bool);
    impl Visit<'_> for Mention {
        fn visit_ident(&mut self, ident: &syn::Ident) {
            self.0 |= ident == "header_map";
        }
    }
    let mut mention = Mention(false);
    mention.visit_stmt(stmt);
    mention.0
}

/// Takes `.headers(header_map)` out of the chain of calls that makes the request.
fn without_header_map(stmt: &mut Stmt) {
    let uses_map = |call: &ExprMethodCall| {
        call.method == "headers"
            && matches!(call.args.first(), Some(Expr::Path(path)) if path.path.is_ident("header_map"))
    };
    let Stmt::Local(local) = stmt else { return };
    let Some(init) = &mut local.init else { return };
    chain_mut(&mut init.expr, &mut |expr| {
        if let Expr::MethodCall(call) = expr
            && uses_map(call)
        {
            let receiver = (*call.receiver).clone();
            *expr = receiver;
        }
    });
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree::tests::{after, formatted};

    const EMPTY: &str = "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}";

    #[test]
    fn the_version_is_not_sent_and_the_map_goes_with_it() {
        let (source, changes) = after(
            "api_version_header",
            EMPTY,
            r#"
impl<'a> PetsList<'a> {
    pub async fn send(self) -> R {
        let mut header_map = ::reqwest::header::HeaderMap::with_capacity(1usize);
        header_map.append(::reqwest::header::HeaderName::from_static("api-version"), version());
        let mut request = client.client.get(url).query(&page).headers(header_map).build()?;
        done(request)
    }
}
"#,
        );
        assert_eq!(changes, 1);
        let expected = "
impl<'a> PetsList<'a> {
    pub async fn send(self) -> R {
        let mut request = client.client.get(url).query(&page).build()?;
        done(request)
    }
}
";
        assert_eq!(source, formatted(expected));
    }

    #[test]
    fn another_header_is_still_sent() {
        let (source, changes) = after(
            "api_version_header",
            EMPTY,
            r#"
impl<'a> PetsList<'a> {
    pub async fn send(self) -> R {
        let mut header_map = HeaderMap::with_capacity(2usize);
        header_map.append(HeaderName::from_static("api-version"), version());
        if let Some(value) = tenant {
            header_map.append("x-tenant", value.to_string().try_into()?);
        }
        let mut request = client.client.get(url).headers(header_map).build()?;
        done(request)
    }
}
"#,
        );
        assert_eq!(changes, 1);
        assert!(!source.contains("api-version"));
        assert!(source.contains("x-tenant") && source.contains(".headers(header_map)"), "{source}");
    }
}
