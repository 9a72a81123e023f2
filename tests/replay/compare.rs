//! Compares a response with the recorded one: status, media type, `Allow` and body, less what a case says may differ.
//! Two texts of authentik are free: HTML pages, and what follows `JSON parse error - `.

use std::collections::BTreeSet;

use openapi_proxy::compare::first_difference;
use serde_json::Value;

use super::case::{Answer, Form, Kind, Rules, Wire};

const PARSE_ERROR: &str = "JSON parse error - ";

/// Returns the differences of `actual` from the recorded response.
pub fn problems(rules: &Rules, expected: &Answer, actual: &Answer, wire: &Wire) -> Vec<String> {
    let mut problems = Vec::new();
    let mut differs = |what: &str, expected: &dyn std::fmt::Debug, actual: &dyn std::fmt::Debug| {
        problems.push(format!("{what}: expected {expected:?}, got {actual:?}"));
    };
    if expected.status != actual.status {
        differs("status", &expected.status, &(actual.status, &actual.body));
        return problems;
    }
    if expected.content_type != actual.content_type {
        differs("content-type", &expected.content_type, &actual.content_type);
    }
    if methods(expected) != methods(actual) {
        differs("allow", &expected.allow, &actual.allow);
    }
    if expected.kind == Kind::Html {
        return problems;
    }
    if expected.kind != actual.kind {
        differs("kind of body", &expected.kind, &(actual.kind, &actual.body));
        return problems;
    }
    let (Some(expected), Some(actual)) = (&expected.body, &actual.body) else { return problems };
    let mut expected = wire.expand(expected);
    let mut actual = actual.clone();
    for mask in &rules.mask {
        hide(&mut expected, &mask.path);
        if let Some(value) = hide(&mut actual, &mask.path)
            && !has_form(&value, mask.kind)
        {
            problems.push(format!("{}: {value} is no {:?}", mask.path, mask.kind));
        }
    }
    for body in [&mut expected, &mut actual] {
        drop_parser_text(body);
        sort_unordered(body, &rules.unordered);
    }
    problems.extend(results_out_of_order(rules, &mut expected, &mut actual));
    let difference = first_difference(&expected, &actual, &mut |_, expected, actual| expected == actual);
    problems.extend(difference.map(|difference| difference.to_string()));
    problems
}

fn methods(answer: &Answer) -> BTreeSet<&str> {
    answer.allow.iter().flat_map(|allow| allow.split(',')).map(str::trim).collect()
}

/// Takes the value at `pointer` out of `body` and leaves the same mark on both sides.
fn hide(body: &mut Value, pointer: &str) -> Option<Value> {
    body.pointer_mut(pointer).map(|value| std::mem::replace(value, Value::String("(made up)".into())))
}

fn has_form(value: &Value, form: Form) -> bool {
    let Some(text) = value.as_str() else { return false };
    match form {
        Form::Uuid => uuid::Uuid::try_parse(text).is_ok_and(|uuid| uuid.to_string() == text),
        Form::Id40 => text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        Form::Datetime => text.ends_with('Z') && chrono::DateTime::parse_from_rfc3339(text).is_ok(),
        Form::Any => true,
    }
}

fn drop_parser_text(body: &mut Value) {
    if let Some(Value::String(detail)) = body.get_mut("detail")
        && detail.starts_with(PARSE_ERROR)
    {
        detail.truncate(PARSE_ERROR.len());
    }
}

fn sort_unordered(value: &mut Value, unordered: &BTreeSet<String>) {
    if unordered.contains("$root")
        && let Value::Array(items) = value
    {
        items.sort_by_key(canonical);
    }
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                sort_unordered(value, unordered);
                if let Value::Array(items) = value
                    && unordered.contains(key)
                {
                    items.sort_by_key(Value::to_string);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| sort_unordered(item, unordered)),
        _ => (),
    }
}

/// Brings results that tie into one order, after the keys they were ordered by have been compared.
fn results_out_of_order(rules: &Rules, expected: &mut Value, actual: &mut Value) -> Option<String> {
    let rows = |body: &Value| body["results"].as_array().cloned();
    let (mut wanted, mut got) = (rows(expected)?, rows(actual)?);
    if rules.results_len_only {
        expected["results"] = wanted.len().into();
        actual["results"] = got.len().into();
    } else if !rules.tie_keys.is_empty() {
        let key = |row: &Value| -> Vec<Value> {
            let pointer = |key: &String| format!("/{}", key.replace('.', "/"));
            rules.tie_keys.iter().map(|k| row.pointer(&pointer(k)).cloned().unwrap_or_default()).collect()
        };
        let keys = |rows: &[Value]| rows.iter().map(key).collect::<Vec<_>>();
        if keys(&wanted) != keys(&got) {
            return Some(format!(
                "results are ordered differently: {:?}, got {:?}",
                keys(&wanted),
                keys(&got)
            ));
        }
        wanted.sort_by_key(canonical);
        got.sort_by_key(canonical);
        expected["results"] = wanted.into();
        actual["results"] = got.into();
    }
    None
}

/// Returns the text of a value that does not depend on the order of its keys.
fn canonical(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string()
}
