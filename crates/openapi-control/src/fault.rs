//! Something that is to go wrong with a request, so that a test can see its program meet a slow, failing or vanishing server.
//! A fault stands in front of the API like a broken proxy. Requests that it lets through are answered as ever.

use std::collections::BTreeMap;
use std::time::Duration;

use http::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING, UPGRADE,
};
use http::{Response, StatusCode};
use openapi_server_runtime::request::RequestLine;
use openapi_server_runtime::response::Body;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::{Api, Contradiction};
use crate::limits::{MAX_DELAY_MS, MAX_FAULTS};
use crate::pattern::Pattern;

/// Something that is to go wrong.
///
/// ```
/// use std::time::Duration;
///
/// use openapi_control::Fault;
///
/// // The list is throttled twice; then it is there again.
/// let throttled = Fault::status(429).header("Retry-After", "1").on("listPets").times(2);
/// // A pet is created, but the client gets no response.
/// let lost = Fault::disconnect().carried_out().on("createPet");
/// // Every request for this pet takes its time.
/// let slow = Fault::delay(Duration::from_secs(30)).at("/pets/rex/").always();
/// # let _ = (throttled, lost, slow);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fault {
    /// Only requests for the operation with this id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Only requests to this path below the base path. `*` stands for any text without a slash, `**` for any text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The number of matching requests that are let through first.
    pub skip: u32,
    /// The number of requests that are hit then; `null` for all of them, until the faults are cleared.
    pub times: Option<u32>,
    /// The delay of the response, in milliseconds.
    pub delay_ms: u64,
    /// `true` if the request is carried out all the same, before its response is replaced or lost.
    pub carried_out: bool,
    /// The status to answer with; without it and without `disconnect` the response is the true one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Headers of that answer.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The body of that answer: a text is sent as it is, anything else as JSON. Without it, the answer is the one that the
    /// dialect of the server has for the status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Value>,
    /// `true` if the connection ends without a response.
    pub disconnect: bool,
}

impl Default for Fault {
    fn default() -> Self {
        Self {
            operation: None,
            path: None,
            skip: 0,
            times: Some(1),
            delay_ms: 0,
            carried_out: false,
            status: None,
            headers: BTreeMap::new(),
            body: None,
            disconnect: false,
        }
    }
}

/// The reason why a fault is rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// It would take too long.
    #[error("`delay_ms` is {0}: the most is {MAX_DELAY_MS}, an hour")]
    Delay(u64),
    /// There are too many.
    #[error("there are more than {MAX_FAULTS} faults; remove some with DELETE /-/faults")]
    TooMany,
    /// No request is for this operation at this path.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    /// No operation has this path.
    #[error("no operation is at the path `{path}`; give one below {base}, without a query")]
    Path {
        /// The path.
        path: String,
        /// The base path.
        base: &'static str,
    },
    /// It has no effect.
    #[error("the fault has no effect: set `status`, `delay_ms` or `disconnect`")]
    Harmless,
    /// It would never happen.
    #[error("`times` is 0: leave it out for once, or use null for every time")]
    Never,
    /// There is a response and none.
    #[error("`{0}` belongs to an answer with a `status`, and this fault has none")]
    NoAnswer(&'static str),
    /// There is a response, and the connection ends without one.
    #[error("`status` and `disconnect` exclude each other")]
    Both,
    /// The true response is sent after the request was carried out in any case.
    #[error(
        "`carried_out` belongs to a fault with `status` or `disconnect`; any other carries the request out"
    )]
    CarriedOut,
    /// This is no final status.
    #[error("`status` is {0}: it is a number from 200 to 599")]
    Status(u16),
    /// This cannot be sent as a header.
    #[error("the header `{0}` cannot be sent: its name or its value has characters that no header has")]
    Header(String),
    /// This header is not for a fault to set.
    #[error(
        "the header `{0}` is about the connection and is set by the server; to break an answer off, use `disconnect`"
    )]
    Connection(HeaderName),
    /// A response with this status has no body.
    #[error("an answer with the status {0} has no body")]
    Bodiless(u16),
    /// A fault for one request says which requests it is for.
    #[error("`{0}` says which requests a fault is for, and this one is for the request that asks for it")]
    OneRequest(&'static str),
}

/// Headers that the server sets for the connection, whatever the response is.
const OF_THE_CONNECTION: [HeaderName; 4] = [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING, UPGRADE];

/// The statuses whose answers have no body.
const BODILESS: [u16; 3] = [204, 205, 304];

