//! From items to the text of a generated Rust file: formatted, and each item under the place in the document it came
//! from.
//!
//! The text is stable: the same items give the same bytes. It is formatted by `prettyplease` alone, so the module
//! declaration of a generated file carries `#[rustfmt::skip]`.

use proc_macro2::TokenStream;
use syn::Item;

use crate::document::Document;
use crate::error::Result;
use crate::generated_file::GeneratedFile;

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
    /// A file whose module documentation is `docs`.
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
        // What stands for something that the document leaves out came from no place.
        let origin = origin.filter(|at| document.value().pointer(at).is_some());
        let file: syn::File =
            syn::parse2(tokens).map_err(|fault| not_rust(document, origin.unwrap_or_default(), &fault))?;
        self.push(origin, file.items);
        Ok(())
    }

    /// The file as it is to stand at `path`; `command` is what regenerates it.
    #[must_use]
    pub fn finish(self, path: impl Into<String>, document: &Document, command: &str) -> GeneratedFile {
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
                Some(origin) => format!("// from #{origin}\n{text}"),
                None => text,
            });
        }
        GeneratedFile::rust(path, document, command, &parts.join("\n"))
    }
}

/// A syntax tree of nothing but `items`.
pub(crate) fn file_of(items: Vec<Item>) -> syn::File {
    syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items }
}

/// The error for tokens that are no Rust: the document asked for something the generator did not foresee.
pub(crate) fn not_rust(document: &Document, origin: &str, fault: &syn::Error) -> crate::Error {
    document.error(
        origin,
        format!("the code generated from this is not valid Rust: {fault}"),
        "give what stands here a plainer name or shape, or report this to the generator's authors",
    )
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    const DOCUMENT: &str = "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}";

    #[test]
    fn every_section_names_the_place_it_came_from() {
        let document = Document::parse("spec.yaml", DOCUMENT).unwrap();
        let mut file = RustFile::new("What it is.\n\nAnd more.").allow("missing_docs");
        file.push_tokens(&document, Some("/info/title"), quote! { pub struct Pet; }).unwrap();
        file.push_tokens(&document, None, quote! { pub fn feed(pet: Pet) {} }).unwrap();
        let text = file.finish("src/pets.rs", &document, "make pets").text;
        let (stamp, rest) = text.split_once("\n\n").unwrap();
        assert!(stamp.ends_with("// To regenerate: make pets"), "{stamp}");
        assert_eq!(
            rest,
            "//! What it is.\n//!\n//! And more.\n#![allow(missing_docs)]\n\n\
             // from #/info/title\npub struct Pet;\n\npub fn feed(pet: Pet) {}\n"
        );
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
