//! One request and its answer: the only way to the network.
//!
//! The generated builders make the request; what goes with every request and what becomes of an answer is here.

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::{RequestBuilder, StatusCode};
use serde::de::DeserializeOwned;

use crate::answer::Answer;
use crate::client::Client;
use crate::drift;
use crate::error::Error;
use crate::refusal;
use crate::response_value::ResponseValue;

/// An operation of the document.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
}

impl Operation {
    /// The error for a request that is not sent because of `message`.
    pub(crate) fn invalid(&self, message: impl Into<String>) -> Error {
        Error::InvalidRequest { operation: self.id, message: message.into() }
    }
}

/// Sends `request` and reads an answer with one of the statuses `expected` as JSON.
pub(crate) async fn json<T: DeserializeOwned>(
    client: &Client,
    operation: &'static Operation,
    request: RequestBuilder,
    expected: fn(u16) -> bool,
) -> Result<ResponseValue<T>, Error> {
    let received = expect(client, operation, request, expected).await?;
    let (body, drift) = drift::settle(operation.id, &received.body);
    let mut json = serde_json::Deserializer::from_slice(&body);
    let value = match serde_path_to_error::deserialize(&mut json) {
        Ok(value) => json.end().map(|()| value).map_err(|fault| (String::new(), fault)),
        Err(fault) => Err((pointer(fault.path()), fault.into_inner())),
    };
    match value {
        Ok(value) => Ok(ResponseValue::new(value, received.status, received.headers, drift)),
        Err((pointer, fault)) => Err(Error::Decode {
            pointer,
            message: without_value(&fault),
            answer: Box::new(received.answer(operation)),
        }),
    }
}

/// Sends `request`, whose answer with one of the statuses `expected` has no content.
pub(crate) async fn empty(
    client: &Client,
    operation: &'static Operation,
    request: RequestBuilder,
    expected: fn(u16) -> bool,
) -> Result<ResponseValue<()>, Error> {
    let received = expect(client, operation, request, expected).await?;
    Ok(ResponseValue::new((), received.status, received.headers, Vec::new()))
}

/// An answer, read to its end.
struct Received {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Received {
    fn answer(&self, operation: &Operation) -> Answer {
        Answer::new(operation.id, self.status, &self.headers, self.body.clone())
    }
}

/// Sends `request`; an answer with another status than those `expected` is an error.
async fn expect(
    client: &Client,
    operation: &'static Operation,
    request: RequestBuilder,
    expected: fn(u16) -> bool,
) -> Result<Received, Error> {
    let received = exchange(client, operation, request).await?;
    let Operation { id, method, path } = operation;
    tracing::debug!(operation = id, method, path, status = received.status.as_u16(), "answered");
    if expected(received.status.as_u16()) {
        Ok(received)
    } else {
        Err(refusal::error(received.answer(operation), &received.headers))
    }
}

async fn exchange(
    client: &Client,
    operation: &'static Operation,
    request: RequestBuilder,
) -> Result<Received, Error> {
    let mut request = request.build().map_err(|fault| operation.invalid(fault.without_url().to_string()))?;
    if let Some(authorization) = client.authorization() {
        request.headers_mut().insert(AUTHORIZATION, authorization.clone());
    }
    let transport = |source| Error::transport(operation.id, source);
    let response = client.client.execute(request).await.map_err(transport)?;
    let (status, headers) = (response.status(), response.headers().clone());
    let body = response.bytes().await.map_err(transport)?;
    Ok(Received { status, headers, body })
}

/// Where in a body decoding stopped, as a JSON pointer.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => {
                pointer.push('/');
                pointer.push_str(&index.to_string());
            }
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
            }
            // A variant of a Rust enum is no place in the body.
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// What does not fit, without the value that does not: it may be a secret.
fn without_value(fault: &serde_json::Error) -> String {
    let place = format!("line {} column {}", fault.line(), fault.column());
    let text = fault.to_string();
    let said = match text.rsplit_once(", expected ") {
        Some((_, expected)) if fault.is_data() => format!("expected {expected}"),
        _ if !fault.is_data() || text.starts_with("missing field") => text,
        _ => format!("a value that does not fit at {place}"),
    };
    if said.contains(&place) { said } else { format!("{said} at {place}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_names_what_was_expected_and_never_the_value() {
        let fault = serde_json::from_str::<i64>(r#""s3cret""#).unwrap_err();
        assert_eq!(without_value(&fault), "expected i64 at line 1 column 8");
        let fault = serde_json::from_str::<crate::types::GenericError>("{}").unwrap_err();
        assert_eq!(without_value(&fault), "missing field `detail` at line 1 column 2");
        let fault = serde_json::from_str::<i64>(r#""s3cret, expected s3cret""#).unwrap_err();
        assert_eq!(without_value(&fault), "expected i64 at line 1 column 25");
        let fault = serde_json::from_str::<crate::types::GenericError>("{").unwrap_err();
        assert_eq!(without_value(&fault), "EOF while parsing an object at line 1 column 1");
        let fault = <serde_json::Error as serde::de::Error>::custom("no good: s3cret");
        assert!(!without_value(&fault).contains("s3cret"));
    }
}
