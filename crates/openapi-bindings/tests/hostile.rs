//! Documents that are damaged or meant to do damage: reading them ends soon, with errors that point into the text.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod exercise;

use std::fmt::Write as _;
use std::path::Path;

use exercise::exercise;
use openapi_compat::changes;
use openapi_document::Document;
use openapi_document::pointer;
use proptest::prelude::*;
use serde_json::{Value, json};

const PETS: &str = include_str!("../../openapi-document/tests/pets.yaml");
const ZOO: &str = include_str!("../../openapi-document/tests/zoo.yaml");
const EVERYTHING: &str = include_str!("../../openapi-document/tests/everything.yaml");

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

/// As many cases as `PROPTEST_CASES` says, or fewer than usual.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(64)
}

/// One of the sample documents.
fn sample() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![PETS, ZOO, EVERYTHING])
}

/// Values to put where others were: of every type, and such as are dangerous somewhere.
fn value() -> impl Strategy<Value = Value> {
    let known = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(""),
        json!("string"),
        json!("object"),
        json!("array"),
        json!("^(a+)+$"),
        json!("["),
        json!("self"),
        json!("fn"),
        json!("\u{0}"),
        json!("日本"),
        json!([]),
        json!({}),
        json!([null]),
        json!({"type": "object"}),
        json!({"type": "array"}),
        json!({"nullable": true}),
        json!({"allOf": [{}, {"type": "string"}]}),
        json!({"oneOf": [{"type": "string"}, {"type": "string"}]}),
        json!({"enum": [null]}),
        json!({"enum": ["a", "A", "a-", "1", ""]}),
        json!({"enum": [1, 2.5, true]}),
        json!({"additionalProperties": {"type": "object"}}),
        json!({"$ref": "#/components/schemas/Pet"}),
        json!({"$ref": "#/components/schemas/Pen"}),
        json!({"$ref": "#/paths"}),
        json!({"$ref": "#"}),
        json!({"$ref": "other.yaml"}),
    ];
    prop::sample::select(known.to_vec())
}

/// A change of a document's tree: at the place of this number something else, nothing, or what is at another place.
#[derive(Clone, Debug)]
enum Mutation {
    Replace(usize, Value),
    Remove(usize),
    Copy(usize, usize),
    Rename(usize, String),
}

fn mutation() -> impl Strategy<Value = Mutation> {
    let at = any::<usize>;
    let name = prop_oneof![
        "[a-z]{1,8}",
        "\\PC{0,4}",
        prop::sample::select(vec!["type", "self", "$ref", "x-role", "allOf", "/a/{b}/"])
            .prop_map(str::to_owned)
    ];
    prop_oneof![
        (at(), value()).prop_map(|(at, value)| Mutation::Replace(at, value)),
        at().prop_map(Mutation::Remove),
        (at(), at()).prop_map(|(from, to)| Mutation::Copy(from, to)),
        (at(), name).prop_map(|(at, name)| Mutation::Rename(at, name)),
    ]
}

/// The pointers of everything below `value`.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut below = |key: &str, member: &Value| {
        let at = pointer::child(at, key);
        places(member, &at, found);
        found.push(at);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(key, member)| below(key, member)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| below(&index.to_string(), item));
        }
        _ => {}
    }
}

fn mutated(text: &str, mutations: &[Mutation]) -> String {
    let mut root = Document::parse("sample.yaml", text).unwrap().value().clone();
    for mutation in mutations {
        let mut found = Vec::new();
        places(&root, "", &mut found);
        let place = |number: &usize| found.get(number % found.len().max(1)).cloned().unwrap_or_default();
        match mutation {
            Mutation::Replace(at, value) => put(&mut root, &place(at), value.clone()),
            Mutation::Copy(from, to) => {
                let value = root.pointer(&place(from)).cloned().unwrap_or_default();
                // Of copies into themselves a document would grow beyond all measure.
                if value.to_string().len() < 2_000 {
                    put(&mut root, &place(to), value);
                }
            }
            Mutation::Remove(at) => {
                take(&mut root, &place(at));
            }
            Mutation::Rename(at, name) => {
                let at = place(at);
                let holder = pointer::parent(&at).unwrap_or_default().to_owned();
                if let (Some(value), true) =
                    (take(&mut root, &at), root.pointer(&holder).is_some_and(Value::is_object))
                {
                    put(&mut root, &pointer::child(&holder, name), value);
                }
            }
        }
    }
    root.to_string()
}

fn put(root: &mut Value, at: &str, value: Value) {
    let key = pointer::steps(at).last().unwrap_or_default();
    match pointer::parent(at).and_then(|holder| root.pointer_mut(holder)) {
        Some(Value::Object(members)) => drop(members.insert(key, value)),
        Some(Value::Array(items)) => {
            if let Some(item) = key.parse().ok().and_then(|index: usize| items.get_mut(index)) {
                *item = value;
            }
        }
        _ => {}
    }
}

