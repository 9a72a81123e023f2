//! The words in which a builder says what it lacks.

use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, Item, LitStr, Macro, Token, punctuated::Punctuated};

use crate::syntax::Plan;

/// Says of a property of a builder that it must be set, as a rule behind its name: `slug: must be set`.
///
/// typify has `no value supplied for slug` (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/type_entry.rs>),
/// where every other message about a property begins with its name.
pub(super) fn missing_properties(items: &mut [Item], _: &Plan<'_>) -> usize {
    let mut reworded = Reworded(0);
    for item in items {
        reworded.visit_item_mut(item);
    }
    reworded.0
}

struct Reworded(usize);

impl VisitMut for Reworded {
    /// Documentation is somebody else's words.
    fn visit_attribute_mut(&mut self, _: &mut Attribute) {}

    fn visit_macro_mut(&mut self, item: &mut Macro) {
        let arguments = item.parse_body_with(Punctuated::<Expr, Token![,]>::parse_terminated);
        if let (true, Ok(mut arguments)) = (item.path.is_ident("format"), arguments) {
            let before = self.0;
            for argument in &mut arguments {
                self.visit_expr_mut(argument);
            }
            if self.0 > before {
                item.tokens = quote::quote!(#arguments);
            }
        }
        visit_mut::visit_macro_mut(self, item);
    }

    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        if let Some(words) = words(&literal.value()) {
            *literal = LitStr::new(&words, literal.span());
            self.0 += 1;
        }
    }
}

/// What to say instead of one of typify's messages.
fn words(message: &str) -> Option<String> {
    let name = message.strip_prefix("no value supplied for ")?;
    syn::parse_str::<syn::Ident>(name).is_ok().then(|| format!("{name}: must be set"))
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree::tests::{after, formatted};

    #[test]
    fn what_is_missing_is_told_behind_its_name() {
        let (source, changes) = after(
            super::missing_properties,
            "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}",
            r#"
/// no value supplied for name
impl Default for Pet { fn default() -> Self { Self { name: Err("no value supplied for name".to_string()) } } }
"#,
        );
        assert_eq!(changes, 1);
        let expected = r#"
/// no value supplied for name
impl Default for Pet { fn default() -> Self { Self { name: Err("name: must be set".to_string()) } } }
"#;
        assert_eq!(source, formatted(expected));
    }
}
