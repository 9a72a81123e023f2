//! Values as texts.

use std::borrow::Cow;

use serde_json::Value;

/// Returns a value as text: a text without its quotation marks.
pub(super) fn text(value: &Value) -> Cow<'_, str> {
    value.as_str().map_or_else(|| Cow::Owned(value.to_string()), Cow::Borrowed)
}
