//! Parameters in the query of a URL.

use serde_json::Value;

use super::percent::{encode, encode_reserved};
use super::value::{Written, scalar};
use crate::parameter::{Parameter, Style};

/// Adds the pairs that say `value` to `query`; none if it is nothing.
///
/// # Errors
/// If its style cannot say the value.
pub(crate) fn append(query: &mut String, parameter: &Parameter, value: Value) -> Result<(), String> {
    let pairs = Pairs { query, reserved: parameter.allow_reserved };
    match (parameter.style, value) {
        (_, Value::Null) => Ok(()),
        (Style::Json, value) => {
            pairs.with_commas(parameter.name, &value.to_string());
            Ok(())
        }
        (Style::DeepObject, Value::Object(members)) => {
            let mut pairs = pairs;
            for (name, value) in members {
                pairs.deep(&format!("{}[{name}]", parameter.name), value);
            }
            Ok(())
        }
        (style, value) => pairs.flat(parameter, style, Written::of(value)),
    }
}

/// The pairs of a query while they are written.
struct Pairs<'q> {
    query: &'q mut String,
    reserved: bool,
}

impl Pairs<'_> {
    fn flat(mut self, parameter: &Parameter, style: Style, value: Written) -> Result<(), String> {
        match value {
            Written::Scalar(text) => self.with_commas(parameter.name, &text),
            Written::List(items) if parameter.explode => {
                for item in &items {
                    self.pair(parameter.name, item);
                }
            }
            Written::Object(members) if parameter.explode => {
                for (name, text) in &members {
                    self.pair(name, text);
                }
            }
            other => {
                let texts = other.flat();
                if texts.is_empty() {
                    return Ok(());
                }
                let (delimiter, encoded, called) = match style {
                    Style::SpaceDelimited => (' ', "%20", "a blank"),
                    Style::PipeDelimited => ('|', "%7C", "a bar"),
                    _ => (',', ",", "a comma"),
                };
                // Encoded or not, these two are decoded before anybody takes the list apart.
                if delimiter != ',' && texts.iter().any(|text| text.contains(delimiter)) {
                    return Err(format!("an item with {called} cannot be distinguished from two items"));
                }
                let texts: Vec<String> = texts.iter().map(|text| self.encoded(text)).collect();
                self.write(parameter.name, &texts.join(encoded));
            }
        }
        Ok(())
    }

    /// Writes a value below a property of an object: nested objects have further brackets, the items of lists the same
    /// name, or their positions in brackets if they hold others.
    fn deep(&mut self, name: &str, value: Value) {
        match value {
            Value::Null => {}
            Value::Object(members) => {
                for (inner, value) in members {
                    self.deep(&format!("{name}[{inner}]"), value);
                }
            }
            Value::Array(items) if items.iter().all(|item| scalar(item).is_some()) => {
                for text in items.iter().filter_map(scalar) {
                    self.pair(name, &text);
                }
            }
            Value::Array(items) => {
                for (position, item) in items.into_iter().enumerate() {
                    self.deep(&format!("{name}[{position}]"), item);
                }
            }
            other => self.pair(name, &scalar(&other).unwrap_or_default()),
        }
    }

    fn pair(&mut self, name: &str, text: &str) {
        let text = self.encoded(text);
        self.write(name, &text);
    }

    /// Writes a value that is no part of a list.
    fn with_commas(mut self, name: &str, text: &str) {
        let text = if self.reserved { encode_reserved(text, true) } else { encode(text) };
        self.write(name, &text);
    }

    fn encoded(&self, text: &str) -> String {
        if self.reserved { encode_reserved(text, false) } else { encode(text) }
    }

    fn write(&mut self, name: &str, encoded: &str) {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        self.query.push_str(&encode(name));
        self.query.push('=');
        self.query.push_str(encoded);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(parameter: Parameter, value: Value) -> Result<String, String> {
        let mut query = String::new();
        append(&mut query, &parameter, value)?;
        Ok(query)
    }

    #[test]
    fn objects_inside_of_objects_have_brackets_inside_of_brackets() {
        let filter = Parameter::query("f").style(Style::DeepObject, true);
        let value = json!({"a": {"b": 1, "c": null}, "d": ["x", "y"]});
        assert_eq!(written(filter, value).unwrap(), "f%5Ba%5D%5Bb%5D=1&f%5Bd%5D=x&f%5Bd%5D=y");
        assert_eq!(
            written(filter, json!({"a": [{"b": 1}, 2]})).unwrap(),
            "f%5Ba%5D%5B0%5D%5Bb%5D=1&f%5Ba%5D%5B1%5D=2"
        );
    }

    #[test]
    fn what_is_described_by_a_content_type_is_json() {
        let filter = Parameter::query("f").style(Style::Json, false);
        assert_eq!(
            written(filter, json!({"a": [1, "ü"]})).unwrap(),
            "f=%7B%22a%22%3A%5B1%2C%22%C3%BC%22%5D%7D"
        );
        assert_eq!(written(filter, Value::Null).unwrap(), "");
    }

    #[test]
    fn an_item_that_holds_the_delimiter_is_encoded_or_refused() {
        let list = json!(["a,b", "c|d", "e f"]);
        let form = Parameter::query("l").style(Style::Form, false);
        assert_eq!(written(form, list.clone()).unwrap(), "l=a%2Cb,c%7Cd,e%20f");
        assert_eq!(written(form.reserved(), list.clone()).unwrap(), "l=a%2Cb,c%7Cd,e%20f");
        assert!(
            written(form.style(Style::SpaceDelimited, false), list.clone()).unwrap_err().contains("a blank")
        );
        assert!(written(form.style(Style::PipeDelimited, false), list).unwrap_err().contains("a bar"));
    }

    #[test]
    fn reserved_characters_stay_if_they_may() {
        let url = json!("https://a.example/b?c=d&e,f");
        assert_eq!(
            written(Parameter::query("u").reserved(), url.clone()).unwrap(),
            "u=https://a.example/b?c=d%26e,f"
        );
        assert_eq!(
            written(Parameter::query("u"), url).unwrap(),
            "u=https%3A%2F%2Fa.example%2Fb%3Fc%3Dd%26e%2Cf"
        );
    }
}
