//! An answer that became an error, as far as it is worth keeping.

use std::fmt;

use bytes::Bytes;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;

/// The header by which authentik names a request in its log.
const REQUEST_ID: &str = "x-authentik-id";

/// What the server answered when it was not what the operation is for.
#[derive(Clone, Debug)]
pub struct Answer {
    operation: &'static str,
    status: StatusCode,
    request_id: Option<String>,
    detail: Option<String>,
    body: Body,
}

impl Answer {
    pub(crate) fn new(operation: &'static str, status: StatusCode, headers: &HeaderMap, body: Bytes) -> Self {
        let request_id = headers.get(REQUEST_ID).and_then(|id| id.to_str().ok()).map(str::to_owned);
        let detail = detail(&body);
        Answer { operation, status, request_id, detail, body: Body(body) }
    }

    /// The operation's id in the document, such as `sources_plex_list`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The id by which authentik's log names the request.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// The server's own words, if its body was `{"detail": "..."}`.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.detail.as_deref()
    }

    /// The body as it was received.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }
}

/// Where an answer came from, in a line: operation, status and request id.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} answered {}", self.operation, self.status.as_u16())?;
        match &self.request_id {
            Some(id) => write!(f, " (request {id})"),
            None => Ok(()),
        }
    }
}

/// The bytes of an answer. They may hold what is nobody else's business, so `Debug` only counts them.
#[derive(Clone, PartialEq, Eq)]
pub struct Body(Bytes);

impl Body {
    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// The bytes as text; what is no UTF-8 is replaced.
    #[must_use]
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Body({} bytes)", self.0.len())
    }
}

/// The text of `{"detail": "..."}`.
fn detail(body: &Bytes) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Detail {
        detail: String,
    }
    serde_json::from_slice::<Detail>(body).ok().map(|body| body.detail)
}
