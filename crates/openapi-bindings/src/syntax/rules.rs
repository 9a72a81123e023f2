//! The words in which a checked string refuses a value.

use syn::visit::{self, Visit};
use syn::visit_mut::{self, VisitMut};
use syn::{Arm, Block, ExprLit, Item, ItemStatic, Lit, LitStr, Pat, Stmt, parse_quote};

use crate::syntax::Plan;
use crate::syntax::tree::impls_mut;

/// Says the rule that a value breaks: `must match ^[a-z]+$`, `must have at least 1 character`. Patterns are those of the
/// runtime, which compares in bounded time.
///
/// typify says what is wrong with the value instead, with `1 characters`
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/type_entry.rs>), which reads badly behind the
/// name of a field.
pub(super) fn rules(items: &mut [Item], _: &Plan<'_>) -> usize {
    let mut reworded = Reworded { values: Vec::new(), changes: 0 };
    for item in impls_mut(items) {
        let is_from_str = item.trait_.as_ref().and_then(|(path, ..)| path.segments.last());
        if is_from_str.is_some_and(|segment| segment.ident == "FromStr") {
            reworded.values.clear();
            reworded.visit_item_impl_mut(item);
        }
    }
    reworded.changes
}

/// The most values of an enumeration that a refusal lists.
const MAX_LISTED: usize = 50;

struct Reworded {
    /// The values that an enumeration has, which stand before what is said of any other.
    values: Vec<String>,
    changes: usize,
}

impl VisitMut for Reworded {
    fn visit_arm_mut(&mut self, arm: &mut Arm) {
        match &arm.pat {
            Pat::Lit(ExprLit { lit: Lit::Str(value), .. }) => self.values.push(value.value()),
            _ => visit_mut::visit_arm_mut(self, arm),
        }
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_mut::visit_block_mut(self, block);
        // A pattern, and what returns if it is not found.
        let mut statements = block.stmts.iter().enumerate();
        let found = statements.find_map(|(place, statement)| Some((place, pattern(statement)?)));
        let Some((place, pattern)) = found else { return };
        let checked: Block = parse_quote!({
            static PATTERN: ::openapi_wire::Pattern = ::openapi_wire::Pattern::new(#pattern);
            PATTERN.check(value)?;
        });
        block.stmts.splice(place..=place + 1, checked.stmts);
        self.changes += 1;
    }

    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        let said = literal.value();
        let rule = if said == "invalid value" { allowed(&self.values) } else { rule(&said) };
        if let Some(rule) = rule {
            *literal = LitStr::new(&rule, literal.span());
            self.changes += 1;
        }
    }
}

/// Returns the rule of an enumeration of `values`.
fn allowed(values: &[String]) -> Option<String> {
    let listed: Vec<String> = values.iter().take(MAX_LISTED).map(|value| format!("{value:?}")).collect();
    let listed = listed.join(", ");
    match values.len() {
        0 => None,
        1 => Some(format!("must be {listed}")),
        count if count > MAX_LISTED => {
            Some(format!("must be one of {listed}, or one of {} more", count - MAX_LISTED))
        }
        _ => Some(format!("must be one of {listed}")),
    }
}

/// Returns the rule behind one of typify's messages.
fn rule(message: &str) -> Option<String> {
    let (bound, length) = message
        .strip_prefix("longer than ")
        .map(|length| ("most", length))
        .or_else(|| message.strip_prefix("shorter than ").map(|length| ("least", length)))?;
    let length = length.strip_suffix(" characters")?;
    let plural = if length == "1" { "" } else { "s" };
    Some(format!("must have at {bound} {length} character{plural}"))
}

/// Returns the pattern that a statement compiles.
fn pattern(statement: &Stmt) -> Option<LitStr> {
    let Stmt::Item(Item::Static(ItemStatic { ident, expr, .. })) = statement else { return None };
    let mut found = Literal(None);
    if ident == "PATTERN" {
        visit::visit_expr(&mut found, expr);
    }
    found.0
}

/// The first text in an expression.
struct Literal(Option<LitStr>);

impl<'ast> Visit<'ast> for Literal {
    fn visit_lit_str(&mut self, literal: &'ast LitStr) {
        self.0.get_or_insert_with(|| literal.clone());
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree::tests::{after, formatted};

    #[test]
    fn a_refusal_says_the_rule() {
        let (source, changes) = after(
            super::rules,
            "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}",
            r#"
impl ::std::str::FromStr for PetSlug {
    fn from_str(value: &str) -> R {
        if a { return Err("longer than 50 characters".into()); }
        if b { return Err("shorter than 1 characters".into()); }
        static PATTERN: ::std::sync::LazyLock<::regress::Regex> =
            ::std::sync::LazyLock::new(|| ::regress::Regex::new("^[a-z]+$").unwrap());
        if PATTERN.find(value).is_none() { return Err("doesn't match pattern \"^[a-z]+$\"".into()); }
        Ok(Self(value.to_string()))
    }
}
impl ::std::str::FromStr for Kind {
    fn from_str(value: &str) -> R {
        match value { "cat" => Ok(Self::Cat), "dog" => Ok(Self::Dog), _ => Err("invalid value".into()) }
    }
}
"#,
        );
        assert_eq!(changes, 4);
        let expected = r#"
impl ::std::str::FromStr for PetSlug {
    fn from_str(value: &str) -> R {
        if a { return Err("must have at most 50 characters".into()); }
        if b { return Err("must have at least 1 character".into()); }
        static PATTERN: ::openapi_wire::Pattern = ::openapi_wire::Pattern::new("^[a-z]+$");
        PATTERN.check(value)?;
        Ok(Self(value.to_string()))
    }
}
impl ::std::str::FromStr for Kind {
    fn from_str(value: &str) -> R {
        match value { "cat" => Ok(Self::Cat), "dog" => Ok(Self::Dog), _ => Err("must be one of \"cat\", \"dog\"".into()) }
    }
}
"#;
        assert_eq!(source, formatted(expected));
    }
}
