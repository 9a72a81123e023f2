//! Values as texts.

use serde_json::Value;

/// Returns a value as text: a text without its quotation marks.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
