//! Text of a document that wants to be more than text: whatever stands where people write, what is generated is Rust, and
//! nothing in its documentation is run or is HTML.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use openapi_bindings::{GeneratedFile, api, bindings, client, types};
use openapi_document::Document;
use openapi_document::model::Model;
use proptest::prelude::*;
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};
use serde_json::json;
use syn::visit::Visit;

/// Returns a document that has `text` wherever there may be any.
fn document(text: &str) -> Document {
    let schema =
        json!({"type": "string", "title": text, "description": text, "default": text, "x-note": text});
    let value = json!({
        "openapi": "3.1.0",
        "info": {"title": text, "version": text, "description": text, "summary": text},
        "tags": [{"name": "pets", "description": text}],
        "paths": {"/pets/{id}": {"put": {
            "operationId": "put", "tags": ["pets"], "summary": text, "description": text, "x-since": text, "x-note": text,
            "parameters": [
                {"name": "id", "in": "path", "required": true, "description": text, "schema": {"type": "string"}},
                {"name": "filter", "in": "query", "description": text, "schema": schema},
            ],
            "requestBody": {"description": text, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
            "responses": {
                "200": {"description": text, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
                "404": {"description": text},
            },
            "security": [{"key": []}],
        }}},
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key", "description": text}},
            "schemas": {
                "Pet": {"type": "object", "title": text, "description": text, "properties": {
                    "name": schema,
                    (format!("odd {text}")): {"type": "integer", "description": text},
                    "kind": {"$ref": "#/components/schemas/Kind"},
                }},
                "Kind": {"type": "string", "description": text, "enum": ["a", format!("b {text}")], "x-enum-labels": {"a": text}},
            },
        },
    });
    Document::parse("hostile.json", &value.to_string()).unwrap_or_else(|error| panic!("{error}\n{value}"))
}

fn generated(document: &Document) -> Vec<GeneratedFile> {
    let model = Model::of(document);
    let mut bindings = bindings::generate(&model).unwrap();
    let (directory, types) = ("src".to_owned(), "types".to_owned());
    let config = types::Config { directory: directory.clone(), base: None };
    let mut files = types::files(&model, &mut bindings, &config).unwrap();
    let config =
        client::Config { directory: directory.clone(), types: types.clone(), pages: None, dialect: None };
    files.extend(client::files(&model, &mut bindings, &config).unwrap());
    files.extend(api::generate(&model, &api::Config { directory, types }).unwrap());
    files
}

/// The documentation of everything in a file.
#[derive(Default)]
struct Docs(Vec<String>);

impl<'ast> Visit<'ast> for Docs {
    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if let syn::Meta::NameValue(pair) = &attribute.meta
            && pair.path.is_ident("doc")
            && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &pair.value
        {
            let line = text.value();
            let line = line.strip_prefix(' ').unwrap_or(&line);
            if let Some(docs) = self.0.last_mut() {
                docs.push_str(line);
                docs.push('\n');
            }
        } else {
            self.0.push(String::new());
        }
    }

    fn visit_ident(&mut self, _: &'ast proc_macro2::Ident) {
        // Attributes come before the name of what they are about.
        if self.0.last().is_none_or(|docs| !docs.is_empty()) {
            self.0.push(String::new());
        }
    }
}

/// Returns `true` if rustdoc takes code with this note for an example that it compiles
/// (<https://doc.rust-lang.org/rustdoc/write-documentation/documentation-tests.html#attributes>).
fn is_an_example(language: &str) -> bool {
    let words = language.split([',', ' ', '\t']).map(str::trim).filter(|word| !word.is_empty());
    let (mut is_rust, mut is_other, mut is_ignored) = (false, false, false);
    for word in words {
        match word {
            "rust" => is_rust = true,
            "should_panic" | "no_run" | "compile_fail" | "test_harness" | "standalone_crate" => {}
            word if word.starts_with("ignore") => is_ignored = true,
            word if word.starts_with("edition") || word.starts_with('E') => {}
            _ => is_other = true,
        }
    }
    !is_ignored && (is_rust || !is_other)
}

/// Checks that a generated file is Rust whose documentation is only read.
fn check(file: &GeneratedFile) {
    let parsed = syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{error}\n{}", file.text));
    let mut docs = Docs::default();
    docs.visit_file(&parsed);
    let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_STRIKETHROUGH;
    for text in docs.0 {
        for event in Parser::new_ext(&text, options) {
            match event {
                Event::Html(_) | Event::InlineHtml(_) => panic!("HTML in {text:?} of {}", file.path),
                Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => {
                    panic!("an example in {text:?} of {}", file.path)
                }
                Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))) => {
                    assert!(!is_an_example(&language), "an example in {text:?} of {}", file.path);
                }
                _ => {}
            }
        }
    }
}

const HOSTILE: [&str; 8] = [
    "    panic!()",
    "```\npanic!()\n```",
    "~~~rust\npanic!()",
    "- a\n\n      panic!()\n\n1. ```should_panic\n   panic!()\n   ```",
    "<script>alert()</script>\n\n<div>\n\n    panic!()\n</div>",
    "*/ pub fn evil() {} /*\r//\u{202e}\0\nfn evil() {}",
    "\"]\n#![doc = \"```\n` `` [a](javascript:alert) [`Vec`] ![](http://a.example)",
    "{{title}} \\\" ''' # \u{2028}\u{85}x",
];

#[test]
fn text_that_wants_to_run_is_only_read() {
    for text in HOSTILE {
        generated(&document(text)).iter().for_each(check);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_text_is_only_read(text in prop_oneof![
        "\\PC{0,30}",
        any::<String>(),
        "[`~ \n\t<>a-c*/\\[\\]():#!\"\\\\-]{0,40}",
    ]) {
        generated(&document(&text)).iter().for_each(check);
    }
}
