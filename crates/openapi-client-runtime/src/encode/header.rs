//! Parameters in headers.

use serde_json::Value;

use super::value::Written;
use crate::parameter::{Parameter, Style};

/// Returns the value of the header that says `value`; `None` if it is nothing.
///
/// # Errors
/// If it cannot be said in a header.
pub(crate) fn text(parameter: &Parameter, value: Value) -> Result<Option<String>, String> {
    if parameter.style == Style::Json && !value.is_null() {
        return Ok(Some(value.to_string()));
    }
    let texts = match Written::of(value) {
        Written::Scalar(text) => return Ok(Some(text)),
        Written::Object(members) if parameter.explode => {
            members.into_iter().map(|(name, text)| format!("{name}={text}")).collect()
        }
        other => other.flat(),
    };
    // A header has no way to encode it.
    if texts.iter().any(|text| text.contains(',')) {
        return Err("an item with a comma cannot be distinguished from two items".to_owned());
    }
    Ok((!texts.is_empty()).then(|| texts.join(",")))
}
