//! The default bodies of generated methods. They answer what [`Host::unwritten`] gives, or else the example of the
//! schema, which [`EXAMPLE_RESPONSE`] marks as such.

use http::{HeaderName, HeaderValue, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::failure::Failure;
use crate::host::{Content, Host};
use crate::media::Media;
use crate::request::RequestContext;
use crate::upgrade::SwitchingProtocols;

/// The header of a response that is only an example; its value is `true`.
pub const EXAMPLE_RESPONSE: HeaderName = HeaderName::from_static("x-example-response");

/// Answers an operation with a value of a type.
///
/// # Errors
/// The failure of the host; a server error if what it gives, or the example, is not a value of the type.
pub async fn json<T, H>(host: &H, cx: &RequestContext<H::User>, example: &str) -> Result<T, Failure>
where
    T: DeserializeOwned,
    H: Host + ?Sized,
{
    let value = match host.unwritten(cx).await? {
        Some(Content::Json(value)) => serde_json::from_value(value),
        Some(Content::Media(media)) => serde_json::from_slice(&media.bytes),
        Some(Content::Empty) => serde_json::from_value(Value::Null),
        None => {
            mark(cx);
            serde_json::from_str(example)
        }
    };
    value.map_err(|error| {
        tracing::error!(%error, operation = cx.operation.map(|it| it.id), "an answer is not of its operation's type");
        Failure::ServerError
    })
}

/// Answers an operation with text or bytes.
///
/// # Errors
/// The failure of the host.
pub async fn media<H: Host + ?Sized>(
    host: &H,
    cx: &RequestContext<H::User>,
    media_type: &str,
    example: &'static str,
) -> Result<Media, Failure> {
    Ok(match host.unwritten(cx).await? {
        Some(Content::Media(media)) => media,
        Some(Content::Json(Value::String(text))) => Media::text(media_type, text),
        Some(Content::Json(value)) => Media::text(media_type, value.to_string()),
        Some(Content::Empty) => Media::text(media_type, ""),
        None => {
            mark(cx);
            Media::text(media_type, example)
        }
    })
}

/// Answers an operation with nothing; what the host gives is not sent.
///
/// # Errors
/// The failure of the host.
pub async fn empty<H: Host + ?Sized>(host: &H, cx: &RequestContext<H::User>) -> Result<(), Failure> {
    if host.unwritten(cx).await?.is_none() {
        mark(cx);
    }
    Ok(())
}

/// Answers an operation that upgrades its connection. There is no example of that, so it is answered with 501 unless the
/// host fails.
///
/// # Errors
/// The failure of the host; 501 otherwise.
pub async fn upgrade<H: Host + ?Sized>(
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<SwitchingProtocols, Failure> {
    host.unwritten(cx).await?;
    Err(Failure::detail(StatusCode::NOT_IMPLEMENTED, "Nobody takes the connection of this operation."))
}

fn mark<U>(cx: &RequestContext<U>) {
    cx.response_headers().insert(EXAMPLE_RESPONSE, HeaderValue::from_static("true"));
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use serde_json::json;

    use super::*;
    use crate::sample::context;

    /// Answers everything alike.
    struct Always(Result<Option<Content>, Failure>);

    impl Host for Always {
        type User = String;

        async fn unwritten(&self, _: &RequestContext<String>) -> Result<Option<Content>, Failure> {
            self.0.clone()
        }
    }

    #[tokio::test]
    async fn the_host_answers_before_the_example_does() {
        let csv = || Media::text("text/csv", "[2]");
        let cases = [
            (Ok(None), Ok(vec![1]), Ok(Media::text("text/plain", "[1]")), Ok(()), true),
            (
                Ok(Some(Content::Json(json!([2])))),
                Ok(vec![2]),
                Ok(Media::text("text/plain", "[2]")),
                Ok(()),
                false,
            ),
            (Ok(Some(Content::Media(csv()))), Ok(vec![2]), Ok(csv()), Ok(()), false),
            (
                Ok(Some(Content::Json(json!("x")))),
                Err(Failure::ServerError),
                Ok(Media::text("text/plain", "x")),
                Ok(()),
                false,
            ),
            (
                Ok(Some(Content::Empty)),
                Err(Failure::ServerError),
                Ok(Media::text("text/plain", "")),
                Ok(()),
                false,
            ),
            (
                Err(Failure::not_found()),
                Err(Failure::not_found()),
                Err(Failure::not_found()),
                Err(Failure::not_found()),
                false,
            ),
        ];
        for (given, typed, text, nothing, marked) in cases {
            let host = Always(given);
            let headers = |cx: &RequestContext<String>| {
                let mut headers = HeaderMap::new();
                cx.response_headers().move_to(&mut headers);
                headers.get(EXAMPLE_RESPONSE).is_some_and(|value| value == "true")
            };
            let cx = context("");
            assert_eq!(json::<Vec<u8>, _>(&host, &cx, "[1]").await, typed, "{:?}", host.0);
            assert_eq!(headers(&cx), marked, "{:?}", host.0);
            assert_eq!(media(&host, &cx, "text/plain", "[1]").await, text, "{:?}", host.0);
            assert_eq!(headers(&cx), marked, "{:?}", host.0);
            assert_eq!(empty(&host, &cx).await, nothing, "{:?}", host.0);
            assert_eq!(headers(&cx), marked, "{:?}", host.0);
        }
    }
}
