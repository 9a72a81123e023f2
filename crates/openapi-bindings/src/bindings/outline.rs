//! Leaves out of progenitor's file what nobody reads, before it is parsed: a client of its own, and the bodies of methods.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

use crate::rust::inside;

/// The methods of a builder whose signatures are read.
const READ: [&str; 2] = ["body", "send"];

/// Returns the modules `types` and `builder` of progenitor's file. The builders have only the methods that are read, without
/// bodies.
pub(super) fn outline(file: TokenStream) -> TokenStream {
    let mut kept = Vec::new();
    let mut before: [Option<Ident>; 2] = [None, None];
    for token in file {
        match (token, &before) {
            (TokenTree::Ident(word), [_, last]) => before = [last.clone(), Some(word)],
            (TokenTree::Group(content), [Some(keyword), Some(name)]) if keyword == "mod" => {
                let content = match name {
                    name if name == "types" => Some(content),
                    name if name == "builder" => Some(braces(without_bodies(inside(content)))),
                    _ => None,
                };
                if let Some(content) = content {
                    kept.extend([keyword.clone().into(), name.clone().into(), TokenTree::Group(content)]);
                }
                before = [None, None];
            }
            _ => before = [None, None],
        }
    }
    kept.into_iter().collect()
}

/// Leaves in all impls among `items` only the methods that are read, and empties their bodies.
fn without_bodies(items: TokenStream) -> TokenStream {
    let mut is_impl = false;
    let items = items.into_iter().map(|token| match token {
        TokenTree::Ident(word) => {
            is_impl = word == "impl" || (is_impl && word != "struct");
            TokenTree::Ident(word)
        }
        TokenTree::Group(group) if is_impl && group.delimiter() == Delimiter::Brace => {
            is_impl = false;
            TokenTree::Group(braces(signatures(inside(group))))
        }
        token => token,
    });
    items.collect()
}

/// Returns the methods that are read among those of an impl.
fn signatures(methods: TokenStream) -> TokenStream {
    let mut kept = Vec::new();
    let mut method = Vec::new();
    let (mut is_named, mut is_read) = (false, false);
    for token in methods {
        match token {
            TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => {
                if is_read {
                    kept.append(&mut method);
                    kept.push(TokenTree::Group(braces(TokenStream::new())));
                }
                method.clear();
                (is_named, is_read) = (false, false);
            }
            TokenTree::Ident(word) => {
                if is_named {
                    is_read = READ.iter().any(|read| word == read);
                }
                is_named = word == "fn";
                method.push(TokenTree::Ident(word));
            }
            token => method.push(token),
        }
    }
    kept.into_iter().collect()
}

fn braces(content: TokenStream) -> Group {
    Group::new(Delimiter::Brace, content)
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    #[test]
    fn types_are_kept_whole_and_builders_without_what_their_methods_do() {
        let file = quote! {
            use progenitor_client::Client as _;
            pub mod types { pub struct Pet { name: String } impl Pet { fn new() -> Self { todo() } } }
            impl Client { pub fn pets(&self) -> builder::Pets<'_> { builder::Pets::new(self) } }
            pub mod builder {
                use super::{types, Client};
                pub struct Pets<'a> { page: Result<Option<i64>, String> }
                impl<'a> Pets<'a> {
                    pub fn new(client: &'a Client) -> Self { Self { page: Ok(None) } }
                    #[doc = "Sends it."]
                    pub async fn send(self) -> Result<(), Error<()>> { if a { b } }
                }
            }
            pub mod prelude { pub use super::Client; }
        };
        let expected = quote! {
            mod types { pub struct Pet { name: String } impl Pet { fn new() -> Self { todo() } } }
            mod builder {
                use super::{types, Client};
                pub struct Pets<'a> { page: Result<Option<i64>, String> }
                impl<'a> Pets<'a> { #[doc = "Sends it."] pub async fn send(self) -> Result<(), Error<()>> {} }
            }
        };
        assert_eq!(outline(file).to_string(), expected.to_string());
    }
}
