//! The style in which parameters and headers are written.

use std::collections::BTreeSet;

use serde_json::Value;

use super::node::{Both, Node};

/// Returns the `style` and `explode` of a parameter or header, or their defaults.
pub(super) fn style<'a>(parameter: &Node<'a>) -> (&'a str, bool) {
    let usual = match parameter.text("in") {
        Some("query" | "cookie") => "form",
        _ => "simple",
    };
    let style = parameter.text("style").unwrap_or(usual);
    let explode = parameter.get("explode").value.and_then(Value::as_bool);
    (style, explode.unwrap_or(style == "form"))
}

/// Returns `true` if values are written alike in both.
pub(super) fn are_alike(pair: &Both<'_>) -> bool {
    let ((old, was_exploded), (new, is_exploded)) = (style(&pair.old), style(&pair.new));
    let ignores = |side: &Node<'_>| !heeds_explode(old, &side.get("schema"));
    old == new && (was_exploded == is_exploded || ignores(&pair.old) && ignores(&pair.new))
}

/// Returns `true` if it matters to values of a schema whether they are exploded.
pub(super) fn heeds_explode(style: &str, schema: &Node<'_>) -> bool {
    let forms = forms(schema, 0);
    match style {
        "deepObject" => false,
        "simple" => forms.contains(&Form::Object),
        _ => forms.contains(&Form::Object) || forms.contains(&Form::List),
    }
}

/// The forms of values that styles tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Single,
    List,
    Object,
}

/// Levels of schemas that are looked into.
const MAX_LEVELS: usize = 8;

/// Returns the forms that values of a schema may have, as far as it is looked into.
fn forms(schema: &Node<'_>, level: usize) -> BTreeSet<Form> {
    let schema = schema.resolved();
    let mut all = BTreeSet::from([Form::Single, Form::List, Form::Object]);
    if level > MAX_LEVELS {
        return all;
    }
    // A list of one is written like what is in it.
    let is_short = schema.get("maxItems").value.and_then(Value::as_u64).is_some_and(|most| most <= 1);
    let of_list = if is_short { Form::Single } else { Form::List };
    let mut keep = |kept: BTreeSet<Form>| all.retain(|form| kept.contains(form));
    match schema.text("type") {
        Some("array") => return BTreeSet::from([of_list]),
        Some("object") => keep(BTreeSet::from([Form::Object])),
        Some(_) => keep(BTreeSet::from([Form::Single])),
        None => {}
    }
    if schema.get("enum").exists() {
        let form = |value: &Value| match value {
            Value::Array(_) => of_list,
            Value::Object(_) => Form::Object,
            _ => Form::Single,
        };
        keep(schema.list("enum").iter().map(form).collect());
    }
    for part in schema.get("allOf").items() {
        keep(forms(&part, level + 1));
    }
    for key in ["anyOf", "oneOf"] {
        let parts = schema.get(key);
        if parts.exists() {
            keep(parts.items().iter().flat_map(|part| forms(part, level + 1)).collect());
        }
    }
    all
}
