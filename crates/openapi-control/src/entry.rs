//! One request that the server saw, with its response.

use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method};
use openapi_server_runtime::exchange::Exchange;
use openapi_server_runtime::failure::Departure;
use openapi_server_runtime::media::Form;
use openapi_server_runtime::operation::Operation;
use serde_json::{Map, Value};

use crate::limits::MAX_BODY;
use crate::marks::{Met, Taken};
use crate::world;

/// A request that the server saw. Secrets are as they were sent; `Debug` shows none.
#[derive(Clone)]
pub struct Entry {
    pub(crate) id: u64,
    pub(crate) began: SystemTime,
    pub(crate) duration: Duration,
    pub(crate) method: Method,
    pub(crate) world: Option<String>,
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) operation: Option<&'static Operation>,
    pub(crate) status: Option<u16>,
    pub(crate) request: Message,
    pub(crate) response: Message,
    pub(crate) fault: Option<u64>,
    pub(crate) violations: Vec<String>,
    pub(crate) answer: Option<u64>,
    pub(crate) departure: Option<Departure>,
}

/// The violations of the document that a host found in a request and its response. It leaves this among the notes of a request,
/// and the journal has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Violations(pub Vec<String>);

/// The headers and the body of a request or a response.
#[derive(Clone, Default)]
pub(crate) struct Message {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Kept,
}

/// A body, as far as it is kept.
#[derive(Clone, Default)]
pub(crate) enum Kept {
    /// All of it.
    All(Bytes),
    /// Its length.
    Length(usize),
    /// There is none, or it is not known.
    #[default]
    Nothing,
}

impl Kept {
    fn of(body: Option<&Bytes>) -> Self {
        match body {
            Some(body) if body.len() > MAX_BODY => Self::Length(body.len()),
            // A copy, so that no larger buffer is kept for it.
            Some(body) => Self::All(Bytes::copy_from_slice(body)),
            None => Self::Nothing,
        }
    }

    pub(crate) fn bytes(&self) -> Option<&Bytes> {
        if let Self::All(bytes) = self { Some(bytes) } else { None }
    }
}

impl Message {
    /// Returns the form of the body.
    pub(crate) fn form(&self) -> Form {
        let media_type = self.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        Form::of(media_type.unwrap_or_default())
    }

    /// Returns a body of JSON, or the fields of a URL-encoded form: a text, or a list of texts if it is there repeatedly.
    pub(crate) fn value(&self) -> Option<Value> {
        body_value(self.form(), self.body.bytes()?)
    }

    fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + PER_HEADER);
        headers.sum::<usize>() + self.body.bytes().map_or(0, Bytes::len)
    }
}

/// The number of bytes that a header takes beside its name and value.
const PER_HEADER: usize = 64;

/// The number of bytes that an entry takes beside its texts.
const PER_ENTRY: usize = 512;

/// Returns a body of JSON, or the fields of a URL-encoded form.
pub(crate) fn body_value(form: Form, bytes: &[u8]) -> Option<Value> {
    match form {
        Form::UrlEncoded => Some(fields(bytes)),
        _ => serde_json::from_slice(bytes).ok(),
    }
}

/// Returns the fields of a URL-encoded text.
pub(crate) fn fields(text: &[u8]) -> Value {
    let mut fields = Map::new();
    for (name, value) in form_urlencoded::parse(text) {
        let value = Value::from(value.into_owned());
        match fields.get_mut(name.as_ref()) {
            None => {
                fields.insert(name.into_owned(), value);
            }
            Some(Value::Array(values)) => values.push(value),
            Some(known) => {
                let first = known.take();
                *known = Value::Array(vec![first, value]);
            }
        }
    }
    Value::Object(fields)
}

impl Entry {
    /// Returns what is kept of an exchange, without an id. Nothing is parsed.
    pub(crate) fn of(exchange: &Exchange<'_>) -> Self {
        let Exchange { line, body, began, duration, .. } = exchange;
        let response = exchange.sent();
        Self {
            id: 0,
            began: *began,
            duration: *duration,
            method: line.method.clone(),
            world: world::of(line.headers).map(|name| String::from_utf8_lossy(name).into_owned()),
            path: line.path.to_owned(),
            query: line.uri.query().map(str::to_owned),
            operation: line.operation,
            status: exchange.status(),
            request: Message { headers: line.headers.clone(), body: Kept::of(*body) },
            response: response.map_or_else(Message::default, |response| Message {
                headers: response.headers().clone(),
                body: Kept::of(response.body().as_bytes()),
            }),
            fault: line.notes.find::<Met>().map(|Met(id)| id),
            violations: line.notes.find::<Violations>().unwrap_or_default().0,
            answer: response.and_then(|response| response.extensions().get::<Taken>()).map(|Taken(id)| *id),
            departure: line.notes.find::<Departure>(),
        }
    }

    /// Returns the number of bytes that it takes in memory, roughly.
    pub(crate) fn size(&self) -> usize {
        let texts = self.path.len()
            + self.world.as_ref().map_or(0, String::len)
            + self.query.as_ref().map_or(0, String::len);
        let texts = texts + self.violations.iter().map(String::len).sum::<usize>();
        PER_ENTRY + texts + self.request.size() + self.response.size()
    }

    /// Returns the id. Later requests have greater ones.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }

    /// Returns the time at which the request was there.
    #[must_use]
    pub fn began(&self) -> SystemTime {
        self.began
    }

    /// Returns the time until its response was ready.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// Returns the method.
    #[must_use]
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Returns the name of the world that the request was in; `None` for the first.
    #[must_use]
    pub fn world(&self) -> Option<&str> {
        self.world.as_deref()
    }

    /// Returns the path below the base path, as it was sent.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the query string, as it was sent.
    #[must_use]
    pub fn query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// Returns the id of the operation, if the document has one for the request.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        self.operation.map(|operation| operation.id)
    }

    /// Returns the status of the response; `None` if no response was sent.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// Returns the headers of the request.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.request.headers
    }

    /// Returns the body of the request, if it was read and is not longer than [`MAX_BODY`].
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        self.request.body.bytes()
    }

    /// Returns the body of the request, if it is JSON or a URL-encoded form.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        self.request.value()
    }

    /// Returns the headers of the response.
    #[must_use]
    pub fn response_headers(&self) -> &HeaderMap {
        &self.response.headers
    }

    /// Returns the body of the response, if it is not longer than [`MAX_BODY`].
    #[must_use]
    pub fn response_body(&self) -> Option<&Bytes> {
        self.response.body.bytes()
    }

    /// Returns what the host found that violates the document.
    #[must_use]
    pub fn violations(&self) -> &[String] {
        &self.violations
    }

    /// Returns the id of the fault that the request met.
    #[must_use]
    pub fn fault(&self) -> Option<u64> {
        self.fault
    }

    /// Returns the id of the answer of one's own that the request was given.
    #[must_use]
    pub fn answer(&self) -> Option<u64> {
        self.answer
    }

    /// Returns why the answer is none that the document has, if the server knows.
    #[must_use]
    pub fn departure(&self) -> Option<Departure> {
        self.departure
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("id", &self.id)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("operation", &self.operation())
            .field("status", &self.status)
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}
