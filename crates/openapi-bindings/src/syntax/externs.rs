//! Crates that generated code names.

use syn::visit_mut::{self, VisitMut};
use syn::{Item, ItemUse, Macro, Path, UseTree, parse_quote};

use crate::passes::Plan;
use crate::syntax::tree::arguments_mut;

/// The crates whose types pass between generated code and the runtime.
const OF_RUNTIME: [&str; 4] = ["bytes", "futures", "progenitor_client", "reqwest"];

/// Takes crates whose types pass between generated code and the runtime from the runtime.
///
/// So their versions always agree, and the manifest of a generated client does not name them. Runs after all other passes
/// over the builders.
pub(super) fn runtime_crates(items: &mut [Item], _: &Plan<'_>) -> usize {
    let mut paths = Paths(0);
    for item in items {
        paths.visit_item_mut(item);
    }
    paths.0
}

struct Paths(usize);

impl VisitMut for Paths {
    fn visit_path_mut(&mut self, path: &mut Path) {
        visit_mut::visit_path_mut(self, path);
        let is_theirs =
            path.segments.len() > 1 && path.segments.first().is_some_and(|first| of_runtime(&first.ident));
        if is_theirs {
            path.leading_colon = None;
            let segments = &path.segments;
            *path = parse_quote!(runtime::#segments);
            self.0 += 1;
        }
    }

    fn visit_item_use_mut(&mut self, item: &mut ItemUse) {
        if matches!(&item.tree, UseTree::Path(path) if of_runtime(&path.ident)) {
            let tree = &item.tree;
            *item = parse_quote!(use runtime::#tree;);
            self.0 += 1;
        }
    }

    fn visit_macro_mut(&mut self, item: &mut Macro) {
        arguments_mut(item, &mut |argument| self.visit_expr_mut(argument));
    }
}

fn of_runtime(ident: &syn::Ident) -> bool {
    OF_RUNTIME.iter().any(|name| ident == name)
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree::tests::{after, formatted};

    #[test]
    fn shared_crates_are_named_by_way_of_the_runtime_and_others_as_they_are() {
        let (source, changes) = after(
            "runtime_crates",
            "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}",
            r#"
impl<'a> PetsList<'a> {
    pub async fn send(self, day: ::chrono::NaiveDate) -> Result<::bytes::Bytes, openapi_document::Error> {
        use ::futures::TryStreamExt;
        let bytes = format!("{}", reqwest::header::ACCEPT);
        request.query(&progenitor_client::QueryParam::new("page", &bytes))
    }
}
"#,
        );
        assert_eq!(changes, 4);
        let expected = r#"
impl<'a> PetsList<'a> {
    pub async fn send(
        self,
        day: ::chrono::NaiveDate,
    ) -> Result<runtime::bytes::Bytes, openapi_document::Error> {
        use runtime::futures::TryStreamExt;
        let bytes = format!("{}", runtime::reqwest::header::ACCEPT);
        request.query(&runtime::progenitor_client::QueryParam::new("page", &bytes))
    }
}
"#;
        assert_eq!(source, formatted(expected));
    }
}
