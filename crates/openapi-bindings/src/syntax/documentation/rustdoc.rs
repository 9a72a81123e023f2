//! Documentation as rustdoc reads it: a line for an attribute.
//!
//! The text of the document in it is [safe](crate::safe_text) already; here it is only written down.

use proc_macro2::Span;
use syn::token::Bracket;
use syn::visit_mut::{self, VisitMut};
use syn::{
    AttrStyle, Attribute, Expr, ExprLit, Field, Ident, ImplItemFn, Item, ItemEnum, ItemMod, ItemStruct,
    ItemType, Lit, LitStr, Meta, MetaNameValue, Token, Variant,
};

/// Documents what `attributes` belong to with `text`, as yet unwritten, instead of what was there.
pub(super) fn replace(attributes: &mut Vec<Attribute>, text: &str) {
    attributes.retain(|attribute| documentation(attribute).is_none());
    attributes.insert(0, attribute(text));
}

/// Returns `true` if there is documentation among `attributes`.
pub(super) fn is_documented(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| documentation(attribute).is_some())
}

/// Rewrites all documentation of `items`, and answers how many items had some.
pub(super) fn rewrite(items: &mut [Item]) -> usize {
    let mut rewriter = Rewriter(0);
    for item in items {
        rewriter.visit_item_mut(item);
    }
    rewriter.0
}

struct Rewriter(usize);

impl Rewriter {
    fn lines(&mut self, attributes: &mut Vec<Attribute>) {
        let text: Vec<String> = attributes.iter().filter_map(documentation).collect();
        if text.is_empty() {
            return;
        }
        self.0 += 1;
        attributes.retain(|attribute| documentation(attribute).is_none());
        let text = text.join("\n");
        let lines = attributes_of(&text);
        attributes.splice(0..0, lines);
    }
}

impl VisitMut for Rewriter {
    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        self.lines(&mut item.attrs);
        visit_mut::visit_item_struct_mut(self, item);
    }
    fn visit_item_enum_mut(&mut self, item: &mut ItemEnum) {
        self.lines(&mut item.attrs);
        visit_mut::visit_item_enum_mut(self, item);
    }
    fn visit_item_type_mut(&mut self, item: &mut ItemType) {
        self.lines(&mut item.attrs);
    }
    fn visit_item_mod_mut(&mut self, item: &mut ItemMod) {
        self.lines(&mut item.attrs);
        visit_mut::visit_item_mod_mut(self, item);
    }
    fn visit_field_mut(&mut self, field: &mut Field) {
        self.lines(&mut field.attrs);
    }
    fn visit_variant_mut(&mut self, variant: &mut Variant) {
        self.lines(&mut variant.attrs);
        visit_mut::visit_variant_mut(self, variant);
    }
    fn visit_impl_item_fn_mut(&mut self, item: &mut ImplItemFn) {
        self.lines(&mut item.attrs);
    }
}

/// Returns `text` as documentation attributes, a line each.
pub(super) fn attributes_of(text: &str) -> Vec<Attribute> {
    text.trim()
        .lines()
        .map(|line| {
            let line = line.trim_end();
            let line = if line.is_empty() { String::new() } else { format!(" {line}") };
            attribute(&line)
        })
        .collect()
}

/// Returns the attribute `#[doc = "text"]`. Nothing is parsed, as there are very many of them.
fn attribute(text: &str) -> Attribute {
    let text = ExprLit { attrs: Vec::new(), lit: Lit::Str(LitStr::new(text, Span::call_site())) };
    let path = Ident::new("doc", Span::call_site()).into();
    let meta = MetaNameValue { path, eq_token: <Token![=]>::default(), value: Expr::Lit(text) };
    Attribute {
        pound_token: <Token![#]>::default(),
        style: AttrStyle::Outer,
        bracket_token: Bracket::default(),
        meta: Meta::NameValue(meta),
    }
}

/// Returns the text of a documentation attribute, without the blank before it.
fn documentation(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    let Expr::Lit(literal) = &pair.value else { return None };
    match &literal.lit {
        Lit::Str(text) if pair.path.is_ident("doc") => {
            let text = text.value();
            Some(text.strip_prefix(' ').map(str::to_owned).unwrap_or(text))
        }
        _ => None,
    }
}
