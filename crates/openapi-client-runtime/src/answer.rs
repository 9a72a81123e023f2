//! A response that became an error, as far as it is worth keeping.

use std::fmt::{self, Write as _};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use reqwest::header::{HeaderMap, HeaderName, RETRY_AFTER};
use reqwest::{StatusCode, Url};

use crate::api::{Api, Operation};
use crate::dialect::ErrorReport;
use crate::field_errors::FieldErrors;
use crate::line::Line;
use crate::redirect::Redirection;

/// A response of the server that the operation does not expect.
#[derive(Clone, Debug)]
pub struct Answer {
    operation: &'static Operation,
    status: StatusCode,
    headers: Headers,
    request_id: Option<String>,
    retry_after: Option<Duration>,
    redirection: Option<Redirection>,
    report: ErrorReport,
    body: Body,
}

impl Answer {
    /// Returns the response to a request for `url`.
    pub(crate) fn new(
        api: &Api,
        operation: &'static Operation,
        url: &Url,
        status: StatusCode,
        headers: HeaderMap,
        body: Bytes,
    ) -> Self {
        Answer {
            operation,
            status,
            request_id: request_id(api, &headers).map(str::to_owned),
            retry_after: retry_after(&headers),
            redirection: Redirection::of(api, operation.path, url, status, &headers),
            report: api.dialect.read_error(status, &headers, &body),
            headers: Headers(headers),
            body: Body(body),
        }
    }

    /// Returns `true` if the request may be sent again without doing something twice.
    pub(crate) fn is_idempotent(&self) -> bool {
        self.operation.is_idempotent()
    }

    /// Returns the operation's id in the document, such as `pets_list`.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation.id
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers. Some hold secrets, such as `Set-Cookie`; `Debug` only names them.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers.0
    }

    /// Returns the id of the request in the server's log.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// Returns the time that the server asks to wait, counted from the arrival of the response (`Retry-After`).
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Returns the redirection, if the response is one.
    pub(crate) fn redirection(&self) -> Option<&Redirection> {
        self.redirection.as_ref()
    }

    /// Returns the server's own sentence, such as the `detail` of its body.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.report.detail.as_deref()
    }

    /// Returns the content of the response, as the API's dialect reads it.
    pub(crate) fn report(&self) -> &ErrorReport {
        &self.report
    }

    /// Takes what the response says about the fields of the request.
    pub(crate) fn take_fields(&mut self) -> Option<FieldErrors> {
        self.report.fields.take()
    }

    /// Returns the body as it was received.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }
}

/// Shows the origin of a response in a line: operation, status and request id.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} answered {}", self.operation.id, self.status.as_u16())?;
        match &self.request_id {
            Some(id) => write!(Line::new(f), " (request {id})"),
            None => Ok(()),
        }
    }
}

/// The headers of a response. They may hold secrets, cookies for one, so `Debug` only names them.
#[derive(Clone)]
pub(crate) struct Headers(pub(crate) HeaderMap);

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.keys().map(HeaderName::as_str)).finish()
    }
}

/// The bytes of a response. They may be confidential, so `Debug` only counts them.
#[derive(Clone, PartialEq, Eq)]
pub struct Body(Bytes);

impl Body {
    /// Returns the bytes.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.0
    }

    /// Returns the bytes as text, with invalid UTF-8 replaced.
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

/// The longest text that is taken for the id of a request, which every error and log line about it shows.
const MAX_REQUEST_ID: usize = 200;

/// Returns the id of the request in the server's log.
pub(crate) fn request_id<'a>(api: &Api, headers: &'a HeaderMap) -> Option<&'a str> {
    let id = headers.get(api.dialect.request_id_header())?.to_str().ok()?;
    (id.len() <= MAX_REQUEST_ID).then_some(id)
}

/// Returns the time that a server asks to wait: a number of seconds, or until a date.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(value: &str) -> Option<Duration> {
        retry_after(&HeaderMap::from_iter([(RETRY_AFTER, value.parse().unwrap())]))
    }

    #[test]
    fn a_wait_is_asked_for_in_seconds_or_until_a_date() {
        assert_eq!(asked("7"), Some(Duration::from_secs(7)));
        let later = asked(&httpdate::fmt_http_date(SystemTime::now() + Duration::from_mins(1))).unwrap();
        assert!(later > Duration::from_secs(50) && later <= Duration::from_mins(1), "{later:?}");
        assert_eq!(asked("Wed, 21 Oct 2015 07:28:00 GMT"), Some(Duration::ZERO));
        for nonsense in ["", "soon", "-1", "1.5", "99999999999999999999"] {
            assert_eq!(asked(nonsense), None, "{nonsense}");
        }
        assert_eq!(retry_after(&HeaderMap::new()), None);
    }
}
