//! Documents that are damaged or meant to do damage: reading them ends soon, with errors that point into the text.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;

use openapi_bindings::diff::{Options, differences};
use openapi_bindings::{Document, example};
use proptest::prelude::*;

const PETS: &str = include_str!("pets.yaml");

/// Reads a text and does with it what can be done; nothing of that may panic.
fn exercise(text: &str) -> Result<(), TestCaseError> {
    match Document::parse("any.yaml", text) {
        Ok(document) => {
            let root = document.value();
            let found = differences(root, root, &Options { extensions: true });
            prop_assert!(found.is_empty(), "{found:?}");
            for schema in
                root.pointer("/components/schemas").and_then(|s| s.as_object()).into_iter().flatten()
            {
                let _ = (example::of(root, schema.1), example::of_request(root, schema.1));
            }
        }
        Err(error) => {
            prop_assert!(!error.diagnostics().is_empty());
            // To YAML a lone carriage return ends a line too.
            let text = text.replace("\r\n", "\n");
            let lines: Vec<&str> = text.split(['\n', '\r']).collect();
            for diagnostic in error.diagnostics() {
                let (line, column) = (diagnostic.location.line, diagnostic.location.column);
                // A text that ends too early is at fault just behind its last line.
                prop_assert!((1..=lines.len() + 1).contains(&line), "line {line} of {}", lines.len());
                let length = lines.get(line - 1).map_or(0, |line| line.chars().count());
                prop_assert!(
                    (1..=length + 1).contains(&column),
                    "column {column} of {length} in line {line}"
                );
            }
            prop_assert!(error.to_string().starts_with("any.yaml:"));
            prop_assert!(error.render(false).contains("any.yaml"));
            prop_assert!(error.render(true).contains("any.yaml"));
        }
    }
    Ok(())
}

#[derive(Clone, Debug)]
enum Damage {
    Truncate(usize),
    DeleteLine(usize),
    DuplicateLine(usize),
    SwapLines(usize, usize),
    ReplaceLine(usize, String),
    ReplaceValue(usize, String),
    Insert(usize, String),
}

fn damage() -> impl Strategy<Value = Damage> {
    let fragment = prop_oneof![
        "\\PC{0,12}",
        "[-\\[\\]{}:,#&*!|>'\"%@`~ \t\r\n\u{0}ü𝄞\u{2028}\u{feff}]{1,6}",
        prop::sample::select(vec![
            "$ref: '#/components/schemas/Pet'",
            "&a",
            "*a",
            "<<: *a",
            "- ",
            "? x",
            "!!str",
            "...",
            "---",
            "null",
            "-1",
            "1e999",
            "{}",
            "[]",
        ])
        .prop_map(str::to_owned),
    ];
    let at = any::<usize>;
    prop_oneof![
        at().prop_map(Damage::Truncate),
        at().prop_map(Damage::DeleteLine),
        at().prop_map(Damage::DuplicateLine),
        (at(), at()).prop_map(|(a, b)| Damage::SwapLines(a, b)),
        (at(), fragment.clone()).prop_map(|(at, text)| Damage::ReplaceLine(at, text)),
        (at(), fragment.clone()).prop_map(|(at, text)| Damage::ReplaceValue(at, text)),
        (at(), fragment).prop_map(|(at, text)| Damage::Insert(at, text)),
    ]
}

fn damaged(text: &str, damages: &[Damage]) -> String {
    let mut text = text.to_owned();
    for damage in damages {
        let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        let (count, bytes) = (lines.len(), text.len() + 1);
        let boundary = |at: &usize| text.floor_char_boundary(at % bytes);
        match damage {
            Damage::Truncate(at) => {
                text.truncate(boundary(at));
                continue;
            }
            Damage::Insert(at, fragment) => {
                text.insert_str(boundary(at), fragment);
                continue;
            }
            Damage::DeleteLine(at) => drop(lines.remove(at % count)),
            Damage::DuplicateLine(at) => lines.insert(at % count, lines[at % count].clone()),
            Damage::SwapLines(a, b) => lines.swap(a % count, b % count),
            Damage::ReplaceLine(at, fragment) => {
                let line = &mut lines[at % count];
                let indent = line.len() - line.trim_start().len();
                line.truncate(indent);
                line.push_str(fragment);
            }
            Damage::ReplaceValue(at, fragment) => {
                let line = &mut lines[at % count];
                if let Some(colon) = line.find(": ") {
                    line.truncate(colon + 2);
                    line.push_str(fragment);
                }
            }
        }
        text = lines.join("\n");
    }
    text
}

