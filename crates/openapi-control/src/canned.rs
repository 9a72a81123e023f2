//! A response that somebody wrote down: a status, headers and a body.

use std::collections::BTreeMap;

use http::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING, UPGRADE,
};
use http::{Response, StatusCode};
use openapi_server_runtime::response::Body;
use serde_json::Value;

/// A response that is written down.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Canned<'a> {
    pub(crate) status: u16,
    pub(crate) headers: &'a BTreeMap<String, String>,
    /// A text is sent as it is, anything else as JSON.
    pub(crate) body: Option<&'a Value>,
}

/// The reason why a response cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CannedError {
    /// This is no final status.
    #[error("`status` is {0}: it is a number from 200 to 599")]
    Status(u16),
    /// This cannot be sent as a header.
    #[error("the header `{0}` cannot be sent: its name or its value has characters that no header has")]
    Header(String),
    /// This header is set by the server.
    #[error(
        "the header `{0}` is about the connection and is set by the server; to break an answer off, use `disconnect`"
    )]
    Connection(HeaderName),
    /// A response with this status has no body.
    #[error("an answer with the status {0} has no body")]
    Bodiless(u16),
}

/// Headers that the server sets for the connection, whatever the response is.
const OF_THE_CONNECTION: [HeaderName; 4] = [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING, UPGRADE];

/// The statuses whose answers have no body.
const BODILESS: [u16; 3] = [204, 205, 304];

impl Canned<'_> {
    /// Checks that the response can be sent.
    pub(crate) fn check(&self) -> Result<(), CannedError> {
        if !(200..600).contains(&self.status) {
            return Err(CannedError::Status(self.status));
        }
        if BODILESS.contains(&self.status) && self.body.is_some() {
            return Err(CannedError::Bodiless(self.status));
        }
        self.header_map().map(drop)
    }

    /// Returns the response; `bare` gives the one that has no body of its own.
    pub(crate) fn response(&self, bare: impl FnOnce(StatusCode) -> Response<Body>) -> Response<Body> {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let framed = |media_type: &'static str, body: String| {
            let mut response = Response::new(Body::from(body));
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
            response
        };
        let mut response = match self.body {
            _ if BODILESS.contains(&self.status) => Response::new(Body::empty()),
            Some(Value::String(text)) => framed("text/plain; charset=utf-8", text.clone()),
            Some(body) => framed("application/json; charset=utf-8", body.to_string()),
            None => bare(status),
        };
        *response.status_mut() = status;
        response.headers_mut().extend(self.header_map().unwrap_or_default());
        response
    }

    fn header_map(&self) -> Result<HeaderMap, CannedError> {
        let header = |(name, value): (&String, &String)| {
            let pair = (HeaderName::try_from(name.as_str()).ok(), HeaderValue::try_from(value.as_str()).ok());
            let (Some(name), Some(value)) = pair else { return Err(CannedError::Header(name.clone())) };
            if OF_THE_CONNECTION.contains(&name) {
                Err(CannedError::Connection(name))
            } else {
                Ok((name, value))
            }
        };
        self.headers.iter().map(header).collect()
    }
}
