//! The words in which a checked string refuses a value.

use syn::visit_mut::VisitMut;
use syn::{Item, LitStr};

use crate::syntax::Plan;
use crate::syntax::tree::impls_mut;

/// Says the rule that a value breaks: `must match ^[a-z]+$`, `must have at least 1 character`.
///
/// typify says what is wrong with the value instead, with the pattern as a Rust literal and `1 characters`
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/type_entry.rs>), which reads badly behind the
/// name of a field.
pub(super) fn rules(items: &mut [Item], _: &Plan<'_>) -> usize {
    let mut reworded = Reworded(0);
    for item in impls_mut(items) {
        let is_from_str = item.trait_.as_ref().and_then(|(path, ..)| path.segments.last());
        if is_from_str.is_some_and(|segment| segment.ident == "FromStr") {
            reworded.visit_item_impl_mut(item);
        }
    }
    reworded.0
}

struct Reworded(usize);

impl VisitMut for Reworded {
    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        if let Some(rule) = rule(&literal.value()) {
            *literal = LitStr::new(&rule, literal.span());
            self.0 += 1;
        }
    }
}

/// The rule behind one of typify's messages.
fn rule(message: &str) -> Option<String> {
    if let Some(pattern) = message.strip_prefix("doesn't match pattern \"") {
        return Some(format!("must match {}", pattern.strip_suffix('"')?));
    }
    let (bound, length) = message
        .strip_prefix("longer than ")
        .map(|length| ("most", length))
        .or_else(|| message.strip_prefix("shorter than ").map(|length| ("least", length)))?;
    let length = length.strip_suffix(" characters")?;
    let plural = if length == "1" { "" } else { "s" };
    Some(format!("must have at {bound} {length} character{plural}"))
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
        if c { return Err("doesn't match pattern \"^[a-z]+$\"".into()); }
        Ok(Self(value.to_string()))
    }
}
"#,
        );
        assert_eq!(changes, 3);
        let expected = r#"
impl ::std::str::FromStr for PetSlug {
    fn from_str(value: &str) -> R {
        if a { return Err("must have at most 50 characters".into()); }
        if b { return Err("must have at least 1 character".into()); }
        if c { return Err("must match ^[a-z]+$".into()); }
        Ok(Self(value.to_string()))
    }
}
"#;
        assert_eq!(source, formatted(expected));
    }
}