fn take(root: &mut Value, at: &str) -> Option<Value> {
    let key = pointer::steps(at).last()?;
    match pointer::parent(at).and_then(|holder| root.pointer_mut(holder))? {
        Value::Object(members) => members.shift_remove(&key),
        Value::Array(items) => {
            let index = key.parse().ok().filter(|index| *index < items.len())?;
            Some(items.remove(index))
        }
        _ => None,
    }
}

proptest! {
    // What is valid after all is generated from, which takes its time.
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn damaged_yaml_is_used_or_refused(text in sample(), damages in prop::collection::vec(damage(), 1..4)) {
        exercise(&damaged(text, &damages));
    }

    #[test]
    fn damaged_json_is_used_or_refused(text in sample(), damages in prop::collection::vec(damage(), 1..4)) {
        let document = Document::parse("sample.yaml", text).unwrap();
        let json = serde_json::to_string_pretty(document.value()).unwrap();
        exercise(&damaged(&json, &damages));
    }

    #[test]
    fn any_text_is_used_or_refused(text in "\\PC{0,200}") {
        exercise(&text);
    }

    #[test]
    fn a_mutated_document_is_used_or_refused(text in sample(), mutations in prop::collection::vec(mutation(), 1..5)) {
        exercise(&mutated(text, &mutations));
    }

    #[test]
    fn any_two_documents_can_be_compared(
        (old, new) in (sample(), sample()),
        mutations in (prop::collection::vec(mutation(), 0..6), prop::collection::vec(mutation(), 0..6)),
    ) {
        let document = |text, mutations: &[Mutation]| Document::parse("any.yaml", &mutated(text, mutations));
        if let (Ok(old), Ok(new)) = (document(old, &mutations.0), document(new, &mutations.1)) {
            for change in changes(&old, &new) {
                prop_assert!(!change.text.is_empty(), "{change:?}");
            }
        }
    }
}

/// Inputs at which something went wrong once, and what fuzzing kept.
#[test]
fn every_input_of_the_corpus_is_used_or_refused() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/document");
    let mut count = 0;
    for entry in std::fs::read_dir(directory).unwrap() {
        exercise(&String::from_utf8_lossy(&std::fs::read(entry.unwrap().path()).unwrap()));
        count += 1;
    }
    assert!(count > 0, "the corpus is there");
}

#[test]
fn the_samples_themselves_are_used() {
    for text in [PETS, ZOO, EVERYTHING] {
        exercise(text);
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
    // The document was never bundled, which is one problem.
    assert_eq!(error.diagnostics().len(), 1);
}

#[test]
fn errors_in_a_long_line_show_the_part_around_them() {
    let document = Document::parse("pets.yaml", PETS).unwrap();
    let json = document.value().to_string().replace("\"in\":\"path\"", "\"in\":\"body\"");
    let rendered = Document::parse("pets.json", &json).unwrap_err().render(false);
    assert!(rendered.contains("\"in\":\"body\""), "{rendered}");
    assert!(rendered.lines().all(|line| line.chars().count() < 300), "{rendered}");
}

#[test]
fn a_document_nested_ten_thousand_deep_is_refused_where_it_gets_too_deep() {
    let deep = |open: &str, close: &str| {
        format!("openapi: 3.0.3\nx-deep: {}{}\n", open.repeat(10_000), close.repeat(10_000))
    };
    let block = (0..10_000).map(|level| " ".repeat(level) + "a:").collect::<Vec<_>>().join("\n");
    for text in [deep("[", "]"), deep("{a: ", "}"), deep("- ", ""), block] {
        exercise(&text);
        let error = Document::parse("deep.yaml", &text).unwrap_err();
        assert_eq!(error.diagnostics().len(), 1);
    }
    let json = format!("{{\"openapi\": {}1{}}}", "[".repeat(10_000), "]".repeat(10_000));
    assert!(Document::parse("deep.json", &json).unwrap_err().to_string().contains("nested deeper than"));
}

#[test]
fn what_is_wrong_with_a_whole_document_is_told_where_it_is() {
    let paths = |paths: &str| format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {paths}\n");
    for (text, message) in [
        ("openapi: 4.0.0\ninfo: {title: T, version: '1'}\n".to_owned(), "4.0.0"),
        ("swagger: '2.0'\n".to_owned(), "Swagger 2.0"),
        (paths("[1]"), "paths"),
        (paths("{/a: 1}"), "must be a mapping"),
        (with_schemas(["A: {$ref: '#/components/schemas/B'}".to_owned()]), "leads nowhere"),
        (with_schemas(["A: {$ref: '#/components/schemas/A'}".to_owned()]), "circle"),
        (with_schemas(["A: {allOf: [{$ref: '#/components/schemas/A'}]}".to_owned()]), "circle"),
        (PETS.get(..PETS.len() / 2).unwrap().to_owned() + "'", "any.yaml"),
    ] {
        exercise(&text);
        let error = Document::parse("any.yaml", &text).unwrap_err().to_string();
        assert!(error.contains(message), "{message}: {error}");
    }
}
