//! What stands in a document in place of a name that a generator would make a wrong one of.
//!
//! An alias is the right Rust name and, in letters that no Rust name can have, the name on the wire. progenitor and typify
//! leave such letters out where they name an item and keep them where they write a text, so the item is called as it
//! should be, and every text that goes over the wire can be told from the alias again.

use std::borrow::Cow;

use proc_macro2::{Group, Literal, TokenStream, TokenTree};
use syn::LitStr;

/// What every alias begins with; its name on the wire begins with the next letter, and ends with the one after that.
const BEGIN: char = '\u{10fe00}';
const WIRE: char = '\u{10fe01}';
const END: char = '\u{10fe02}';

/// What the bytes of a name on the wire are counted from.
const BYTES: u32 = 0x10_ff00 - 0x100;

/// The alias for what is called `wire`, and `rust` in Rust.
pub fn alias(rust: &str, wire: &str) -> String {
    let hidden = wire.bytes().filter_map(|byte| char::from_u32(BYTES + u32::from(byte)));
    let mut alias = String::from(BEGIN);
    alias.push_str(rust);
    alias.push(WIRE);
    alias.extend(hidden);
    alias.push(END);
    alias
}

/// `text` with the name on the wire in place of every alias.
pub fn restored(text: &str) -> Cow<'_, str> {
    if !text.contains(BEGIN) {
        return Cow::Borrowed(text);
    }
    let (mut found, mut rest) = (String::new(), text);
    while let Some((before, alias)) = rest.split_once(BEGIN) {
        found.push_str(before);
        rest = match wire(alias) {
            Some((wire, after)) => {
                found.push_str(&wire);
                after
            }
            None => alias,
        };
    }
    found.push_str(rest);
    Cow::Owned(found)
}

/// The name on the wire of the alias that `text` is the rest of, and what stands behind it.
fn wire(text: &str) -> Option<(String, &str)> {
    let (_, hidden) = text.split_once(WIRE)?;
    let (hidden, after) = hidden.split_once(END)?;
    let bytes = hidden.chars().map(|letter| u8::try_from(u32::from(letter).checked_sub(BYTES)?).ok());
    Some((String::from_utf8(bytes.collect::<Option<_>>()?).ok()?, after))
}

/// `tokens` with the name on the wire in place of every alias in a text.
pub fn restored_tokens(tokens: TokenStream) -> TokenStream {
    let restored = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            let mut inside = Group::new(group.delimiter(), restored_tokens(group.stream()));
            inside.set_span(group.span());
            TokenTree::Group(inside)
        }
        TokenTree::Literal(literal) => TokenTree::Literal(restored_literal(literal)),
        other => other,
    });
    restored.collect()
}

fn restored_literal(literal: Literal) -> Literal {
    // Most literals are none, and not worth being parsed.
    let written = literal.to_string();
    if !written.contains(BEGIN) && !written.contains("\\u{10fe00}") {
        return literal;
    }
    match syn::parse_str::<LitStr>(&written) {
        Ok(text) => Literal::string(&restored(&text.value())),
        Err(_) => literal,
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn a_name_comes_back_from_its_alias_wherever_that_stands() {
        for wire in ["", "a-b", "<", "名前", "\u{10fe00}\u{10fe02}"] {
            let alias = alias("name", wire);
            assert_eq!(restored(&alias), wire);
            assert_eq!(restored(&format!("`{alias}` and {alias}.")), format!("`{wire}` and {wire}."));
            let tokens = quote!(
                #[serde(rename = #alias)]
                struct S {
                    a: [u8; 1],
                }
            );
            assert_eq!(
                restored_tokens(tokens).to_string(),
                quote!(
                    #[serde(rename = #wire)]
                    struct S {
                        a: [u8; 1],
                    }
                )
                .to_string()
            );
        }
    }

    #[test]
    fn what_only_looks_like_an_alias_is_left() {
        for text in ["", "plain", "a\u{10fe01}b\u{10fe02}"] {
            assert_eq!(restored(text), text);
        }
    }
}
