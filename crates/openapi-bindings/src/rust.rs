//! From items to the text of a generated Rust file: formatted, and each item under the place in the document it came
//! from.
//!
//! The text is stable: the same items give the same bytes. It is formatted by `prettyplease` alone, so the module
//! declaration of a generated file carries `#[rustfmt::skip]`.

use std::collections::BTreeMap;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::format_ident;
use syn::visit_mut::{self, VisitMut};
use syn::{Item, parse_quote};

use crate::generated_file::GeneratedFile;
use crate::groups::{Groups, module};
use openapi_document::document::Document;
use openapi_document::error::Result;
use openapi_document::pointer;

/// A generated Rust file while it is put together.
#[derive(Clone, Default)]
pub struct RustFile {
    docs: Vec<String>,
    allowed: Vec<&'static str>,
    sections: Vec<Section>,
}

/// Items that stand together, and where in the document they came from.
#[derive(Clone)]
struct Section {
    origin: Option<String>,
    items: Vec<Item>,
}

impl RustFile {
    /// Returns a file whose module documentation is `docs`.
    #[must_use]
    pub fn new(docs: &str) -> Self {
        RustFile { docs: docs.lines().map(str::to_owned).collect(), ..Self::default() }
    }

    /// Allows `lint` in the whole file, because what it asks for is the document's to decide.
    #[must_use]
    pub fn allow(mut self, lint: &'static str) -> Self {
        self.allowed.push(lint);
        self
    }

    /// Adds `items`; `origin` is the pointer of what they were made from, such as `/components/schemas/Pet`.
    pub fn push(&mut self, origin: Option<&str>, items: impl IntoIterator<Item = Item>) {
        let items: Vec<Item> = items.into_iter().collect();
        match self.sections.last_mut() {
            Some(last) if origin.is_some() && last.origin.as_deref() == origin => last.items.extend(items),
            _ if items.is_empty() => {}
            _ => self.sections.push(Section { origin: origin.map(str::to_owned), items }),
        }
    }

    /// Adds the items `tokens` stand for.
    ///
    /// # Errors
    /// If `tokens` are no Rust items, which only something unforeseen at `origin` can cause.
    pub fn push_tokens(
        &mut self,
        document: &Document,
        origin: Option<&str>,
        tokens: TokenStream,
    ) -> Result<()> {
        let items = items(document, origin.unwrap_or_default(), tokens)?;
        self.push_known(document, origin, items);
        Ok(())
    }

    /// Adds `items`; `origin` is where the document may have what they were made from.
    pub(crate) fn push_known(
        &mut self,
        document: &Document,
        origin: Option<&str>,
        items: impl IntoIterator<Item = Item>,
    ) {
        // What stands for something that the document leaves out came from no place.
        self.push(origin.filter(|at| document.value().pointer(at).is_some()), items);
    }

    /// Returns a file like this one with nothing in it.
    pub(crate) fn like(&self) -> RustFile {
        RustFile { docs: self.docs.clone(), allowed: self.allowed.clone(), sections: Vec::new() }
    }

    /// Adds everything that is in another file.
    pub(crate) fn append(&mut self, other: RustFile) {
        self.sections.extend(other.sections);
    }

    /// Returns the items, with the place they came from.
    pub(crate) fn sections(&self) -> impl Iterator<Item = (Option<&str>, &[Item])> {
        self.sections.iter().map(|section| (section.origin.as_deref(), section.items.as_slice()))
    }

    /// Takes out the items that are `wanted`.
    pub(crate) fn take_items(&mut self, wanted: impl Fn(&Item) -> bool) -> Vec<Item> {
        let sections = self.sections.iter_mut();
        sections
            .flat_map(|section| section.items.extract_if(.., |item| wanted(item)).collect::<Vec<_>>())
            .collect()
    }

    /// Takes out what belongs to groups: a file like this one for each of them.
    pub(crate) fn take_groups(&mut self, groups: &Groups) -> BTreeMap<String, RustFile> {
        let mut files: BTreeMap<String, RustFile> = BTreeMap::new();
        for section in std::mem::take(&mut self.sections) {
            let group = section.origin.as_deref().and_then(|origin| groups.group(origin));
            let file = match group {
                None => &mut *self,
                Some(group) => files.entry(group.to_owned()).or_insert_with(|| self.like()),
            };
            file.sections.push(section);
        }
        files
    }

