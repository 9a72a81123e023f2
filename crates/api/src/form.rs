//! Bodies that come as forms: a part for each field, or written like a query. The parts become the JSON value that the
//! same body would be, as far as the schema tells what a text stands for; the rules of [`crate::fields`] do the rest.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use multer::Multipart;
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::negotiation;
use crate::schema::{ObjectSchema, Rule};

/// One part of a form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) value: PartValue,
}

/// What a part holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum PartValue {
    Text(String),
    File { name: String, media_type: Option<String>, bytes: Bytes },
}

/// The parts of a body in which each has a head of its own.
///
/// # Errors
/// 400 if the body is not put together as its content type says.
pub(crate) async fn multipart(headers: &HeaderMap, bytes: &Bytes) -> Result<Vec<Part>, Failure> {
    let content_type = negotiation::content_type(headers);
    let boundary = multer::parse_boundary(&content_type).map_err(|error| broken(&error))?;
    let whole = bytes.clone();
    let stream = futures::stream::once(async move { Ok::<_, std::convert::Infallible>(whole) });
    let mut multipart = Multipart::new(stream, boundary);
    let mut parts = Vec::new();
    while let Some(field) = multipart.next_field().await.map_err(|error| broken(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let media_type = field.content_type().map(ToString::to_string);
        let value = match file_name {
            Some(name) => {
                let bytes = field.bytes().await.map_err(|error| broken(&error))?;
                PartValue::File { name, media_type, bytes }
            }
            None => PartValue::Text(field.text().await.map_err(|error| broken(&error))?),
        };
        parts.push(Part { name, value });
    }
    Ok(parts)
}

fn broken(error: &multer::Error) -> Failure {
    Failure::detail(StatusCode::BAD_REQUEST, format!("Multipart form parse error - {error}"))
}

/// The parts of a body that is written like a query.
pub(crate) fn url_encoded(bytes: &[u8]) -> Vec<Part> {
    let pairs = form_urlencoded::parse(bytes).into_owned();
    pairs.map(|(name, text)| Part { name, value: PartValue::Text(text) }).collect()
}

/// The JSON value that a form with these parts stands for. Of parts with the same name the last counts, unless the
/// field is a list.
pub(crate) fn value(rule: &Rule, parts: Vec<Part>) -> Value {
    let schema: Option<&'static ObjectSchema> =
        if let Rule::Object(schema) = rule { Some(schema) } else { None };
    let mut entries = Map::new();
    for Part { name, value } in parts {
        let field = schema.and_then(|schema| schema.fields.iter().find(|field| field.name == name));
        match field.map(|field| &field.rule) {
            Some(Rule::List(item)) => {
                let value = typed(item, value);
                match entries.get_mut(&name) {
                    Some(Value::Array(values)) => values.push(value),
                    _ => drop(entries.insert(name, Value::Array(vec![value]))),
                }
            }
            Some(rule) => drop(entries.insert(name, typed(rule, value))),
            None => drop(entries.insert(name, typed(&Rule::Any, value))),
        }
    }
    Value::Object(entries)
}

/// What a part stands for where its rule is this one. A text that is no such value stays text, for the rule to refuse.
fn typed(rule: &Rule, value: PartValue) -> Value {
    let text = match value {
        PartValue::File { bytes, .. } => return Value::from(String::from_utf8_lossy(&bytes)),
        PartValue::Text(text) => text,
    };
    let parsed = match rule {
        Rule::Boolean => text.parse().ok().map(Value::Bool),
        Rule::Integer => text.parse::<i64>().ok().map(Value::from),
        Rule::Number => serde_json::from_str(&text).ok().filter(Value::is_number),
        Rule::Object(_) | Rule::Map(_) | Rule::List(_) | Rule::Union(_) => serde_json::from_str(&text).ok(),
        _ => None,
    };
    parsed.unwrap_or(Value::String(text))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::CONTENT_TYPE;
    use serde_json::json;

    use super::*;
    use crate::sample::PET;

    fn text(name: &str, text: &str) -> Part {
        Part { name: name.to_owned(), value: PartValue::Text(text.to_owned()) }
    }

    #[test]
    fn the_texts_of_a_form_become_what_their_fields_hold() {
        let parts = url_encoded(b"name=a+b&name=max&good=true&age=x&tricks=sit&tricks=5&colour=red");
        let found = value(&Rule::Object(&PET), parts);
        let expected =
            json!({"name": "max", "good": true, "age": "x", "tricks": ["sit", "5"], "colour": "red"});
        assert_eq!(found, expected);
    }

    #[tokio::test]
    async fn parts_have_names_and_files_have_media_types() {
        let body = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n\
                    --x\r\nContent-Disposition: form-data; name=\"b\"; filename=\"b.png\"\r\n\
                    Content-Type: image/png\r\n\r\n\u{1}\r\n--x--\r\n";
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("multipart/form-data; boundary=x"));
        let file = PartValue::File {
            name: "b.png".to_owned(),
            media_type: Some("image/png".to_owned()),
            bytes: Bytes::from_static(b"\x01"),
        };
        let expected = vec![text("a", "one"), Part { name: "b".to_owned(), value: file }];
        assert_eq!(multipart(&headers, &Bytes::from(body)).await, Ok(expected));
    }

    #[tokio::test]
    async fn a_form_that_is_none_is_refused() {
        for content_type in ["multipart/form-data", "multipart/form-data; boundary=x"] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
            let refused = multipart(&headers, &Bytes::from_static(b"--x\r\nno form")).await;
            assert_eq!(refused.map_err(|failure| failure.status().as_u16()), Err(400), "{content_type}");
        }
    }
}
