//! From a request to its answer: attempts, the waits between them, and the deadline over all of it.
//!
//! What an answer means is decided elsewhere; here an answer only matters as a reason to try again.

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::{Request, RequestBuilder, StatusCode};
use tokio::time::{Instant, sleep};
use tracing::{Instrument as _, Span, field};

use crate::answer::{Answer, request_id};
use crate::call::Operation;
use crate::client::Client;
use crate::error::Error;
use crate::options::CallOptions;
use crate::refusal;

/// An answer, read to its end.
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Received {
    pub(crate) fn answer(&self, operation: &'static Operation) -> Answer {
        Answer::new(operation, self.status, &self.headers, self.body.clone())
    }
}

/// One attempt to make a call, as a hook for headers gets to know it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// The operation's id in the document, such as `pets_list`.
    pub operation: &'static str,
    /// The method.
    pub method: &'static str,
    /// The operation's path in the document, such as `/pets/{id}/`.
    pub path: &'static str,
    /// Which attempt it is, from 1.
    pub number: u16,
}

/// Sends `request`; an answer with another status than those `expected` is an error.
pub(crate) async fn exchange(
    client: &Client,
    operation: &'static Operation,
    options: CallOptions,
    request: RequestBuilder,
    expected: fn(u16) -> bool,
) -> Result<Received, Error> {
    let Operation { id, method, path } = operation;
    let span = tracing::info_span!(
        "call",
        operation = id,
        method,
        path,
        attempts = field::Empty,
        status = field::Empty,
        request_id = field::Empty,
    );
    let request = request.build().map_err(|fault| operation.invalid(fault.without_url().to_string()))?;
    attempts(client, operation, options, request, expected).instrument(span).await
}

/// Tries until there is an answer worth returning, an error that no repetition helps, or no time.
async fn attempts(
    client: &Client,
    operation: &'static Operation,
    options: CallOptions,
    mut request: Request,
    expected: fn(u16) -> bool,
) -> Result<Received, Error> {
    let options = options.or(client.defaults());
    // A deadline beyond what a clock can say is none.
    let deadline = Instant::now().checked_add(options.timeout);
    let left = || deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
    let mut waits = options.retries.waits();
    let mut number = 1;
    loop {
        *request.timeout_mut() = left();
        let next = request.try_clone();
        let result = attempt(client, operation, number, request, expected).await;
        Span::current().record("attempts", number);
        let error = match result {
            Ok(received) => return Ok(received),
            Err(error) if error.is_retryable() => error,
            Err(error) => return Err(error),
        };
        let (Some(next), Some(planned)) = (next, waits.next()) else { return Err(error) };
        let asked = error.answer().and_then(Answer::retry_after);
        if asked.is_some_and(|asked| asked > options.retries.longest()) {
            return Err(error);
        }
        let wait = asked.unwrap_or(planned);
        if left().is_some_and(|left| left <= wait) {
            return Err(error);
        }
        tracing::info!(
            attempt = number,
            ?wait,
            status = error.status().map(|status| status.as_u16()),
            "trying again"
        );
        sleep(wait).await;
        request = next;
        number = number.saturating_add(1);
    }
}

/// Sends `request` once.
async fn attempt(
    client: &Client,
    operation: &'static Operation,
    number: u16,
    mut request: Request,
    expected: fn(u16) -> bool,
) -> Result<Received, Error> {
    let headers = request.headers_mut();
    if let Some(authorization) = client.authorization() {
        headers.insert(AUTHORIZATION, authorization.clone());
    }
    if let Some(hook) = client.hook() {
        let Operation { id, method, path } = *operation;
        hook(&Attempt { operation: id, method, path, number }, headers);
    }
    match send(client, request).await {
        Ok(received) => {
            let (status, request_id) = (received.status.as_u16(), request_id(&received.headers));
            Span::current().record("status", status).record("request_id", request_id);
            tracing::debug!(attempt = number, status, request_id, "answered");
            if expected(status) { Ok(received) } else { Err(refusal::error(received.answer(operation))) }
        }
        Err(source) => {
            let error = Error::transport(operation, source);
            tracing::debug!(attempt = number, %error, "no answer");
            Err(error)
        }
    }
}

async fn send(client: &Client, request: Request) -> Result<Received, reqwest::Error> {
    let response = client.client.execute(request).await?;
    let (status, headers) = (response.status(), response.headers().clone());
    let body = response.bytes().await?;
    Ok(Received { status, headers, body })
}
