//! Bodies that are written like a query, on their way out.

use serde::ser::{Error, SerializeSeq as _};
use serde::{Serialize, Serializer};
use serde_json::Value;

/// The fields of a body that is written like a query: a list is several fields of one name, an object is its JSON, and
/// `null` is an empty text, because such a form has no word for it.
#[derive(Debug)]
pub struct Fields<'a, T>(pub &'a T);

impl<T: Serialize> Serialize for Fields<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Value::Object(members) = serde_json::to_value(self.0).map_err(S::Error::custom)? else {
            return Err(S::Error::custom("only an object can be sent as a form"));
        };
        let mut fields = serializer.serialize_seq(None)?;
        for (name, value) in &members {
            match value {
                Value::Array(items) => {
                    items.iter().try_for_each(|item| fields.serialize_element(&(name, text(item))))?;
                }
                value => fields.serialize_element(&(name, text(value)))?,
            }
        }
        fields.end()
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sent(body: &Value) -> Option<String> {
        let request = reqwest::Client::new().post("http://127.0.0.1/").form(&Fields(body)).build().ok()?;
        let bytes = request.body().and_then(reqwest::Body::as_bytes)?;
        Some(String::from_utf8_lossy(bytes).into_owned())
    }

    #[test]
    fn a_list_is_several_fields_and_nothing_is_an_empty_text() {
        let body = json!({"a": [1, "x y"], "b": null, "c": {"d": true}, "e": [], "f": 1.5, "é": "&"});
        let expected = "a=1&a=x+y&b=&c=%7B%22d%22%3Atrue%7D&f=1.5&%C3%A9=%26";
        assert_eq!(sent(&body).as_deref(), Some(expected));
        assert_eq!(sent(&json!([1])), None);
    }
}
