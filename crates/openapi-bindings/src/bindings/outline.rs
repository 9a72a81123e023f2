//! Leaves out of progenitor's file what nobody reads, before it is parsed: a client of its own, and the bodies of methods.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Returns the modules `types` and `builder` of progenitor's file; the methods of the builders have no bodies.
pub(super) fn outline(file: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = file.into_iter().collect();
    let mut kept = Vec::new();
    for three in tokens.windows(3) {
        let [TokenTree::Ident(keyword), TokenTree::Ident(name), TokenTree::Group(content)] = three else {
            continue;
        };
        let content = match name.to_string().as_str() {
            _ if keyword != "mod" => continue,
            "types" => content.clone(),
            "builder" => braces(without_bodies(content.stream())),
            _ => continue,
        };
        kept.extend([keyword.clone().into(), name.clone().into(), TokenTree::Group(content)]);
    }
    kept.into_iter().collect()
}

/// Empties the bodies of the methods of all impls among `items`.
fn without_bodies(items: TokenStream) -> TokenStream {
    let mut is_impl = false;
    let items = items.into_iter().map(|token| match token {
        TokenTree::Ident(word) => {
            is_impl = word == "impl" || (is_impl && word != "struct");
            TokenTree::Ident(word)
        }
        TokenTree::Group(group) if is_impl && group.delimiter() == Delimiter::Brace => {
            is_impl = false;
            let methods = group.stream().into_iter().map(|token| match token {
                TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => {
                    TokenTree::Group(braces(TokenStream::new()))
                }
                token => token,
            });
            TokenTree::Group(braces(methods.collect()))
        }
        token => token,
    });
    items.collect()
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
                impl<'a> Pets<'a> { pub async fn send(self) -> Result<(), Error<()>> { if a { b } } }
            }
            pub mod prelude { pub use super::Client; }
        };
        let expected = quote! {
            mod types { pub struct Pet { name: String } impl Pet { fn new() -> Self { todo() } } }
            mod builder {
                use super::{types, Client};
                pub struct Pets<'a> { page: Result<Option<i64>, String> }
                impl<'a> Pets<'a> { pub async fn send(self) -> Result<(), Error<()>> {} }
            }
        };
        assert_eq!(outline(file).to_string(), expected.to_string());
    }
}
