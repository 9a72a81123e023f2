//! URL-encoded forms.

use serde_json::Value;

use super::query;
use super::value::scalar;
use crate::parameter::Encoding;

/// Returns the form that says the members of `body`.
///
/// A list is a pair for each of its items; `null` is an empty text, because a form has no other word for it; an object is
/// JSON, unless `encodings` has a style for it.
///
/// # Errors
/// If `body` is no object, or a style cannot say a value.
pub(crate) fn urlencoded(body: Value, encodings: &[Encoding]) -> Result<String, String> {
    let Value::Object(members) = body else { return Err("only an object can be sent as a form".to_owned()) };
    let mut form = String::new();
    for (name, value) in members {
        let encoding = encodings.iter().find(|encoding| encoding.property == name);
        if let Some(parameter) = encoding.and_then(|encoding| encoding.parameter) {
            query::append(&mut form, &parameter, value).map_err(|fault| format!("{name}: {fault}"))?;
            continue;
        }
        let is_json = encoding.is_some_and(|encoding| encoding.content_type.is_some_and(is_json));
        match value {
            Value::Array(items) if !is_json => {
                for item in &items {
                    pair(&mut form, &name, item);
                }
            }
            value if is_json => pair(&mut form, &name, &Value::String(value.to_string())),
            value => pair(&mut form, &name, &value),
        }
    }
    Ok(form)
}

/// Adds one pair.
fn pair(form: &mut String, name: &str, value: &Value) {
    let text = scalar(value).unwrap_or_else(|| value.to_string());
    if !form.is_empty() {
        form.push('&');
    }
    form.push_str(&super::percent::encode(name));
    form.push('=');
    form.push_str(&super::percent::encode(&text));
}

/// Returns `true` if a content type is that of JSON.
pub(super) fn is_json(content_type: &str) -> bool {
    let essence = super::essence(content_type);
    essence == "application/json" || essence.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::parameter::{Parameter, Style};

    #[test]
    fn lists_are_repeated_objects_are_json_and_null_is_empty() {
        let body = json!({"a b": "c&d", "l": [1, {"x": 2}], "n": null, "o": {"x": 1.0}, "e": []});
        let form = urlencoded(body, &[]).unwrap();
        assert_eq!(form, "a%20b=c%26d&l=1&l=%7B%22x%22%3A2%7D&n=&o=%7B%22x%22%3A1.0%7D");
        assert!(urlencoded(json!([1]), &[]).is_err());
    }

    #[test]
    fn a_property_is_written_as_its_encoding_says() {
        let style = |property, style, explode| Encoding {
            property,
            content_type: None,
            parameter: Some(Parameter::query(property).style(style, explode)),
        };
        let encodings = [
            style("l", Style::PipeDelimited, false),
            style("o", Style::DeepObject, true),
            Encoding { property: "j", content_type: Some("application/json"), parameter: None },
        ];
        let body = json!({"l": [1, 2], "o": {"x": 1}, "j": ["a"]});
        assert_eq!(urlencoded(body, &encodings).unwrap(), "l=1%7C2&o%5Bx%5D=1&j=%5B%22a%22%5D");
        assert!(urlencoded(json!({"l": ["a|b"]}), &encodings).unwrap_err().starts_with("l: "));
    }
}
