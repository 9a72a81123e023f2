//! Writes values as YAML for people: two spaces, blocks, long text folded at words, quotes only where they are needed.
//!
//! For what is new; text that exists is never written anew by this, as it would lose comments and layout.

mod scalar;

use serde_json::{Map, Value};

use crate::grammar::Shape;
use crate::{operations, pointer, walk};
pub use scalar::WIDTH;

/// Lists of words that stand on one line.
const ON_ONE_LINE: [&str; 2] = ["inferred", "tags"];

/// Returns an OpenAPI document as YAML, with blank lines between paths, operations and components.
#[must_use]
pub fn document(value: &Value) -> String {
    let mut text = String::new();
    write_map(&mut text, value, 0, &mut Some(String::new()));
    text
}

/// Returns the member `key` at `at` of a document, indented by `indent` spaces, with the blank lines within it.
#[must_use]
pub fn member(at: &str, key: &str, value: &Value, indent: usize) -> String {
    let mut text = " ".repeat(indent);
    write_member(&mut text, key, value, indent, &mut Some(at.to_owned()));
    text
}

/// Returns the members of a mapping or the items of a list, each line indented by `indent` spaces; a scalar is one
/// line.
#[must_use]
pub fn block(value: &Value, indent: usize) -> String {
    let mut text = String::new();
    match value {
        Value::Object(map) if !map.is_empty() => write_map(&mut text, value, indent, &mut None),
        Value::Array(items) if !items.is_empty() => write_list(&mut text, items, indent),
        scalar => {
            text.push_str(&" ".repeat(indent));
            text.push_str(&scalar::one_line(scalar));
            text.push('\n');
        }
    }
    text
}

/// Writes a mapping. `at` is its pointer, if it is known, which decides about blank lines.
fn write_map(text: &mut String, value: &Value, indent: usize, at: &mut Option<String>) {
    let members = value.as_object().into_iter().flatten();
    for (index, (key, member)) in members.enumerate() {
        let length = at.as_mut().map(|at| {
            let length = at.len();
            pointer::push(at, key);
            length
        });
        if at.as_deref().is_some_and(|at| is_set_apart(at, index)) {
            text.push('\n');
        }
        text.push_str(&" ".repeat(indent));
        write_member(text, key, member, indent, at);
        if let (Some(at), Some(length)) = (at.as_mut(), length) {
            at.truncate(length);
        }
    }
}

/// Returns `true` if a blank line comes before the member at `at`, the `index`th of its mapping.
fn is_set_apart(at: &str, index: usize) -> bool {
    let steps: Vec<String> = pointer::steps(at).collect();
    match steps.as_slice() {
        [top] => matches!(top.as_str(), "paths" | "components"),
        [top, _] => index > 0 && matches!(top.as_str(), "paths" | "components"),
        [top, _, method] if top == "paths" => index > 0 && operations::is_method(method),
        [top, _, _] => index > 0 && top == "components",
        _ => false,
    }
}

/// Writes a key and its value. The indentation of the key is already written.
fn write_member(text: &mut String, key: &str, value: &Value, indent: usize, at: &mut Option<String>) {
    let key_text = scalar::key(key);
    text.push_str(&key_text);
    text.push(':');
    match value {
        Value::Object(map) if !map.is_empty() => {
            text.push('\n');
            write_map(text, value, indent + 2, at);
        }
        Value::Array(items) if !items.is_empty() => {
            if let Some(line) = one_line_list(key, items) {
                text.extend([" ", &line, "\n"]);
            } else {
                text.push('\n');
                write_list(text, items, indent + 2);
            }
        }
        Value::String(string) => {
            let used = indent + key_text.chars().count() + 2;
            text.extend([" ", &scalar::text(string, used, indent + 2), "\n"]);
        }
        other => text.extend([" ", &scalar::one_line(other), "\n"]),
    }
}

fn one_line_list(key: &str, items: &[Value]) -> Option<String> {
    let words: Option<Vec<String>> = items.iter().map(|item| item.as_str().map(scalar::word)).collect();
    let line = format!("[{}]", words?.join(", "));
    (ON_ONE_LINE.contains(&key) && line.len() < WIDTH / 2).then_some(line)
}

