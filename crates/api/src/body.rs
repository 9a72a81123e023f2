//! From the bytes of a request to a JSON value: how much is read, when it has to be JSON, and what each way of not being
//! JSON is answered with. What the value has to look like is the business of [`crate::fields`].

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde_json::{Map, Value};

use crate::charset;
use crate::failure::Failure;
use crate::json;
use crate::negotiation;

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

/// The JSON value of a body; no body at all is an empty object, whatever its type.
///
/// # Errors
/// 415 if the body is not declared as JSON, 400 if it is none, a server error if it is not even text.
pub fn parse(headers: &HeaderMap, bytes: &[u8]) -> Result<Value, Failure> {
    if bytes.is_empty() {
        return Ok(Value::Object(Map::new()));
    }
    negotiation::expect_json_body(headers)?;
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

    #[test]
    fn bodies_are_json_or_refused() {
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
            let found = parse(&headers, bytes).map_err(|failure| failure.status().as_u16());
            assert_eq!(found, expected, "{content_type:?} {bytes:?}");
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
