//! The answers to operations whose methods are not written: what [`Host::unwritten`] gives, or else the example of the
//! schema, which [`EXAMPLE_RESPONSE`] marks as such. A method that is written can ask for the same, as a value of its type.

use http::{HeaderName, HeaderValue, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::dispatch::{Dispatch, HandlerResponse};
use crate::failure::Failure;
use crate::host::{Content, Host};
use crate::media::{Form, Media};
use crate::operation::Operation;
use crate::request::RequestContext;
use crate::upgrade::SwitchingProtocols;

/// The header of a response that is only an example; its value is `true`.
pub const EXAMPLE_RESPONSE: HeaderName = HeaderName::from_static("x-example-response");

/// The way from the operations of any document to [`Host::unwritten`], or else to the example in the tables. With it, a
/// server needs no generated code.
#[derive(Debug, Clone, Copy)]
pub struct Unwritten;

impl<A: Host> Dispatch<A> for Unwritten {
    async fn dispatch(
        api: &A,
        cx: &RequestContext<A::User>,
        operation: &'static Operation,
    ) -> Result<HandlerResponse, Failure> {
        if !operation.protocols.is_empty() {
            return Ok(upgrade(api, cx).await?.answer(cx));
        }
        match operation.succeeds_with() {
            (status, None) => {
                empty(api, cx).await?;
                Ok(HandlerResponse::empty(status))
            }
            (status, Some(content)) if content.form != Form::Raw => match api.unwritten(cx).await? {
                // It is JSON already.
                Some(Content::Media(media)) => {
                    Ok(HandlerResponse { body: Some(media.bytes), ..HandlerResponse::empty(status) })
                }
                given => HandlerResponse::json(status, &value::<Value, A>(cx, given)?),
            },
            (status, Some(_)) => Ok(HandlerResponse::media(status, media(api, cx).await?)),
        }
    }
}

/// Answers an operation with a value of a type.
///
/// # Errors
/// The failure of the host; a server error if what it gives, or the example, is not a value of the type.
pub async fn json<T, H>(host: &H, cx: &RequestContext<H::User>) -> Result<T, Failure>
where
    T: DeserializeOwned,
    H: Host + ?Sized,
{
    let given = host.unwritten(cx).await?;
    value::<T, H>(cx, given)
}

/// Returns what a host gives, or the example, as a value of a type.
fn value<T, H>(cx: &RequestContext<H::User>, given: Option<Content>) -> Result<T, Failure>
where
    T: DeserializeOwned,
    H: Host + ?Sized,
{
    let value = match given {
        Some(Content::Json(value)) => serde_json::from_value(value),
        Some(Content::Media(media)) => serde_json::from_slice(&media.bytes),
        Some(Content::Empty) => serde_json::from_value(Value::Null),
        None => {
            mark(cx);
            serde_json::from_str(example(cx))
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
pub async fn media<H: Host + ?Sized>(host: &H, cx: &RequestContext<H::User>) -> Result<Media, Failure> {
    let content = cx.operation.and_then(|operation| operation.succeeds_with().1);
    let media_type = content.map_or("", |content| content.media_type);
    Ok(match host.unwritten(cx).await? {
        Some(Content::Media(media)) => media,
        Some(Content::Json(Value::String(text))) => Media::text(media_type, text),
        Some(Content::Json(value)) => Media::text(media_type, value.to_string()),
        Some(Content::Empty) => Media::text(media_type, ""),
        None => {
            mark(cx);
            Media::text(media_type, example(cx))
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

/// Returns the example of the operation; empty if it has none.
fn example<U>(cx: &RequestContext<U>) -> &'static str {
    cx.operation.map_or("", |operation| operation.example)
}

fn mark<U>(cx: &RequestContext<U>) {
    cx.response_headers().insert(EXAMPLE_RESPONSE, HeaderValue::from_static("true"));
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use serde_json::json;

    use super::*;
    use crate::operation::{self, Response};
    use crate::sample::{context, get};
    use crate::schema::Rule;

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
        let text =
            operation::Content { media_type: "text/plain", form: Form::Raw, rule: Rule::Any, schema: "" };
        let answer =
            Response { status: 200, description: "", content: Some(text), content_types: &["text/plain"] };
        let responses = Vec::leak(vec![answer]);
        let operation = Box::leak(Box::new(Operation { example: "[1]", responses, ..get("/", &[]) }));
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
            let mut cx = context("");
            cx.operation = Some(operation);
            assert_eq!(json::<Vec<u8>, _>(&host, &cx).await, typed, "{:?}", host.0);
            assert_eq!(headers(&cx), marked, "{:?}", host.0);
            assert_eq!(media(&host, &cx).await, text, "{:?}", host.0);
            assert_eq!(headers(&cx), marked, "{:?}", host.0);
            assert_eq!(empty(&host, &cx).await, nothing, "{:?}", host.0);
            assert_eq!(headers(&cx), marked, "{:?}", host.0);
        }
    }
}
