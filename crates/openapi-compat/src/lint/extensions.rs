//! Extension keys: those there are, where they stand and what their values look like; the labels of enumerations.

use std::collections::BTreeSet;

use serde_json::Value;

use super::scope::{Scope, listed};
use super::style::{Extension, Form};
use crate::release::Release;
use openapi_document::pointer;

pub(super) fn extensions(scope: &mut Scope<'_>) {
    let extensions = scope.style.extensions.clone();
    if extensions.is_empty() {
        return;
    }
    for (kind, value, at) in scope.objects() {
        for (key, member) in value.as_object().into_iter().flatten().filter(|(key, _)| key.starts_with("x-"))
        {
            let at = pointer::child(&at, key);
            let Some(extension) = extensions.iter().find(|extension| extension.key == key) else {
                let known = listed(extensions.iter().map(|extension| extension.key));
                scope.add(&at, format!("there is no extension key `{key}`"), format!("use one of {known}"));
                continue;
            };
            if let Some((message, remedy)) = misuse(extension, kind, value, member) {
                scope.add(&at, message, remedy);
            }
        }
    }
}

/// Returns the problem with an extension key in an object of this kind, and the way to fix it.
fn misuse(extension: &Extension, kind: &str, holder: &Value, value: &Value) -> Option<(String, String)> {
    let key = extension.key;
    if !extension.of.is_empty() && !extension.of.contains(&kind) {
        let message = format!("`{key}` has no meaning in an object of the kind {kind}");
        return Some((message, format!("remove it; it belongs into {}", extension.of.join(", "))));
    }
    if let Some((beside, expected)) = extension.beside
        && holder.get(beside).map(ToString::to_string).as_deref() != Some(expected)
    {
        let message = format!("`{key}` has no meaning without `{beside}: {}`", expected.trim_matches('"'));
        return Some((message, format!("remove it, or add `{beside}`")));
    }
    let expected = match &extension.form {
        Form::Any => return None,
        Form::Text => value.as_str().is_none_or(str::is_empty).then(|| "a text".to_owned()),
        Form::Set => (*value != true).then(|| "`true`; leave it out otherwise".to_owned()),
        Form::Release => value
            .as_str()
            .and_then(Release::parse)
            .is_none()
            .then(|| "a release such as \"2024.8\", as a text".to_owned()),
        Form::Word(words) => (!words.iter().any(|word| value == *word))
            .then(|| format!("one of {}", listed(words.iter().copied()))),
    };
    expected.map(|expected| (format!("`{key}` has the value {value}"), format!("give it {expected}")))
}

pub(super) fn labels(scope: &mut Scope<'_>) {
    for (value, at) in scope.objects_of("schema") {
        let Some(labels) = value.get("x-enum-labels").and_then(Value::as_object) else { continue };
        let values = value.get("enum").and_then(Value::as_array).into_iter().flatten();
        let values: Vec<&str> = values.filter_map(Value::as_str).collect();
        let labelled: Vec<&str> = labels.keys().map(String::as_str).collect();
        let at = format!("{at}/x-enum-labels");
        let distinct =
            |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<String>>();
        if distinct(&values) != distinct(&labelled) {
            let without = listed(values.iter().copied().filter(|value| !labelled.contains(value)));
            let message = if without.is_empty() {
                "there is a label without a value".to_owned()
            } else {
                format!("there is no label for {without}")
            };
            scope.add(&at, message, "give every value its label, and nothing else");
        } else if values != labelled {
            scope.add(&at, "the labels are not in the order of the values", "list them in that order");
        }
    }
}