proptest! {
    #[test]
    fn damaged_yaml_is_read_or_refused(damages in prop::collection::vec(damage(), 1..4)) {
        exercise(&damaged(PETS, &damages))?;
    }

    #[test]
    fn damaged_json_is_read_or_refused(damages in prop::collection::vec(damage(), 1..4)) {
        let document = Document::parse("pets.yaml", PETS).unwrap();
        let json = serde_json::to_string_pretty(document.value()).unwrap();
        exercise(&damaged(&json, &damages))?;
    }

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        exercise(&text)?;
    }
}

/// A document with these schemas.
fn with_schemas(schemas: impl IntoIterator<Item = String>) -> String {
    let mut text =
        String::from("openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n");
    for schema in schemas {
        writeln!(text, "    {schema}").unwrap();
    }
    text
}

#[test]
fn windows_line_ends_and_a_byte_order_mark_are_harmless() {
    let document = Document::parse("pets.yaml", &format!("\u{feff}{}", PETS.replace('\n', "\r\n"))).unwrap();
    assert_eq!(document.value(), Document::parse("pets.yaml", PETS).unwrap().value());
    let at = document.locate("/info/version").unwrap();
    assert_eq!((at.line, at.column), (4, 12));
}

#[test]
fn an_alias_bomb_is_refused() {
    let schemas = (1..12).map(|level| {
        let aliases = format!("*a{}, ", level - 1).repeat(10);
        format!("S{level}: {{enum: &a{level} [{aliases}]}}")
    });
    let text = with_schemas(std::iter::once("S0: {enum: &a0 [x]}".to_owned()).chain(schemas));
    let error = Document::parse("bomb.yaml", &text).unwrap_err();
    assert!(error.to_string().contains("anchors and aliases copy more than"), "{error}");
}

#[test]
fn a_document_that_contains_itself_is_refused() {
    let error = Document::parse("loop.yaml", &with_schemas(["S: &s {items: *s}".to_owned()])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "loop.yaml:6:19: the alias stands inside the value it names\n  help: write the value out; a document cannot contain itself"
    );
}

#[test]
fn a_long_circle_of_references_is_refused_once() {
    let count = 5_000;
    let circle = (0..count).map(|n| format!("S{n}: {{$ref: '#/components/schemas/S{}'}}", (n + 1) % count));
    let error = Document::parse("circle.yaml", &with_schemas(circle)).unwrap_err();
    assert_eq!(error.diagnostics().len(), 1);
    let message = &error.diagnostics()[0].message;
    assert!(message.starts_with("references in a circle: #/components/schemas/S0 -> "), "{message}");
    assert!(message.len() < 500, "a long circle is not spelt out");
}

#[test]
fn many_references_that_lead_nowhere_are_refused_quickly() {
    let dangling = (0..20_000).map(|n| format!("S{n}: {{items: {{$ref: '#/components/schemas/T{n}'}}}}"));
    let error = Document::parse("gone.yaml", &with_schemas(dangling)).unwrap_err();
    assert_eq!(error.diagnostics().len(), 100);
}

#[test]
fn errors_in_a_long_line_show_the_part_around_them() {
    let document = Document::parse("pets.yaml", PETS).unwrap();
    let json = document.value().to_string().replace("\"in\":\"path\"", "\"in\":\"body\"");
    let rendered = Document::parse("pets.json", &json).unwrap_err().render(false);
    assert!(rendered.contains("\"in\":\"body\""), "{rendered}");
    assert!(rendered.lines().all(|line| line.chars().count() < 300), "{rendered}");
}