    /// Returns the file as it is to stand at `path`, and a file for each of its modules: what belongs to a group goes to the
    /// group's module, from which the file takes it again, so that every name is still where it was.
    pub(crate) fn finish_in_groups(mut self, path: &str, groups: &Groups) -> Vec<GeneratedFile> {
        let mut modules = BTreeMap::new();
        for (group, mut file) in self.take_groups(groups) {
            let items = file.sections.iter_mut().flat_map(|section| &mut section.items);
            items.for_each(|item| OneDeeper.visit_item_mut(item));
            let head = Section {
                origin: None,
                items: vec![parse_quote!(
                    use super::*;
                )],
            };
            file.sections.insert(0, head);
            modules.insert(module(&group), file.allow("unused_imports"));
        }
        let idents = modules.keys().map(|name| format_ident!("{name}"));
        let declared = idents.flat_map(|name| -> [Item; 2] {
            let declaration = parse_quote!(
                #[rustfmt::skip]
                mod #name;
            );
            [declaration, parse_quote!(pub use #name::*;)]
        });
        let declared: Vec<Item> = declared.collect();
        if !declared.is_empty() {
            // A module of nothing but impls has nothing to take from it.
            self.allowed.push("unused_imports");
            self.sections.insert(0, Section { origin: None, items: declared });
        }
        let directory = path.trim_end_matches(".rs");
        let mut files = vec![self.finish(path)];
        files.extend(modules.into_iter().map(|(name, file)| file.finish(format!("{directory}/{name}.rs"))));
        files
    }

    /// Returns the file as it is to stand at `path`.
    #[must_use]
    pub fn finish(self, path: impl Into<String>) -> GeneratedFile {
        let mut parts = Vec::new();
        let mut head = String::new();
        for line in &self.docs {
            head.push_str(if line.is_empty() { "//!" } else { "//! " });
            head.push_str(line);
            head.push('\n');
        }
        for lint in &self.allowed {
            head.push_str("#![allow(");
            head.push_str(lint);
            head.push_str(")]\n");
        }
        if !head.is_empty() {
            parts.push(head);
        }
        for Section { origin, items } in self.sections {
            let text = prettyplease::unparse(&file_of(items));
            parts.push(match origin {
                Some(origin) => format!("// from {}\n{text}", pointer::reference(&origin)),
                None => text,
            });
        }
        GeneratedFile::rust(path, &parts.join("\n"))
    }
}

/// Moves items into a module inside their own: what was beside their module is one step further.
struct OneDeeper;

impl VisitMut for OneDeeper {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        if path.leading_colon.is_none() && path.segments.first().is_some_and(|first| first.ident == "super") {
            path.segments.insert(0, parse_quote!(super));
        }
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_attribute_mut(&mut self, attribute: &mut syn::Attribute) {
        let syn::Meta::NameValue(pair) = &mut attribute.meta else { return };
        if let (true, syn::Expr::Lit(literal)) = (pair.path.is_ident("doc"), &mut pair.value)
            && let syn::Lit::Str(text) = &mut literal.lit
        {
            // Only the generators link to a module above.
            *text = syn::LitStr::new(&text.value().replace("]: super::", "]: super::super::"), text.span());
        }
    }

    fn visit_vis_restricted_mut(&mut self, _: &mut syn::VisRestricted) {}
}

/// Returns what is in a group, which is no longer there afterwards, so that its tokens need not be copied.
pub(crate) fn inside(group: Group) -> TokenStream {
    let tokens = group.stream();
    drop(group);
    tokens
}

/// Returns the items that `tokens` stand for.
///
/// # Errors
/// If `tokens` are no Rust items, which only something unforeseen at `origin` can cause.
pub(crate) fn items(document: &Document, origin: &str, tokens: TokenStream) -> Result<Vec<Item>> {
    let file: syn::Result<syn::File> = syn::parse2(tokens);
    Ok(file.map_err(|fault| not_rust(document, origin, &fault))?.items)
}

/// Returns the items that very many `tokens` stand for. Each is parsed by itself, which takes far less memory.
pub(crate) fn items_apart(document: &Document, tokens: TokenStream) -> Result<Vec<Item>> {
    let (mut all, mut pending, mut end) = (Vec::new(), Vec::new(), None);
    for token in tokens {
        let is_end = match &token {
            TokenTree::Ident(word) => {
                // The first of these words says what the item ends with; `const fn` ends as a function does.
                if end.is_none() || word == "fn" {
                    end = End::of(word);
                }
                false
            }
            TokenTree::Punct(sign) => sign.as_char() == ';',
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace && end == Some(End::Braces),
            TokenTree::Literal(_) => false,
        };
        pending.push(token);
        if is_end {
            all.extend(items(document, "", pending.drain(..).collect())?);
            end = None;
        }
    }
    all.extend(items(document, "", pending.into_iter().collect())?);
    Ok(all)
}

/// The end of an item.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// A semicolon.
    Semicolon,
    /// Braces, unless a semicolon comes first.
    Braces,
}

impl End {
    /// Returns the end of an item that has this word; `None` if it is none that an item begins with.
    fn of(word: &Ident) -> Option<Self> {
        let is_in = |words: &[&str]| words.iter().any(|known| word == known);
        if is_in(&["const", "extern", "static", "type", "use"]) {
            Some(End::Semicolon)
        } else if is_in(&["enum", "fn", "impl", "mod", "struct", "trait", "union"]) {
            Some(End::Braces)
        } else {
            None
        }
    }
}

/// Returns a syntax tree of nothing but `items`.
pub(crate) fn file_of(items: Vec<Item>) -> syn::File {
    syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items }
}

