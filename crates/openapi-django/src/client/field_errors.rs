//! The messages about fields in the body of a 400.

use openapi_client_runtime::{FieldError, FieldErrors};
use serde_json::Value;

/// The key of messages that are about no single field.
const WHOLE: &str = "non_field_errors";

/// Reads the body of a refusal; `None` if it is of another shape.
pub(super) fn read(body: &[u8]) -> Option<FieldErrors> {
    let mut errors = Vec::new();
    match serde_json::from_slice(body).ok()? {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                // The code of the whole refusal is not a message about a field of that name.
                let is_code = name == "code" && value.is_string();
                let path = if name == WHOLE { String::new() } else { name };
                if !is_code {
                    collect(&mut errors, path, value)?;
                }
            }
        }
        messages @ Value::Array(_) => collect(&mut errors, String::new(), messages)?,
        _ => return None,
    }
    (!errors.is_empty()).then(|| errors.into_iter().collect())
}

/// Adds the messages in `value`: texts, lists of texts, and objects of these by the key of an item.
fn collect(errors: &mut Vec<FieldError>, path: String, value: Value) -> Option<()> {
    match value {
        Value::String(message) => errors.push(FieldError::new(path, [message])),
        Value::Array(items) if items.is_empty() => {}
        Value::Array(items) if items.iter().all(Value::is_string) => {
            let messages = items.iter().filter_map(Value::as_str).map(str::to_owned);
            errors.push(FieldError::new(path, messages));
        }
        Value::Array(items) => {
            for (index, item) in items.into_iter().enumerate() {
                collect(errors, below(&path, &index.to_string()), item)?;
            }
        }
        Value::Object(members) => {
            for (key, member) in members {
                collect(errors, below(&path, &key), member)?;
            }
        }
        _ => return None,
    }
    Some(())
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_found_by_field_item_and_request_in_their_order() {
        let body = r#"{
            "slug": ["Too long.", "Bad character."],
            "tags": {"1": ["Blank."], "3": ["Blank."]},
            "non_field_errors": ["No data provided"],
            "code": "invalid"
        }"#;
        let errors = read(body.as_bytes()).unwrap();
        assert_eq!(errors.about("slug").collect::<Vec<_>>(), ["Too long.", "Bad character."]);
        assert_eq!(errors.about("tags.3").collect::<Vec<_>>(), ["Blank."]);
        assert_eq!(errors.about("").collect::<Vec<_>>(), ["No data provided"]);
        assert_eq!(
            errors.to_string(),
            "slug: Too long. Bad character.; tags.1: Blank.; tags.3: Blank.; No data provided"
        );
    }

    #[test]
    fn a_bare_list_is_about_the_whole_request() {
        let errors = read(br#"["No token given"]"#).unwrap();
        assert_eq!(errors.about("").collect::<Vec<_>>(), ["No token given"]);
    }

    #[test]
    fn another_shape_is_no_refusal_of_fields() {
        for body in ["", "<html>", "{}", "[]", "3", r#"{"slug": 3}"#, r#"{"code": "invalid"}"#] {
            assert_eq!(read(body.as_bytes()), None, "{body}");
        }
    }
}
