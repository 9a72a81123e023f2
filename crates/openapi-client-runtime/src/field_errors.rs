//! What a server says about the fields of a request.

use std::fmt;

use serde_json::Value;

/// The messages of a refused request, in the order of the answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<FieldError>);

/// The messages about one field.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldError {
    /// The field, such as `slug` or, for an item of a list, `allowed_servers.1`; empty if it is about the whole
    /// request.
    pub path: String,
    /// The messages.
    pub messages: Vec<String>,
}

/// The key under which a server puts what is about no single field.
const WHOLE: &str = "non_field_errors";

impl FieldErrors {
    /// Reads the body of a refusal; `None` if it is of another shape.
    pub(crate) fn read(body: &[u8]) -> Option<Self> {
        let mut errors = FieldErrors::default();
        match serde_json::from_slice(body).ok()? {
            Value::Object(fields) if !fields.is_empty() => {
                for (name, value) in fields {
                    // The code of the whole refusal is no message about a field of that name.
                    let is_code = name == "code" && value.is_string();
                    let path = if name == WHOLE { String::new() } else { name };
                    if !is_code {
                        errors.collect(path, value)?;
                    }
                }
            }
            messages @ Value::Array(_) => errors.collect(String::new(), messages)?,
            _ => return None,
        }
        (!errors.0.is_empty()).then_some(errors)
    }

    /// Adds the messages in `value`: texts, lists of texts, and objects of these by the key of an item.
    fn collect(&mut self, path: String, value: Value) -> Option<()> {
        match value {
            Value::String(message) => self.0.push(FieldError { path, messages: vec![message] }),
            Value::Array(items) if items.is_empty() => {}
            Value::Array(items) if items.iter().all(Value::is_string) => {
                let messages = items.iter().filter_map(Value::as_str).map(str::to_owned).collect();
                self.0.push(FieldError { path, messages });
            }
            Value::Array(items) => {
                for (index, item) in items.into_iter().enumerate() {
                    self.collect(below(&path, &index.to_string()), item)?;
                }
            }
            Value::Object(members) => {
                for (key, member) in members {
                    self.collect(below(&path, &key), member)?;
                }
            }
            _ => return None,
        }
        Some(())
    }

    /// The messages about the field `path`, such as `slug`; with an empty path, those about the whole request.
    pub fn about(&self, path: &str) -> impl Iterator<Item = &str> {
        let fields = self.0.iter().filter(move |field| field.path == path);
        fields.flat_map(|field| field.messages.iter().map(String::as_str))
    }

    /// The fields there are messages about.
    pub fn iter(&self) -> std::slice::Iter<'_, FieldError> {
        self.0.iter()
    }
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

impl<'a> IntoIterator for &'a FieldErrors {
    type Item = &'a FieldError;
    type IntoIter = std::slice::Iter<'a, FieldError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for FieldErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, FieldError { path, messages }) in self.iter().enumerate() {
            let separator = if index == 0 { "" } else { "; " };
            let colon = if path.is_empty() { "" } else { ": " };
            write!(f, "{separator}{path}{colon}{}", messages.join(" "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_found_by_field_item_and_request_in_their_order() {
        let body = r#"{
            "slug": ["Too long.", "Bad character."],
            "allowed_servers": {"1": ["Blank."], "3": ["Blank."]},
            "non_field_errors": ["No data provided"],
            "code": "invalid"
        }"#;
        let errors = FieldErrors::read(body.as_bytes()).unwrap();
        assert_eq!(errors.about("slug").collect::<Vec<_>>(), ["Too long.", "Bad character."]);
        assert_eq!(errors.about("allowed_servers.3").collect::<Vec<_>>(), ["Blank."]);
        assert_eq!(errors.about("").collect::<Vec<_>>(), ["No data provided"]);
        assert_eq!(
            errors.to_string(),
            "slug: Too long. Bad character.; allowed_servers.1: Blank.; allowed_servers.3: Blank.; No data provided"
        );
    }

    #[test]
    fn a_bare_list_is_about_the_whole_request() {
        let errors = FieldErrors::read(br#"["No plex token given"]"#).unwrap();
        assert_eq!(errors.about("").collect::<Vec<_>>(), ["No plex token given"]);
    }

    #[test]
    fn another_shape_is_no_refusal_of_fields() {
        for body in ["", "<html>", "{}", "[]", "3", r#"{"slug": 3}"#, r#"{"code": "invalid"}"#] {
            assert_eq!(FieldErrors::read(body.as_bytes()), None, "{body}");
        }
    }
}
