//! Makes one call of an operation: the only way from generated builders to the network.
//!
//! The builders fill the request, `transport` gets its response; here the response becomes a value of the operation's
//! type.

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::answer::request_id;
use crate::api::Operation;
use crate::client::Client;
use crate::drift::{self, DriftReport};
use crate::error::Error;
use crate::request::Request;
use crate::response_value::ResponseValue;
use crate::transport::{Received, exchange};

/// Sends `request` and reads a response that its operation is for as JSON.
///
/// # Errors
/// If there is no response, none that the operation is for, or none that can be read.
pub async fn json<T: DeserializeOwned>(request: Request<'_>) -> Result<ResponseValue<T>, Error> {
    let (client, operation) = (request.client(), request.operation());
    let hook = request.options().drift_hook(client.defaults()).cloned();
    let received = exchange(request).await?;
    decode(client, operation, received, hook.as_ref())
}

/// Sends `request` and reads a response that its operation is for as JSON, unless it has no content.
///
/// # Errors
/// If there is no response, none that the operation is for, or none that can be read.
pub async fn optional<T: DeserializeOwned>(request: Request<'_>) -> Result<ResponseValue<Option<T>>, Error> {
    let (client, operation) = (request.client(), request.operation());
    let hook = request.options().drift_hook(client.defaults()).cloned();
    let received = exchange(request).await?;
    if received.body.is_empty() {
        return Ok(ResponseValue::new(None, received.status, received.headers, Vec::new()));
    }
    Ok(decode::<T>(client, operation, received, hook.as_ref())?.map_value(Some))
}

/// Sends `request` and reads a response that its operation is for as text.
///
/// # Errors
/// If there is no response, none that the operation is for, or none that can be read.
pub async fn text(request: Request<'_>) -> Result<ResponseValue<String>, Error> {
    let (client, operation) = (request.client(), request.operation());
    let received = exchange(request).await?;
    match String::from_utf8(received.body.to_vec()) {
        Ok(text) => Ok(ResponseValue::new(text, received.status, received.headers, Vec::new())),
        Err(_) => Err(Error::Decode {
            pointer: String::new(),
            message: "expected text in UTF-8".to_owned(),
            answer: Box::new(received.answer(client.api(), operation)),
        }),
    }
}

/// Sends `request`, whose answer is taken as it is.
///
/// # Errors
/// If there is no response, none that the operation is for, or none that can be read.
pub async fn bytes(request: Request<'_>) -> Result<ResponseValue<Bytes>, Error> {
    let received = exchange(request).await?;
    Ok(ResponseValue::new(received.body, received.status, received.headers, Vec::new()))
}

/// Reads a response as JSON, and tells `hook` how it drifted.
fn decode<T: DeserializeOwned>(
    client: &Client,
    operation: &'static Operation,
    received: Received,
    hook: Option<&drift::Hook>,
) -> Result<ResponseValue<T>, Error> {
    let (value, drift) = drift::read(client.api().dialect, operation, &received.body);
    if let (Some(hook), false) = (hook, drift.is_empty()) {
        let request_id = request_id(client.api(), &received.headers);
        hook(&DriftReport { operation: operation.id, request_id, drift: &drift });
    }
    match value {
        Ok(value) => Ok(ResponseValue::new(value, received.status, received.headers, drift)),
        Err((pointer, fault)) => Err(Error::Decode {
            pointer,
            message: without_value(&fault),
            answer: Box::new(received.answer(client.api(), operation)),
        }),
    }
}

/// Sends `request`, whose answer has no content.
///
/// # Errors
/// If there is no response, none that the operation is for, or none that can be read.
pub async fn empty(request: Request<'_>) -> Result<ResponseValue<()>, Error> {
    let received = exchange(request).await?;
    Ok(ResponseValue::new((), received.status, received.headers, Vec::new()))
}

/// Returns `true` if the server answered the value at `pointer`, and not this client in its place.
pub fn answered<T>(response: &ResponseValue<T>, pointer: &str) -> bool {
    response.answered(pointer)
}

/// Returns an error without the value that does not fit, as it may be a secret.
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

    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only errors are looked at")]
    struct GenericError {
        detail: String,
    }

    #[test]
    fn a_fault_names_what_was_expected_and_never_the_value() {
        let fault = serde_json::from_str::<i64>(r#""s3cret""#).unwrap_err();
        assert_eq!(without_value(&fault), "expected i64 at line 1 column 8");
        let fault = serde_json::from_str::<GenericError>("{}").unwrap_err();
        assert_eq!(without_value(&fault), "missing field `detail` at line 1 column 2");
        let fault = serde_json::from_str::<i64>(r#""s3cret, expected s3cret""#).unwrap_err();
        assert_eq!(without_value(&fault), "expected i64 at line 1 column 25");
        let fault = serde_json::from_str::<GenericError>("{").unwrap_err();
        assert_eq!(without_value(&fault), "EOF while parsing an object at line 1 column 1");
        let fault = <serde_json::Error as serde::de::Error>::custom("no good: s3cret");
        assert!(!without_value(&fault).contains("s3cret"));
    }
}
