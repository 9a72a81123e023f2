//! Everything that can be done with a text, done: read, compared with itself, checked, traced, cut and generated from.
//! Whatever the text, none of it may panic or go on for ever, and every error has a place in the text.
//!
//! The tests on damaged documents and the fuzz target share this file.

use openapi_bindings::client::Pages;
use openapi_bindings::{GeneratedFile, api, client, types, why};
use openapi_compat::normal_form::{Options, differences};
use openapi_compat::page::Page;
use openapi_compat::{Severity, lint};
use openapi_document::model::Model;
use openapi_document::slice::{Selection, slice};
use openapi_document::{Document, Error, example};
use serde_json::Value;

/// Does everything with `text`.
///
/// # Panics
/// If something is not as it should be.
pub fn exercise(text: &str) {
    match Document::parse("any.yaml", text) {
        Ok(document) => {
            inspect(&document);
            let files = generate(&document);
            trace(&document, &files);
        }
        Err(error) => assert_placed(&error, text),
    }
}

/// Reads what is in a valid document.
fn inspect(document: &Document) {
    let root = document.value();
    let found = differences(root, root, &Options { extensions: true });
    assert!(found.is_empty(), "a document differs from itself: {found:?}");
    let changes = openapi_compat::changes(document, document);
    assert!(changes.is_empty(), "a document changes into itself: {changes:?}");
    for finding in lint::check(document, &lint::Style::default()) {
        assert_placed(&document.error(&finding.pointer, finding.message, finding.remedy), document.text());
    }
    // Each may have as many values as an example may have at all.
    for (_, schema) in members(root.pointer("/components/schemas")).take(5) {
        let _ = (example::of(root, schema), example::of_request(root, schema));
    }
    for (path, item) in members(root.get("paths")) {
        for (method, _) in members(Some(item)) {
            if let Err(unprintable) = Page::of(root, path, method) {
                assert!(!unprintable.what.is_empty());
            }
        }
    }
    if let Ok(part) = slice(document, &Selection { operations: vec!["*".to_owned()], ..Selection::default() })
    {
        // What no operation needs is gone, such as a path without any, and nothing else may be.
        let changes = openapi_compat::changes(document, &part);
        let breaking = changes
            .iter()
            .find(|change| change.severity == Severity::Breaking && change.rule != "path-removed");
        assert!(breaking.is_none(), "a slice of all operations breaks them: {breaking:?}");
    }
}

/// Generates all there is, and answers the files of what could be generated.
fn generate(document: &Document) -> Vec<GeneratedFile> {
    let model = Model::of(document);
    let types = types::Config { directory: "types/src".to_owned(), base: None };
    let client = client::Config {
        directory: "client/src".to_owned(),
        types: "any_types".to_owned(),
        pages: Pages::of(&model),
        dialect: None,
    };
    let api = api::Config { directory: "api/src".to_owned(), types: "any_types".to_owned() };
    let made =
        [types::generate(&model, &types), client::generate(&model, &client), api::generate(&model, &api)];
    let mut files = Vec::new();
    for made in made {
        match made {
            Ok(made) => files.extend(made),
            Err(error) => assert_placed(&error, document.text()),
        }
    }
    files
}

/// Asks for the origin of every generated item.
fn trace(document: &Document, files: &[GeneratedFile]) {
    let items = why::items(&Model::of(document), files);
    for item in &items {
        assert!(document.value().pointer(&item.origin).is_some(), "{item:?} comes from nowhere");
    }
    // Each looks through the whole document.
    for item in items.iter().take(10) {
        let _ = (
            openapi_document::users::users(document, &item.origin),
            openapi_document::users::references_to(document, &item.origin),
        );
    }
    if let Some(item) = items.first() {
        assert!(why::resolve(document, &items, &format!("#{}", item.origin)).is_ok(), "{item:?}");
    }
}

fn members(map: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    map.and_then(Value::as_object).into_iter().flatten()
}

/// Checks that an error says something, and about a place that the text has.
fn assert_placed(error: &Error, text: &str) {
    assert!(!error.diagnostics().is_empty());
    // To YAML a lone carriage return ends a line too.
    let text = text.replace("\r\n", "\n");
    let lines: Vec<&str> = text.split(['\n', '\r']).collect();
    for diagnostic in error.diagnostics() {
        assert!(!diagnostic.message.is_empty());
        let (line, column) = (diagnostic.location.line, diagnostic.location.column);
        // A text that ends too early is at fault just behind its last line.
        assert!((1..=lines.len() + 1).contains(&line), "line {line} of {}", lines.len());
        let length = lines.get(line - 1).map_or(0, |line| line.chars().count());
        assert!((1..=length + 1).contains(&column), "column {column} of {length} in line {line}");
    }
    assert!(error.to_string().starts_with("any.yaml:"));
    assert!(error.render(false).contains("any.yaml"));
    assert!(error.render(true).contains("any.yaml"));
}
