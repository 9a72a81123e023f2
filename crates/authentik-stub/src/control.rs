//! The stub's own routes, beside the API: they put the first objects back, make requests fail, tell that the server is
//! there, and show the API's document. [`Guard`] decides who may use them.

mod guard;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use openapi_resources::journal::JournalError;
use openapi_server_runtime::response::Body;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::faults::{Fault, Faults};

pub use guard::{ControlToken, ControlTokenError, Guard, Refusal};

/// The beginning of every path that is the control API's.
const PREFIX: &str = "/-/";

/// The action of one of these routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Reset,
    AddFaults,
    ListFaults,
    ClearFaults,
    Health,
    Document,
}

/// Every route: its path, its method, and what it does.
const ROUTES: &[(&str, Method, Action)] = &[
    ("/-/reset", Method::POST, Action::Reset),
    ("/-/faults", Method::POST, Action::AddFaults),
    ("/-/faults", Method::GET, Action::ListFaults),
    ("/-/faults", Method::DELETE, Action::ClearFaults),
    ("/-/health", Method::GET, Action::Health),
    ("/-/openapi.json", Method::GET, Action::Document),
];

/// An API that is controlled by these routes.
pub(crate) trait Controlled: Sync {
    /// Returns what decides who may use them.
    fn guard(&self) -> &Guard;

    /// Returns the planned faults.
    fn faults(&self) -> &Faults;

    /// Begins anew.
    fn reset(&self) -> impl Future<Output = Result<(), JournalError>> + Send;

    /// Returns an error if changes cannot be kept.
    fn check(&self) -> impl Future<Output = Result<(), JournalError>> + Send;

    /// Returns the numbers of objects, by what they are called.
    fn counts(&self) -> Vec<(String, usize)>;

    /// Returns the document of the API, as JSON.
    fn document(&self) -> &'static str;
}

/// Answers a request for one of these routes; `None` if it is for another path. Who may not use the control API does not
/// learn which routes it has.
pub(crate) async fn answer(api: &impl Controlled, request: &Request<Bytes>) -> Option<Response<Body>> {
    if request.uri().path().starts_with(PREFIX)
        && let Err(refusal) = api.guard().check(request.uri(), request.headers())
    {
        return Some(refused(&refusal));
    }
    let here: Vec<_> = ROUTES.iter().filter(|(path, ..)| *path == request.uri().path()).collect();
    if here.is_empty() {
        return None;
    }
    let Some((_, _, action)) = here.iter().find(|(_, method, _)| method == request.method()) else {
        let known = here.iter().map(|(_, method, _)| method.as_str()).collect::<Vec<_>>().join(", ");
        let mut refused = detail(StatusCode::METHOD_NOT_ALLOWED, &format!("Use {known}."));
        refused.headers_mut().extend(HeaderValue::from_str(&known).ok().map(|known| (ALLOW, known)));
        return Some(refused);
    };
    Some(match action {
        Action::Reset => reset(api).await,
        Action::AddFaults => add_faults(api, request.body()),
        Action::ListFaults => json(StatusCode::OK, json!(api.faults().list()).to_string()),
        Action::ClearFaults => {
            api.faults().clear();
            done()
        }
        Action::Health => health(api).await,
        Action::Document => json(StatusCode::OK, api.document()),
    })
}

fn refused(refusal: &Refusal) -> Response<Body> {
    let mut refused = detail(refusal.status(), &refusal.to_string());
    if refusal.status() == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Bearer realm=\"control API of the stub\"");
        refused.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    refused
}

async fn reset(api: &impl Controlled) -> Response<Body> {
    match api.reset().await {
        Ok(()) => done(),
        Err(error) => {
            tracing::error!(%error, "the first objects were not put back");
            let status = match error {
                JournalError::Unwritable { .. } => StatusCode::INSUFFICIENT_STORAGE,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            };
            detail(status, &error.advice())
        }
    }
}

/// One fault, or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    Many(Vec<Value>),
    One(Value),
}

fn add_faults(api: &impl Controlled, body: &[u8]) -> Response<Body> {
    let refused = |message: String| detail(StatusCode::BAD_REQUEST, &message);
    let faults = match serde_json::from_slice(body) {
        Ok(OneOrMany::Many(faults)) => faults,
        Ok(OneOrMany::One(fault)) => vec![fault],
        Err(error) => {
            return refused(format!("the body is no JSON: {error}; send a fault, or a list of them"));
        }
    };
    let mut planned = Vec::new();
    for fault in faults {
        match serde_path_to_error::deserialize::<_, Fault>(fault) {
            Ok(fault) => planned.push(fault),
            Err(error) => {
                return refused(format!(
                    "fault {}, at {}: {}",
                    planned.len() + 1,
                    error.path(),
                    error.inner()
                ));
            }
        }
    }
    match api.faults().add(planned) {
        Ok(()) => json(StatusCode::CREATED, json!(api.faults().list()).to_string()),
        Err(error) => refused(error.to_string()),
    }
}

async fn health(api: &impl Controlled) -> Response<Body> {
    let (status, mut report) = match api.check().await {
        Ok(()) => (StatusCode::OK, json!({"status": "ok"})),
        Err(error) => {
            let report = json!({"status": "read-only", "detail": error.advice()});
            (StatusCode::SERVICE_UNAVAILABLE, report)
        }
    };
    for (table, count) in api.counts() {
        report[table] = json!(count);
    }
    json(status, report.to_string())
}

fn done() -> Response<Body> {
    let mut done = Response::new(Body::empty());
    *done.status_mut() = StatusCode::NO_CONTENT;
    done
}

fn detail(status: StatusCode, message: &str) -> Response<Body> {
    json(status, json!({"detail": message}).to_string())
}

fn json(status: StatusCode, text: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}
