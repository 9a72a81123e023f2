//! The style in which parameters and headers are written.

use super::node::Node;

/// Returns the `style` and `explode` of a parameter or header, or their defaults.
pub(super) fn style<'a>(parameter: &Node<'a>) -> (&'a str, bool) {
    let usual = match parameter.text("in") {
        Some("query" | "cookie") => "form",
        _ => "simple",
    };
    let style = parameter.text("style").unwrap_or(usual);
    let explode = parameter.get("explode").value.and_then(serde_json::Value::as_bool);
    (style, explode.unwrap_or(style == "form"))
}
