//! From a request to its response: attempts, the waits between them, and the deadline over all of it.
//!
//! Other modules decide what a response means; here it is only a reason to try again or not.

use bytes::{Bytes, BytesMut};
use reqwest::header::HeaderMap;
use reqwest::{Request, Response, StatusCode, Upgraded, Url};
use tokio::time::{Instant, sleep};
use tracing::{Instrument as _, Span, field};

use crate::answer::{Answer, request_id};
use crate::api::{Api, Operation};
use crate::attempt::Attempt;
use crate::client::Client;
use crate::error::Error;
use crate::from_response;
use crate::options::CallOptions;
use crate::request;
use crate::response_value::ResponseValue;

/// The most bytes that are reserved because a server announces them.
const MAX_RESERVED: usize = 64 * 1024;

/// A response, read to its end.
pub(crate) struct Received {
    pub(crate) url: Url,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Received {
    pub(crate) fn answer(&self, api: &Api, operation: &'static Operation) -> Answer {
        Answer::new(api, operation, &self.url, self.status, self.headers.clone(), self.body.clone())
    }
}

/// Sends `request`; a response that its operation is not for is an error.
pub(crate) async fn exchange(request: request::Request<'_>) -> Result<Received, Error> {
    let (client, operation) = (request.client(), request.operation());
    let Operation { id, method, path, .. } = operation;
    let span = tracing::info_span!(
        "call",
        operation = id,
        method,
        path,
        attempts = field::Empty,
        status = field::Empty,
        request_id = field::Empty,
    );
    let (request, options) = request.build()?;
    attempts(client, operation, options, request).instrument(span).await
}

/// Tries until there is a response worth returning, an error that no repetition helps, or no time.
async fn attempts(
    client: &Client,
    operation: &'static Operation,
    options: CallOptions,
    mut request: Request,
) -> Result<Received, Error> {
    let options = options.or(client.defaults());
    // A deadline beyond what a clock can say is none.
    let deadline = Instant::now().checked_add(options.timeout);
    let left = || deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
    let mut waits = None;
    let mut number = 1;
    loop {
        *request.timeout_mut() = left();
        let next = request.try_clone();
        let result = attempt(client, operation, number, request).await;
        Span::current().record("attempts", number);
        let error = match result {
            Ok(received) => return Ok(received),
            Err(error) if error.is_retryable() => error,
            Err(error) => return Err(error),
        };
        let waits = waits.get_or_insert_with(|| options.retries.waits());
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
) -> Result<Received, Error> {
    prepare(client, operation, number, &mut request);
    match send(client, operation, request).await {
        Ok(received) => {
            let (status, request_id) =
                (received.status.as_u16(), request_id(client.api(), &received.headers));
            Span::current().record("status", status).record("request_id", request_id);
            tracing::debug!(attempt = number, status, request_id, "answered");
            if operation.expects(status) {
                Ok(received)
            } else {
                Err(from_response::error(received.answer(client.api(), operation)))
            }
        }
        Err(fault) => {
            let error = fault.of(client, operation);
            tracing::debug!(attempt = number, %error, "no complete answer");
            Err(error)
        }
    }
}

/// Sends `request` once; a response that its operation is for leaves its connection to the caller.
///
/// # Errors
/// If there is no response, or none that the operation is for.
pub async fn upgrade(request: request::Request<'_>) -> Result<ResponseValue<Upgraded>, Error> {
    let (client, operation) = (request.client(), request.operation());
    let (mut request, options) = request.build()?;
    *request.timeout_mut() = Some(options.or(client.defaults()).timeout);
    prepare(client, operation, 1, &mut request);
    let transport = |source| Error::transport(operation, source);
    let response = client.http().execute(request).await.map_err(transport)?;
    let (url, status, headers) = (response.url().clone(), response.status(), response.headers().clone());
    if !operation.expects(status.as_u16()) {
        let body = read(response, client.body_limit(), Excess::Cut).await;
        let body = body.map_err(|fault| fault.of(client, operation))?;
        return Err(from_response::error(
            Received { url, status, headers, body }.answer(client.api(), operation),
        ));
    }
    let connection = response.upgrade().await.map_err(transport)?;
    Ok(ResponseValue::new(connection, status, headers, Vec::new()))
}

/// Adds what belongs to every attempt: credentials, and the headers of a hook.
fn prepare(client: &Client, operation: &'static Operation, number: u16, request: &mut Request) {
    client.authenticate(operation, request);
    if let Some(hook) = client.hook() {
        let Operation { id, method, path, security, .. } = *operation;
        hook(&Attempt { operation: id, method, path, security, number }, request.headers_mut());
    }
}

/// Sends `request` and reads its response.
async fn send(client: &Client, operation: &Operation, request: Request) -> Result<Received, Incomplete> {
    let mut response = client.http().execute(request).await?;
    let (url, status) = (response.url().clone(), response.status());
    // What is an error anyway is told as such, with as much of its body as there is room for.
    let excess = if operation.expects(status.as_u16()) { Excess::Refuse } else { Excess::Cut };
    let headers = std::mem::take(response.headers_mut());
    let body = read(response, client.body_limit(), excess).await?;
    Ok(Received { url, status, headers, body })
}

/// The reason why a response was not read to its end.
enum Incomplete {
    TooLarge(StatusCode),
    Transport(reqwest::Error),
}

impl Incomplete {
    fn of(self, client: &Client, operation: &'static Operation) -> Error {
        match self {
            Incomplete::TooLarge(status) => {
                Error::BodyTooLarge { operation: operation.id, status, limit: client.body_limit() }
            }
            Incomplete::Transport(source) => Error::transport(operation, source),
        }
    }
}

impl From<reqwest::Error> for Incomplete {
    fn from(source: reqwest::Error) -> Self {
        Incomplete::Transport(source)
    }
}

/// Decides about a body that is longer than the limit.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Excess {
    Refuse,
    Cut,
}

/// Reads the body of `response` up to `limit` bytes. What is not read is not waited for: its connection is closed.
async fn read(mut response: Response, limit: usize, excess: Excess) -> Result<Bytes, Incomplete> {
    let too_large = Incomplete::TooLarge(response.status());
    let announced = response.content_length().map(|length| usize::try_from(length).unwrap_or(usize::MAX));
    if excess == Excess::Refuse && announced.is_some_and(|length| length > limit) {
        return Err(too_large);
    }
    let mut next = response.chunk().await?;
    // A small body comes in one piece, which nothing has to be added to.
    if let Some(whole) = next.take_if(|chunk| Some(chunk.len()) == announced && chunk.len() <= limit) {
        return Ok(whole);
    }
    let mut body = BytesMut::with_capacity(announced.unwrap_or_default().min(limit).min(MAX_RESERVED));
    while let Some(chunk) = next {
        let room = limit - body.len();
        if chunk.len() > room {
            if excess == Excess::Refuse {
                return Err(too_large);
            }
            body.extend_from_slice(&chunk[..room]);
            break;
        }
        body.extend_from_slice(&chunk);
        next = response.chunk().await?;
    }
    Ok(body.freeze())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;
    use crate::api::SAMPLE;
    use crate::client::ClientBuilder;

    static CONSOLE: Operation =
        Operation { success: &[101..=101], ..Operation::plain("console", "GET", "/console") };

    /// Returns the result of asking for another protocol when the server sends `answer` and nothing else.
    async fn upgraded(answer: &'static str) -> Result<ResponseValue<Upgraded>, Error> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = ClientBuilder::new(&SAMPLE, format!("http://{}", listener.local_addr().unwrap()))
            .build()
            .unwrap();
        tokio::spawn(async move {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            let _ = connection.read(&mut request).await.unwrap();
            connection.write_all(answer.as_bytes()).await.unwrap();
        });
        upgrade(request::Request::new(&client, &CONSOLE, CallOptions::default()).websocket()).await
    }

    #[tokio::test]
    async fn a_connection_that_is_upgraded_is_the_callers() {
        let answer = "HTTP/1.1 101 -\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello";
        let mut connection = upgraded(answer).await.unwrap().into_inner();
        let mut text = String::new();
        connection.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "hello");
    }

    #[tokio::test]
    async fn a_refusal_to_upgrade_is_a_refusal() {
        let answer = "HTTP/1.1 403 -\r\nContent-Length: 0\r\n\r\n";
        let error = upgraded(answer).await.unwrap_err();
        assert!(matches!(error, Error::PermissionDenied { .. }), "{error}");
    }
}
