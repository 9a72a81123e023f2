//! Puts the names of the model in place of the ids in what progenitor wrote.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::{Display, Write as _};

use heck::ToSnakeCase as _;
use proc_macro2::{Delimiter, Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::quote;
use syn::LitStr;

use super::Lowered;
use super::ids::Id;
use super::made::Made;
use crate::rust::inside;
use openapi_document::model::OperationId;
use openapi_document::names::{Case, plain};

impl Lowered<'_, '_> {
    /// Puts names in place of all ids in `tokens`, and says what each type was made from, by its name.
    pub(crate) fn restore(&self, tokens: TokenStream) -> (TokenStream, BTreeMap<String, Made>) {
        let trees = trees(tokens);
        let mut found = BTreeSet::new();
        self.defined(&trees, &mut found);
        let made = self.made(&found);
        let tokens = Restoring::new(self, &made).tokens(trees);
        (tokens, made.into_values().map(|made| (made.name.clone(), made)).collect())
    }

    /// Says in the names of the document what a generator says in ids.
    pub(crate) fn restored(&self, text: &str) -> String {
        Restoring::new(self, &BTreeMap::new()).text(text)
    }

    /// Adds the types that are defined among `trees`.
    fn defined(&self, trees: &[Tree], found: &mut BTreeSet<String>) {
        let mut defines = false;
        for tree in trees {
            match tree {
                Tree::Token(TokenTree::Ident(ident)) if defines => {
                    let text = ident.to_string();
                    // It may be a name that needs no id.
                    defines = false;
                    if self.ids.are_in(&text) {
                        found.insert(text);
                    } else {
                        defines = DEFINE.iter().any(|word| ident == word);
                    }
                }
                Tree::Token(TokenTree::Ident(ident)) => defines = DEFINE.iter().any(|word| ident == word),
                Tree::Group(_, _, inside) => self.defined(inside, found),
                Tree::Token(_) => {}
            }
        }
    }
}

/// The words before the name of a type that is defined.
const DEFINE: [&str; 3] = ["struct", "enum", "type"];

/// A token, or a group whose tokens can be looked at without being copied.
enum Tree {
    Token(TokenTree),
    Group(Delimiter, Span, Vec<Tree>),
}

fn trees(tokens: TokenStream) -> Vec<Tree> {
    let trees = tokens.into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            let (delimiter, span) = (group.delimiter(), group.span());
            Tree::Group(delimiter, span, trees(inside(group)))
        }
        token => Tree::Token(token),
    });
    trees.collect()
}

struct Restoring<'r, 'm, 'a> {
    lowered: &'r Lowered<'m, 'a>,
    made: &'r BTreeMap<String, Made>,
    /// The identifiers that were restored already, since each occurs many times.
    idents: HashMap<String, Ident>,
    /// The text of the token that is looked at.
    written: String,
}

impl<'r, 'm, 'a> Restoring<'r, 'm, 'a> {
    fn new(lowered: &'r Lowered<'m, 'a>, made: &'r BTreeMap<String, Made>) -> Self {
        Self { lowered, made, idents: HashMap::new(), written: String::new() }
    }

    fn tokens(&mut self, trees: Vec<Tree>) -> TokenStream {
        let mut restored = TokenStream::new();
        let mut defines_enum = false;
        for tree in trees {
            restored.extend([match tree {
                Tree::Group(delimiter, span, inside) => {
                    let is_enum = defines_enum && delimiter == Delimiter::Brace;
                    defines_enum &= !is_enum;
                    let tokens = if is_enum { self.variants(inside) } else { self.tokens(inside) };
                    let mut inside = Group::new(delimiter, tokens);
                    inside.set_span(span);
                    TokenTree::Group(inside)
                }
                Tree::Token(TokenTree::Ident(ident)) => {
                    defines_enum |= ident == "enum";
                    TokenTree::Ident(self.ident(ident))
                }
                Tree::Token(TokenTree::Literal(literal)) => TokenTree::Literal(self.literal(literal)),
                Tree::Token(other) => other,
            }]);
        }
        restored
    }