/// Returns the error for tokens that are no Rust: the document asked for something the generator did not foresee.
pub(crate) fn not_rust(document: &Document, origin: &str, fault: &syn::Error) -> openapi_document::Error {
    document.error(
        origin,
        format!("the code generated from this is not valid Rust: {fault}"),
        "give what stands here a plainer name or shape, or report this to the generator's authors",
    )
}

#[cfg(test)]
mod tests {
    use openapi_document::model::Model;
    use quote::quote;

    use super::*;

    const DOCUMENT: &str = "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}";

    #[test]
    fn every_section_names_the_place_it_came_from() {
        let document = Document::parse("spec.yaml", DOCUMENT).unwrap();
        let mut file = RustFile::new("What it is.\n\nAnd more.").allow("missing_docs");
        file.push_tokens(&document, Some("/info/title"), quote! { pub struct Pet; }).unwrap();
        file.push_tokens(&document, None, quote! { pub fn feed(pet: Pet) {} }).unwrap();
        let text = file.finish("src/pets.rs").text;
        let (_, rest) = text.split_once("\n\n").unwrap();
        assert_eq!(
            rest,
            "//! What it is.\n//!\n//! And more.\n#![allow(missing_docs)]\n\n\
             // from #/info/title\npub struct Pet;\n\npub fn feed(pet: Pet) {}\n"
        );
    }

    #[test]
    fn what_belongs_to_a_group_moves_into_its_module_with_the_way_back() {
        let operation = |number: usize| {
            format!(
                "  /{number}: {{get: {{operationId: o{number}, tags: [a b], responses: {{'204': {{description: ''}}}}}}}}"
            )
        };
        let operations: Vec<String> = (0..=100).map(operation).collect();
        let operations = operations.join("\n");
        let text = format!("openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths:\n{operations}");
        let document = Document::parse("spec.yaml", &text).unwrap();
        let mut file = RustFile::new("What it is.");
        file.push_tokens(&document, None, quote! { use super::types; }).unwrap();
        file.push_tokens(&document, Some("/paths/~11/get"), quote! { impl super::Client { pub fn f() {} } })
            .unwrap();
        let groups = Groups::of(&Model::of(&document));
        let files = file.finish_in_groups("src/pets.rs", &groups);
        let [root, module] = files.as_slice() else { panic!("{} files", files.len()) };
        assert_eq!((root.path.as_str(), module.path.as_str()), ("src/pets.rs", "src/pets/tag_a_b.rs"));
        assert!(
            root.text.contains("mod tag_a_b;\npub use tag_a_b::*;\n\nuse super::types;\n"),
            "{}",
            root.text
        );
        assert!(module.text.contains("impl super::super::Client {"), "{}", module.text);
    }

    #[test]
    fn items_are_parsed_apart_as_they_are_together() {
        let document = Document::parse("spec.yaml", DOCUMENT).unwrap();
        let tokens = quote! {
            use a::{b, c};
            #[derive(Debug)]
            pub(crate) struct One<const N: usize>(pub [u8; N]);
            pub enum Two { A { b: i64 }, C }
            const THREE: Two = Two::A { b: 1 };
            impl<T> From<Box<dyn Fn() -> T>> for One<1> where T: Iterator<Item = u8> { const X: u8 = 1; fn a() {} }
            pub const fn four() -> impl Copy { 4 }
            pub type Five = [u8; { 5 }];
            static SIX: Two = Two::A { b: 6 };
            unsafe extern "C" { fn seven(); }
            pub mod builder { use super::*; pub struct Eight; }
            macro_rules! nine { () => {}; }
            trait Ten { type A; }
        };
        let together = items(&document, "", tokens.clone()).unwrap();
        let apart = items_apart(&document, tokens).unwrap();
        let text = |items| prettyplease::unparse(&file_of(items));
        assert_eq!((apart.len(), text(apart)), (together.len(), text(together)));
    }

    #[test]
    fn tokens_that_are_no_rust_are_an_error_at_their_origin() {
        let document = Document::parse("spec.yaml", DOCUMENT).unwrap();
        let error = RustFile::default()
            .push_tokens(&document, Some("/info/title"), quote! { pub struct })
            .unwrap_err();
        assert_eq!(error.diagnostics()[0].pointer, "/info/title");
    }
}
