//! Faults on demand: what is to go wrong with which requests, so that a test can see its automation meet a slow, failing
//! or vanishing server. A fault stands in front of the API like a broken proxy; it knows nothing of objects, and the
//! requests it lets through are answered as ever.

mod plan;

use std::collections::BTreeMap;
use std::time::Duration;

use authentik_sources_api::{BASE_PATH, OPERATIONS};
use http::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING, UPGRADE,
};
use http::{Response, StatusCode};
use openapi_django::server::PATH_RULES;
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::request::RequestLine;
use openapi_server_runtime::response::Body;
use openapi_server_runtime::route::Router;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

pub use plan::{Faults, Planned};

/// Something that is to go wrong.
///
/// ```
/// use authentik_stub::faults::Fault;
///
/// // The list is throttled twice; then it is there again.
/// let throttled = Fault {
///     operation: Some("sources_plex_list".to_owned()),
///     status: Some(429),
///     headers: [("Retry-After".to_owned(), "1".to_owned())].into(),
///     times: Some(2),
///     ..Fault::default()
/// };
/// // A source is created, but the client gets no response.
/// let lost = Fault {
///     operation: Some("sources_plex_create".to_owned()),
///     carried_out: true,
///     disconnect: true,
///     ..Fault::default()
/// };
/// # let _ = (throttled, lost);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fault {
    /// Only requests for the operation with this id, such as `sources_plex_list`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Only requests to this path below the base path, such as `/sources/plex/home/`.
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
    /// The body of that answer: a text is sent as it is, anything else as JSON. Without it, what authentik's framework
    /// says of a 4xx, and a page for anything else.
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
    /// There is no such operation.
    #[error("there is no operation `{0}`; the operations are {known}", known = known_operations())]
    Operation(String),
    /// No request has this path.
    #[error("no operation is at the path `{0}`; give one below {base}, without a query, like /sources/plex/", base = BASE_PATH)]
    Path(String),
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
}

/// Headers that the server sets for the connection, whatever the response is.
const OF_THE_CONNECTION: [HeaderName; 4] = [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING, UPGRADE];

/// The statuses whose answers have no body.
const BODILESS: [u16; 3] = [204, 205, 304];

fn known_operations() -> String {
    OPERATIONS.iter().map(|operation| operation.id).collect::<Vec<_>>().join(", ")
}

impl Fault {
    /// Checks that the fault is consistent.
    ///
    /// # Errors
    /// If it contradicts itself or can never happen.
    pub fn check(&self) -> Result<(), FaultError> {
        self.check_for(OPERATIONS)
    }

    /// Checks a fault of an API with these operations like [`Fault::check`].
    pub(crate) fn check_for(&self, operations: &'static [Operation]) -> Result<(), FaultError> {
        if let Some(id) =
            self.operation.as_ref().filter(|id| !operations.iter().any(|known| known.id == **id))
        {
            return Err(FaultError::Operation(id.clone()));
        }
        let is_known = |path: &str| Router::new("", operations, PATH_RULES).find(path).is_some();
        if let Some(path) = self.path.as_ref().filter(|path| path.contains('?') || !is_known(path)) {
            return Err(FaultError::Path(path.clone()));
        }
        match (self.status, self.disconnect) {
            (Some(_), true) => return Err(FaultError::Both),
            (Some(status), false) if !(200..600).contains(&status) => return Err(FaultError::Status(status)),
            (Some(status), false) if BODILESS.contains(&status) && self.body.is_some() => {
                return Err(FaultError::Bodiless(status));
            }
            (None, _) if self.body.is_some() => return Err(FaultError::NoAnswer("body")),
            (None, _) if !self.headers.is_empty() => return Err(FaultError::NoAnswer("headers")),
            (None, false) if self.delay_ms == 0 => return Err(FaultError::Harmless),
            _ => {}
        }
        if self.times == Some(0) {
            return Err(FaultError::Never);
        }
        self.header_map().map(drop)
    }

    /// Returns `true` if the fault is for this request.
    fn is_for(&self, line: &RequestLine<'_>) -> bool {
        let id = line.operation.map(|operation| operation.id);
        self.operation.as_deref().is_none_or(|wanted| id == Some(wanted))
            && self.path.as_deref().is_none_or(|wanted| line.path == wanted)
    }