    /// Restores the variants of an enumeration. One that is a property goes over the wire by the name of that.
    fn variants(&mut self, trees: Vec<Tree>) -> TokenStream {
        let mut restored = TokenStream::new();
        for tree in trees {
            if let Tree::Token(TokenTree::Ident(ident)) = &tree
                && let [Ok(id @ Id { letter: 'F', .. })] = self.lowered.ids.parts(&ident.to_string())[..]
                && let Some(name) = self.lowered.ids.property_of(id)
            {
                restored.extend(quote!(#[serde(rename = #name)]));
            }
            restored.extend(self.tokens(vec![tree]));
        }
        restored
    }

    /// Writes a token, and returns `true` if there may be an id in it.
    fn has_id(&mut self, token: impl Display) -> bool {
        self.written.clear();
        // Writing to a string cannot fail.
        let _ = write!(self.written, "{token}");
        self.lowered.ids.are_in(&self.written)
    }

    fn ident(&mut self, ident: Ident) -> Ident {
        if !self.has_id(&ident) {
            return ident;
        }
        if let Some(known) = self.idents.get(&self.written) {
            return known.clone();
        }
        let named = syn::parse_str(&self.word(&self.written, false)).map_or(ident, |mut named: Ident| {
            named.set_span(Span::call_site());
            named
        });
        self.idents.insert(self.written.clone(), named.clone());
        named
    }

    fn literal(&mut self, literal: Literal) -> Literal {
        // Most literals have none, and are not worth being parsed.
        if !self.has_id(&literal) {
            return literal;
        }
        match syn::parse_str::<LitStr>(&self.written) {
            Ok(text) => Literal::string(&self.text(&text.value())),
            Err(_) => literal,
        }
    }

    /// Returns a text, in which words may be ids or names made of them.
    fn text(&self, text: &str) -> String {
        let is_of_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        let (mut restored, mut rest) = (String::new(), text);
        while !rest.is_empty() {
            let end = rest.find(|letter| !is_of_word(letter)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            if self.lowered.ids.are_in(word) {
                restored.push_str(&self.word(word, true));
            } else {
                restored.push_str(word);
            }
            let end = after.find(is_of_word).unwrap_or(after.len());
            let (between, after) = after.split_at(end);
            restored.push_str(between);
            rest = after;
        }
        restored
    }

    /// Returns a word that has ids in it. In a text, an id alone is what the document says.
    fn word(&self, word: &str, is_text: bool) -> String {
        if let Some(made) = self.made.get(word) {
            return made.name.clone();
        }
        let parts = self.lowered.ids.parts(word);
        let is_alone = parts.len() == 1;
        let parts = parts.into_iter().map(|part| match part {
            Ok(id) => self.id(id, is_text && is_alone).unwrap_or_default(),
            Err(text) => text.to_owned(),
        });
        parts.collect()
    }

    fn id(&self, id: Id, on_wire: bool) -> Option<String> {
        let Lowered { model, ids, .. } = self.lowered;
        let names = model.names();
        let number = u32::try_from(id.number).ok()?;
        Some(match id.letter {
            'T' | 't' => {
                let name = names.component(model.schemas.numbered(id.number)?.component()?);
                if id.letter == 'T' { name } else { name.to_snake_case() }
            }
            'S' | 's' => {
                let name = self.lowered.titled(model.schemas.numbered(id.number)?)?;
                if id.letter == 'S' { name } else { name.to_snake_case() }
            }
            'O' => model.operation(OperationId(number))?.builder.clone(),
            'o' => model.operation(OperationId(number))?.rust.clone(),
            'P' | 'p' => {
                let (_, parameter) = ids.parameter_of(model, id)?;
                match id.letter {
                    'P' if on_wire => parameter.name.to_owned(),
                    'P' => plain(&parameter.setter, Case::Pascal),
                    _ => parameter.setter.clone(),
                }
            }
            'F' if on_wire => ids.property_of(id)?.to_owned(),
            'F' => plain(&names.property(ids.property_of(id)?), Case::Pascal),
            'f' => names.property(ids.property_of(id)?),
            'V' => ids.value_of(id)?.0.to_owned(),
            'v' => ids.value_of(id)?.1.to_owned(),
            _ => return None,
        })
    }
}
