//! From the bytes of a request to a JSON value: how much is read, what they have to be, and what each way of not being
//! that is answered with. What the value has to look like is the business of [`crate::fields`].

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::{Map, Value};

use crate::charset;
use crate::failure::Failure;
use crate::form::{self, Files, Part};
use crate::json;
use crate::media::{Form, Media};
use crate::negotiation;
use crate::operation::Body;
use crate::schema::Rule;

/// Reads a whole body of at most `limit` bytes.
///
/// # Errors
/// 413 if there are more, 400 if the connection breaks off.
pub async fn read<B>(body: B, limit: usize) -> Result<Bytes, Failure>
where
    B: http_body::Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Failure::detail(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("The request body is longer than {limit} bytes."),
        )),
        Err(error) => {
            tracing::debug!(%error, "a request body broke off");
            Err(Failure::detail(StatusCode::BAD_REQUEST, "The request body is incomplete."))
        }
    }
}

/// What came as a body.
#[derive(Debug, Clone, PartialEq)]
pub enum Received {
    /// A value, for the rules of a schema.
    Value(Value),
    /// The value of a form, and its files.
    Form(Value, Files),
    /// Text or bytes.
    Media(Media),
}

/// What a body is that an operation describes as `declared`; no body at all is an empty object, whatever its type, or
/// no bytes.
///
/// # Errors
/// 415 if the body is of no media type that is declared, 400 if it is not what it says it is, a server error if JSON is
/// not even text.
pub async fn parse(declared: Option<&Body>, headers: &HeaderMap, bytes: &Bytes) -> Result<Received, Failure> {
    let form = declared.map_or(Form::Json, |declared| declared.content.form());
    let media =
        |bytes: &Bytes| Received::Media(Media::new(negotiation::content_type(headers), bytes.clone()));
    if bytes.is_empty() {
        return Ok(if form == Form::Raw { media(bytes) } else { Received::Value(Value::Object(Map::new())) });
    }
    // A body that is handed to a handler as a type has to be something the type can be read from.
    let readable = |media_type: &&str| (Form::of(media_type) == Form::Raw) == (form == Form::Raw);
    let declared_types = declared.map_or(&[][..], |declared| declared.content_types);
    let readable: Vec<&str> = declared_types.iter().copied().filter(readable).collect();
    let rule = declared.map_or(&Rule::Any, |declared| &declared.content.rule);
    Ok(match Form::of(negotiation::expect_body(headers, &readable)?) {
        Form::Json => Received::Value(json_value(headers, bytes)?),
        Form::Multipart => of_form(rule, form::multipart(headers, bytes).await?),
        Form::UrlEncoded => of_form(rule, form::url_encoded(bytes)),
        Form::Raw => media(bytes),
    })
}

fn of_form(rule: &Rule, parts: Vec<Part>) -> Received {
    let (value, files) = form::value(rule, parts);
    Received::Form(value, files)
}

fn json_value(headers: &HeaderMap, bytes: &[u8]) -> Result<Value, Failure> {
    let text =
        charset::decode(bytes, negotiation::charset(headers).as_deref()).ok_or(Failure::ServerError)?;
    json::parse(&text)
        .map_err(|error| Failure::detail(StatusCode::BAD_REQUEST, format!("JSON parse error - {error}")))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::CONTENT_TYPE;
    use http_body_util::Full;
    use serde_json::json;

    use super::*;
    use crate::operation::Content;
    use crate::sample::PET;

    #[tokio::test]
    async fn bodies_are_json_or_refused() {
        let json = Some("application/json");
        let utf_16 = Some("application/json; charset=UTF-16");
        let cases: [(_, &[u8], Result<_, u16>); 9] = [
            (json, b"{\"a\": 1}", Ok(json!({"a": 1}))),
            (json, b"", Ok(json!({}))),
            (Some("text/plain"), b"", Ok(json!({}))),
            (None, b"{}", Err(415)),
            (Some("text/plain"), b"{}", Err(415)),
            (json, b" ", Err(400)),
            (json, b"\xFF", Err(500)),
            (utf_16, b"\xFF\xFE{\0}\0", Ok(json!({}))),
            (utf_16, b"\xFF\xFE{\0}", Err(500)),
        ];
        for (content_type, bytes, expected) in cases {
            let headers: HeaderMap = content_type
                .map(|value| (CONTENT_TYPE, HeaderValue::from_static(value)))
                .into_iter()
                .collect();
            let found = parse(None, &headers, &Bytes::from_static(bytes)).await;
            let found = found.map_err(|failure| failure.status().as_u16());
            assert_eq!(found, expected.map(Received::Value), "{content_type:?} {bytes:?}");
        }
    }

    #[tokio::test]
    async fn bodies_are_what_is_declared() {
        const fn body(media_type: &'static str, content_types: &'static [&'static str]) -> Body {
            let content = Content { media_type, rule: Rule::Object(&PET), schema: "{}" };
            Body { content, required: true, content_types }
        }
        let either = body("application/json", &["application/json", "application/x-www-form-urlencoded"]);
        let image = body("image/*", &["image/*"]);
        let value = |value| Ok(Received::Value(value));
        let form = |value| Ok(Received::Form(value, Files::default()));
        let png = |bytes| Ok(Received::Media(Media::new("image/png", Bytes::from_static(bytes))));
        let cases: [(_, _, &[u8], Result<_, u16>); 7] = [
            (&either, "application/json", b"{\"age\":3}", value(json!({"age": 3}))),
            (&either, "application/x-www-form-urlencoded", b"age=3", form(json!({"age": 3}))),
            (&either, "image/png", b"{}", Err(415)),
            (&either, "image/png", b"", value(json!({}))),
            (&image, "image/png", b"\xFF", png(b"\xFF")),
            (&image, "image/png", b"", png(b"")),
            (&image, "application/json", b"{}", Err(415)),
        ];
        for (declared, content_type, bytes, expected) in cases {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]);
            let found = parse(Some(declared), &headers, &Bytes::from_static(bytes)).await;
            assert_eq!(
                found.map_err(|failure| failure.status().as_u16()),
                expected,
                "{content_type} {bytes:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_body_beyond_the_limit_is_refused() {
        assert_eq!(read(Full::new(Bytes::from("1234")), 4).await, Ok(Bytes::from("1234")));
        let refused =
            read(Full::new(Bytes::from("12345")), 4).await.map_err(|failure| failure.status().as_u16());
        assert_eq!(refused, Err(413));
    }
}
