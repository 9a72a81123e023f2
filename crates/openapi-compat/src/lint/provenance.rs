//! Checks the origin of operations and components: one page, one rule, or one upstream release.

use serde_json::Value;

use super::scope::{Scope, listed, text};
use openapi_document::pointer;

/// Members that a statement of origin may have.
const MEMBERS: [&str; 5] = ["document", "release", "companion", "upstream", "inferred"];

pub(super) fn check(scope: &mut Scope<'_>) {
    let Some(style) = scope.style.provenance.clone() else { return };
    let operations = scope.operations().into_iter().map(|(_, _, value, at)| (value, at));
    let components = scope.components().into_iter().map(|(_, _, value, at)| (value, at));
    let places: Vec<(&Value, String)> = operations.chain(components).collect();
    let pages = listed(style.pages.iter().map(String::as_str));
    let rules = listed(style.rules.iter().map(String::as_str));
    for (value, at) in places {
        let Some(provenance) = value.get(style.key) else {
            let remedy = format!(
                "add `{}` with `document`, a page, `companion`, a rule, or `upstream`, a release",
                style.key
            );
            scope.add(&at, "this has no provenance", remedy);
            continue;
        };
        let at = pointer::child(&at, style.key);
        let (page, rule) = (text(provenance, "document"), text(provenance, "companion"));
        match (page, rule, text(provenance, "upstream")) {
            (Some(page), None, None) if !style.pages.iter().any(|known| known == page) => {
                scope.add(
                    &format!("{at}/document"),
                    format!("there is no page `{page}`"),
                    format!("the pages are {pages}"),
                );
            }
            (Some(_), None, None) | (None, Some(_), None) | (None, None, Some(_)) => {}
            _ => {
                scope.add(
                    &at,
                    "this needs a page, a rule, or an upstream release",
                    "keep one of `document`, `companion` and `upstream`",
                );
            }
        }
        for key in provenance.as_object().into_iter().flatten().map(|(key, _)| key) {
            if !MEMBERS.contains(&key.as_str()) {
                let message = format!("`{key}` is not a member of provenance");
                scope.add(&pointer::child(&at, key), message, format!("write one of {}", listed(MEMBERS)));
            }
        }
        let inferred = provenance.get("inferred").and_then(Value::as_array).into_iter().flatten();
        let inferred = inferred.filter_map(Value::as_str).enumerate();
        let inferred = inferred.map(|(index, rule)| (rule, format!("{at}/inferred/{index}")));
        let named: Vec<(&str, String)> =
            rule.into_iter().map(|rule| (rule, format!("{at}/companion"))).chain(inferred).collect();
        for (rule, at) in named {
            if !style.rules.iter().any(|known| known == rule) {
                let message = format!("the rule `{rule}` is not explained");
                scope.add(
                    &at,
                    message,
                    format!("explain it under a heading of its own; those there are: {rules}"),
                );
            }
        }
    }
}