impl Fault {
    /// Answers with this status.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self { status: Some(status), ..Self::default() }
    }

    /// Ends the connection without a response.
    #[must_use]
    pub fn disconnect() -> Self {
        Self { disconnect: true, ..Self::default() }
    }

    /// Delays the true response.
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        Self::default().delayed(delay)
    }

    /// Delays the response, whatever it is.
    #[must_use]
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        self
    }

    /// Hits requests for this operation only.
    #[must_use]
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Hits requests to this path only, which may have wildcards.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Lets so many requests through first.
    #[must_use]
    pub fn skip(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Hits so many requests instead of one.
    #[must_use]
    pub fn times(mut self, requests: u32) -> Self {
        self.times = Some(requests);
        self
    }

    /// Hits every request until the fault is removed.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Sends a header with the answer.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// Answers with this body: a text as it is, anything else as JSON.
    #[must_use]
    pub fn body(mut self, body: impl Into<Value>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Carries the request out before its response is replaced or lost.
    #[must_use]
    pub fn carried_out(mut self) -> Self {
        self.carried_out = true;
        self
    }

    /// Checks that the fault is consistent and can happen.
    pub(crate) fn check(&self, api: &Api) -> Result<(), FaultError> {
        let path = self.path.as_ref().map(Pattern::new);
        api.check(self.operation.as_deref(), None, path.as_ref())?;
        if let Some(path) = path.filter(|path| !api.is_at(path, |_| true)) {
            return Err(FaultError::Path { path: path.to_string(), base: api.tables().base_path });
        }
        match (self.status, self.disconnect) {
            (Some(_), true) => return Err(FaultError::Both),
            (Some(status), false) if !(200..600).contains(&status) => return Err(FaultError::Status(status)),
            (Some(status), false) if BODILESS.contains(&status) && self.body.is_some() => {
                return Err(FaultError::Bodiless(status));
            }
            (None, _) if self.body.is_some() => return Err(FaultError::NoAnswer("body")),
            (None, _) if !self.headers.is_empty() => return Err(FaultError::NoAnswer("headers")),
            _ if self.delay_ms > MAX_DELAY_MS => return Err(FaultError::Delay(self.delay_ms)),
            (None, false) if self.delay_ms == 0 => return Err(FaultError::Harmless),
            (None, false) if self.carried_out => return Err(FaultError::CarriedOut),
            _ => {}
        }
        if self.times == Some(0) {
            return Err(FaultError::Never);
        }
        self.header_map().map(drop)
    }

    /// Checks a fault that one request asks for.
    pub(crate) fn check_for_one(&self, api: &Api) -> Result<(), FaultError> {
        let of_many = [
            ("operation", self.operation.is_some()),
            ("path", self.path.is_some()),
            ("skip", self.skip != 0),
            ("times", self.times != Some(1)),
        ];
        match of_many.into_iter().find(|(_, is_given)| *is_given) {
            Some((name, _)) => Err(FaultError::OneRequest(name)),
            None => self.check(api),
        }
    }

    /// Returns `true` if the fault is for this request.
    pub(crate) fn is_for(&self, line: &RequestLine<'_>) -> bool {
        let id = line.operation.map(|operation| operation.id);
        self.operation.as_deref().is_none_or(|wanted| id == Some(wanted))
            && self.path.as_ref().is_none_or(|wanted| Pattern::new(wanted).fits(line.path))
    }

    /// Returns the response to a request that is hit.
    pub(crate) async fn strike(
        &self,
        api: &Api,
        line: &RequestLine<'_>,
        handling: impl Future<Output = Response<Body>> + Send,
    ) -> Response<Body> {
        let instead = if self.disconnect {
            Some(Response::new(Body::aborted()))
        } else {
            self.status.map(|status| self.answer(api, line, status))
        };
        let response = match instead {
            Some(instead) if !self.carried_out => instead,
            instead => {
                let handled = handling.await;
                instead.unwrap_or(handled)
            }
        };
        tokio::time::sleep(Duration::from_millis(self.delay_ms)).await;
        response
    }

    fn answer(&self, api: &Api, line: &RequestLine<'_>, status: u16) -> Response<Body> {
        let bodiless = BODILESS.contains(&status);
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let framed = |media_type: &'static str, body: String| {
            let mut response = Response::new(Body::from(body));
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
            response
        };
        let mut response = match &self.body {
            _ if bodiless => Response::new(Body::empty()),
            Some(Value::String(text)) => framed("text/plain; charset=utf-8", text.clone()),
            Some(body) => framed("application/json; charset=utf-8", body.to_string()),
            None => api.bare(line, status),
        };
        *response.status_mut() = status;
        response.headers_mut().extend(self.header_map().unwrap_or_default());
        response
    }

    fn header_map(&self) -> Result<HeaderMap, FaultError> {
        let header = |(name, value): (&String, &String)| {
            let pair = (HeaderName::try_from(name.as_str()).ok(), HeaderValue::try_from(value.as_str()).ok());
            let (Some(name), Some(value)) = pair else { return Err(FaultError::Header(name.clone())) };
            if OF_THE_CONNECTION.contains(&name) {
                Err(FaultError::Connection(name))
            } else {
                Ok((name, value))
            }
        };
        self.headers.iter().map(header).collect()
    }
}