fn write_list(text: &mut String, items: &[Value], indent: usize) {
    for item in items {
        text.push_str(&" ".repeat(indent));
        text.push_str("- ");
        match item {
            Value::Object(map) if !map.is_empty() => {
                for (index, (key, member)) in map.iter().enumerate() {
                    if index > 0 {
                        text.push_str(&" ".repeat(indent + 2));
                    }
                    write_member(text, key, member, indent + 2, &mut None);
                }
            }
            Value::Array(inner) if !inner.is_empty() => {
                let mut nested = String::new();
                write_list(&mut nested, inner, indent + 2);
                text.push_str(nested.trim_start());
            }
            Value::String(string) => {
                text.push_str(&scalar::text(string, indent + 2, indent + 2));
                text.push('\n');
            }
            other => text.extend([&scalar::one_line(other), "\n"]),
        }
    }
}

/// Returns the members in order: first those that people look for first, then the others in the order they had. The
/// order is that of the kind of object at `at`, and of every object in it.
#[must_use]
pub fn ordered(value: &Value, at: &str, order: &dyn Fn(&str) -> Vec<&'static str>) -> Value {
    reorder(value, walk::shape_at(at), order)
}

fn reorder(value: &Value, shape: Shape, order: &dyn Fn(&str) -> Vec<&'static str>) -> Value {
    match value {
        Value::Object(map) => {
            let first = shape.object().map_or_else(Vec::new, |object| order(object.name));
            let keys = first.iter().copied().filter(|key| map.contains_key(*key));
            let others = map.keys().map(String::as_str).filter(|key| !first.contains(key));
            let members = keys.chain(others).filter_map(|key| Some((key, map.get(key)?)));
            let members =
                members.map(|(key, member)| (key.to_owned(), reorder(member, shape.step(key), order)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(items) => {
            Value::Array(items.iter().map(|item| reorder(item, shape.step("0"), order)).collect())
        }
        scalar => scalar.clone(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::document::Document;

    /// Returns the value that a text is read as, under an extension of a document.
    fn read(value: &Value) -> Value {
        let text = format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {{}}\nx-it:\n{}",
            block(value, 2)
        );
        let document = Document::parse("t.yaml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        document.value()["x-it"].clone()
    }

    #[test]
    fn a_document_looks_as_if_a_person_had_written_it() {
        let value = json!({
            "openapi": "3.0.3",
            "info": {"title": "t", "version": "2024.8"},
            "tags": [{"name": "pets"}],
            "paths": {"/pets/": {
                "get": {"operationId": "pets_list", "tags": ["pets"], "security": [{"token": []}, {}], "responses": {
                    "200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
                }},
                "delete": {"operationId": "pets_destroy", "description": "One line\nand another.", "responses": {"204": {"description": "Gone: all"}}},
            }},
            "components": {"schemas": {
                "Pet": {"type": "string", "pattern": "^[-a-z]+$", "enum": ["yes", "cat", "null", "3"], "description": "word ".repeat(30).trim_end()},
                "Any": {},
            }},
        });
        insta::assert_snapshot!(document(&value));
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let text = prop_oneof![
            "\\PC{0,12}",
            "[ a-z:#'\"\\[\\]{},&*!|>%@`\\\\\n\t-]{0,8}",
            "([a-z]{1,9} ){0,40}[a-z]",
            "[~0-9.eE+xo-]{1,5}",
            "(\n|a|  ){0,6}"
        ];
        let leaf = prop_oneof![
            text.prop_map(Value::String),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(Value::from),
            Just(Value::Null),
            (-1e9..1e9).prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            let key = prop_oneof!["[a-z]{1,8}", "\\PC{1,6}", "[ #:?,0-9~-]{1,4}"];
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
                prop::collection::vec((key, inner), 0..5)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_as_it_was(value in any_value()) {
            prop_assert_eq!(read(&value), value);
        }
    }
}
