//! Parameters in the path of a URL.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Item, Macro, parse_quote};

use crate::passes::Plan;
use crate::syntax::tree::{arguments_mut, sends_mut};

/// Has every parameter in a path checked before it becomes a part of a URL.
///
/// progenitor encodes it only (<https://docs.rs/progenitor-client/0.15.1/src/progenitor_client/progenitor_client.rs.html>,
/// `encode_path`), and a URL has no way to say that `..` is a name: `/pets/../` is `/`, so the request would reach
/// another operation. The runtime has `segment`, which refuses what reaches elsewhere.
pub(super) fn path_parameters(items: &mut [Item], _: &Plan<'_>) -> usize {
    let mut changes = 0;
    for send in sends_mut(items) {
        let mut segments = Segments(0);
        segments.visit_block_mut(&mut send.block);
        changes += segments.0;
    }
    changes
}

struct Segments(usize);

impl VisitMut for Segments {
    fn visit_macro_mut(&mut self, item: &mut Macro) {
        arguments_mut(item, &mut |argument| self.visit_expr_mut(argument));
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Call(call) = expr
            && matches!(&*call.func, Expr::Path(path) if path.path.is_ident("encode_path"))
            && let Some(argument) = call.args.first()
        {
            let name = parameter(argument);
            *expr = parse_quote!(runtime::segment(Self::OPERATION, #name, #argument)?);
            self.0 += 1;
        } else {
            visit_mut::visit_expr_mut(self, expr);
        }
    }
}

/// The name of the parameter in `&name.to_string()`.
fn parameter(argument: &Expr) -> String {
    match argument {
        Expr::Reference(reference) => parameter(&reference.expr),
        Expr::MethodCall(call) => parameter(&call.receiver),
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string).unwrap_or_default(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree::tests::{after, formatted};

    #[test]
    fn a_parameter_in_a_path_is_checked_under_its_name() {
        let (source, changes) = after(
            "path_parameters",
            "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}",
            r#"
impl<'a> PetsToys<'a> {
    pub async fn send(self) -> R {
        let url = format!("{}/pets/{}/toys/{}/", client.baseurl, encode_path(&slug.to_string()), encode_path(&id.to_string()),);
    }
}
"#,
        );
        assert_eq!(changes, 2);
        let expected = r#"
impl<'a> PetsToys<'a> {
    pub async fn send(self) -> R {
        let url = format!(
            "{}/pets/{}/toys/{}/", client.baseurl,
            runtime::segment(Self::OPERATION, "slug", &slug.to_string())?,
            runtime::segment(Self::OPERATION, "id", &id.to_string())?,
        );
    }
}
"#;
        assert_eq!(source, formatted(expected));
    }
}