    /// Returns the response to a request that is hit.
    async fn strike(&self, handling: impl Future<Output = Response<Body>> + Send) -> Response<Body> {
        let instead = if self.disconnect {
            Some(Response::new(Body::aborted()))
        } else {
            self.status.map(|status| self.answer(status))
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

    fn answer(&self, status: u16) -> Response<Body> {
        let bodiless = BODILESS.contains(&status);
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let (kind, body) = match &self.body {
            Some(Value::String(text)) => ("text/plain; charset=utf-8", text.clone()),
            Some(body) => ("application/json; charset=utf-8", body.to_string()),
            None if status.is_client_error() => {
                ("application/json; charset=utf-8", json!({"detail": detail(status)}).to_string())
            }
            None => (
                "text/html; charset=utf-8",
                format!("<!DOCTYPE html>\n<title>{status}</title>\n<h1>{status}</h1>\n"),
            ),
        };
        let mut response = Response::new(if bodiless { Body::empty() } else { Body::from(body) });
        *response.status_mut() = status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
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

/// Returns the fixed message of authentik's framework for this status, if it has one.
fn detail(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "Incorrect authentication credentials.",
        StatusCode::FORBIDDEN => "You do not have permission to perform this action.",
        StatusCode::NOT_FOUND => "Not found.",
        StatusCode::TOO_MANY_REQUESTS => "Request was throttled.",
        status => status.canonical_reason().unwrap_or("The request failed."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_is_refused_with_its_reason() {
        let cases = [
            (json!({}), FaultError::Harmless),
            (json!({"operation": "plex_list", "status": 503}), FaultError::Operation("plex_list".to_owned())),
            (json!({"path": "sources/plex/", "status": 503}), FaultError::Path("sources/plex/".to_owned())),
            (
                json!({"path": "/api/v3/sources/plex/", "status": 503}),
                FaultError::Path("/api/v3/sources/plex/".to_owned()),
            ),
            (
                json!({"path": "/sources/plex/?page=1", "status": 503}),
                FaultError::Path("/sources/plex/?page=1".to_owned()),
            ),
            (json!({"status": 204, "body": "x"}), FaultError::Bodiless(204)),
            (
                json!({"status": 200, "body": "x", "headers": {"Content-Length": "3"}}),
                FaultError::Connection(CONTENT_LENGTH),
            ),
            (json!({"status": 503, "times": 0}), FaultError::Never),
            (json!({"status": 503, "disconnect": true}), FaultError::Both),
            (json!({"status": 101}), FaultError::Status(101)),
            (json!({"disconnect": true, "body": {}}), FaultError::NoAnswer("body")),
            (json!({"delay_ms": 1, "headers": {"a": "b"}}), FaultError::NoAnswer("headers")),
            (json!({"status": 503, "headers": {"a b": "c"}}), FaultError::Header("a b".to_owned())),
        ];
        for (fault, expected) in cases {
            let parsed: Fault = serde_json::from_value(fault.clone()).unwrap();
            assert_eq!(parsed.check(), Err(expected), "{fault}");
        }
    }

    #[test]
    fn an_answer_says_what_authentik_would_unless_told_otherwise() {
        let answer = |fault: Value| {
            let fault: Fault = serde_json::from_value(fault).unwrap();
            let response = fault.answer(fault.status.unwrap());
            let kind = response.headers()[CONTENT_TYPE].to_str().unwrap().to_owned();
            (kind, String::from_utf8(response.body().as_bytes().unwrap().to_vec()).unwrap())
        };
        let json = "application/json; charset=utf-8".to_owned();
        assert_eq!(answer(json!({"status": 404})), (json.clone(), r#"{"detail":"Not found."}"#.to_owned()));
        assert_eq!(
            answer(json!({"status": 400, "body": {"name": ["No."]}})),
            (json, r#"{"name":["No."]}"#.to_owned())
        );
        assert_eq!(answer(json!({"status": 502})).0, "text/html; charset=utf-8");
        let own = json!({"status": 200, "body": "{", "headers": {"Content-Type": "application/json"}});
        assert_eq!(answer(own), ("application/json".to_owned(), "{".to_owned()));
    }
}
