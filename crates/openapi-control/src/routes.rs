//! The routes of the control API: they begin anew, make requests fail, tell what the server saw and that it is there, and show
//! the API's document. [`Guard`](crate::guard::Guard) decides who may use them.

use bytes::Bytes;
use http::header::{ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use openapi_server_runtime::response::Body;
use serde_json::{Value, json};

use crate::control::{Control, PREFIX};
use crate::events::Following;
use crate::expectation::{Criteria, Expectation, parse_method, parse_status};
use crate::fault::Fault;
use crate::guard::Refusal;
use crate::json;
use crate::pattern::Pattern;
use crate::show::{self, Details};
use crate::verify::{self, Outcome};

/// The action of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    Reset,
    AddFaults,
    ListFaults,
    ClearFaults,
    RemoveFault,
    ListRequests,
    ClearRequests,
    Verify,
    Health,
    Document,
}

/// Every route: its path, its method, and what it does. `HEAD` is answered wherever `GET` is.
const ROUTES: &[(&str, Method, Action)] = &[
    ("/-/reset", Method::POST, Action::Reset),
    ("/-/faults", Method::POST, Action::AddFaults),
    ("/-/faults", Method::GET, Action::ListFaults),
    ("/-/faults", Method::DELETE, Action::ClearFaults),
    ("/-/faults/*", Method::DELETE, Action::RemoveFault),
    ("/-/requests", Method::GET, Action::ListRequests),
    ("/-/requests", Method::DELETE, Action::ClearRequests),
    ("/-/verify", Method::POST, Action::Verify),
    ("/-/health", Method::GET, Action::Health),
    ("/-/openapi.json", Method::GET, Action::Document),
];

/// The reason why an API did not do what the control API asked of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ControlError {
    /// Changes cannot be kept at the moment, with the reason; what was kept can be read. Answered with 507.
    #[error("{0}")]
    NotKept(String),
    /// It failed, with the reason. Answered with 500.
    #[error("{0}")]
    Failed(String),
}

/// An API that is controlled by these routes.
///
/// Methods are declared as returning futures so that they are `Send`; implement them with `async fn`.
pub trait Controlled: Sync {
    /// Returns the control API.
    fn control(&self) -> &Control;

    /// Puts the first state back. Faults and the journal are cleared besides.
    fn restore(&self) -> impl Future<Output = Result<(), ControlError>> + Send;

    /// Returns an error if changes cannot be kept. By default they can.
    fn check(&self) -> impl Future<Output = Result<(), ControlError>> + Send {
        async { Ok(()) }
    }

    /// Returns the numbers of objects, by what they are called.
    fn counts(&self) -> Vec<(String, usize)>;
}

/// Begins anew: the first state is there again, nothing goes wrong any more, and nothing was seen.
///
/// # Errors
/// If the first state cannot be put back.
pub async fn reset(api: &impl Controlled) -> Result<(), ControlError> {
    api.control().clear();
    api.restore().await
}

/// Answers a request for a route of the control API; `None` if it is for another path. Who may not use the control API does not
/// learn which routes it has. A host calls it from [`Host::fallback`](openapi_server_runtime::host::Host::fallback).
pub async fn answer(api: &impl Controlled, request: &Request<Bytes>) -> Option<Response<Body>> {
    let (control, path) = (api.control(), request.uri().path());
    if path.starts_with(PREFIX)
        && let Err(refusal) = control.guard().check(request.uri(), request.headers())
    {
        return Some(refused(&refusal));
    }
    let here: Vec<_> = ROUTES.iter().filter(|(route, ..)| Pattern::new(*route).fits(path)).collect();
    if here.is_empty() {
        return None;
    }
    let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    let Some((_, _, action)) = here.iter().find(|(_, known, _)| known == method) else {
        return Some(not_allowed(here.iter().map(|(_, method, _)| method)));
    };
    Some(match action {
        Action::Reset => match reset(api).await {
            Ok(()) => done(),
            Err(error) => {
                tracing::error!(%error, "the first state was not put back");
                failed(&error)
            }
        },
        Action::AddFaults => add_faults(control, request.body()),
        Action::ListFaults => answered(StatusCode::OK, &json!(control.faults().list())),
        Action::ClearFaults => {
            control.faults().clear();
            done()
        }
        Action::RemoveFault => remove_fault(control, path.rsplit('/').next().unwrap_or_default()),
        Action::ListRequests => list_requests(control, request),
        Action::ClearRequests => {
            control.journal().clear();
            done()
        }
        Action::Verify => verify(control, request.body()),
        Action::Health => health(api).await,
        Action::Document => json(StatusCode::OK, control.document().to_owned()),
    })
}

fn refused(refusal: &Refusal) -> Response<Body> {
    let mut refused = detail(refusal.status(), &refusal.to_string());
    if refusal.status() == StatusCode::UNAUTHORIZED {
        let challenge = HeaderValue::from_static("Bearer realm=\"control API\"");
        refused.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    refused
}

fn not_allowed<'a>(known: impl Iterator<Item = &'a Method>) -> Response<Body> {
    let with_head = known.flat_map(|method| {
        let head = (*method == Method::GET).then_some("HEAD");
        [Some(method.as_str()), head].into_iter().flatten()
    });
    let known = with_head.collect::<Vec<_>>().join(", ");
    let mut refused = detail(StatusCode::METHOD_NOT_ALLOWED, &format!("Use {known}."));
    refused.headers_mut().extend(HeaderValue::from_str(&known).ok().map(|known| (ALLOW, known)));
    refused
}

fn failed(error: &ControlError) -> Response<Body> {
    let status = match error {
        ControlError::NotKept(_) => StatusCode::INSUFFICIENT_STORAGE,
        ControlError::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    detail(status, &error.to_string())
}

fn add_faults(control: &Control, body: &[u8]) -> Response<Body> {
    let faults: Vec<Fault> = match json::one_or_many(body, "fault") {
        Ok(faults) => faults,
        Err(error) => return detail(StatusCode::BAD_REQUEST, &error),
    };
    match control.faults().add(faults) {
        Ok(_) => answered(StatusCode::CREATED, &json!(control.faults().list())),
        Err(error) => detail(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

fn remove_fault(control: &Control, id: &str) -> Response<Body> {
    match id.parse() {
        Ok(number) if control.faults().remove(number) => done(),
        _ => detail(StatusCode::NOT_FOUND, &format!("There is no fault `{id}`.")),
    }
}

/// The requests that a query asks for.
#[derive(Default)]
struct Wanted {
    criteria: Criteria,
    details: Details,
    since: u64,
    limit: Option<usize>,
}

impl Wanted {
    fn parse(control: &Control, query: &str) -> Result<Self, String> {
        let mut wanted = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let at = |reason: String| format!("{name}: {reason}");
            let flag = || value.parse().map_err(|_| at(format!("`{value}` is neither true nor false")));
            let number = || value.parse().map_err(|_| at(format!("`{value}` is no number")));
            let (criteria, details) = (&mut wanted.criteria, &mut wanted.details);
            match name.as_ref() {
                "operation" => criteria.operation = Some(value.clone().into_owned()),
                "method" => criteria.method = Some(parse_method(&value).map_err(at)?),
                "path" => criteria.path = Some(Pattern::new(value.clone())),
                "status" => criteria.status = Some(parse_status(&value).map_err(at)?),
                "since" => wanted.since = number()?,
                "limit" => wanted.limit = Some(usize::try_from(number()?).unwrap_or(usize::MAX)),
                "bodies" => details.bodies = flag()?,
                "headers" => details.headers = flag()?,
                _ => {
                    let known = "operation, method, path, status, since, limit, bodies and headers";
                    return Err(format!("there is no parameter `{name}`; there are {known}"));
                }
            }
        }
        wanted.criteria.check(control.journal().api()).map_err(|problem| problem.to_string())?;
        Ok(wanted)
    }
}

fn list_requests(control: &Control, request: &Request<Bytes>) -> Response<Body> {
    let mut wanted = match Wanted::parse(control, request.uri().query().unwrap_or_default()) {
        Ok(wanted) => wanted,
        Err(error) => return detail(StatusCode::BAD_REQUEST, &error),
    };
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    if header(ACCEPT.as_str()).is_some_and(|accept| accept.contains(EVENTS)) {
        // A client that was interrupted goes on where it was.
        let last = header("last-event-id").and_then(|id| id.parse().ok());
        wanted.since = last.unwrap_or(wanted.since);
        let Wanted { criteria, details, since, limit } = wanted;
        let following =
            Following::new(std::sync::Arc::clone(control.journal()), criteria, details, since, limit);
        let mut response = Response::new(Body::stream(following.events()));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(EVENTS));
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        return response;
    }
    let entries = control.journal().since(wanted.since);
    let entries = verify::select(&wanted.criteria, &entries, control.journal().secrets());
    let first = wanted.limit.map_or(0, |limit| entries.len().saturating_sub(limit));
    let shown = entries
        .iter()
        .skip(first)
        .map(|entry| show::entry(entry, wanted.details, control.journal().secrets()));
    answered(StatusCode::OK, &Value::Array(shown.collect()))
}

/// The media type of server-sent events.
const EVENTS: &str = "text/event-stream";

fn verify(control: &Control, body: &[u8]) -> Response<Body> {
    let expectations: Vec<Expectation> = match json::one_or_many(body, "expectation") {
        Ok(expectations) => expectations,
        Err(error) => return detail(StatusCode::BAD_REQUEST, &error),
    };
    for (expectation, number) in expectations.iter().zip(1..) {
        if let Err(problem) = expectation.check(control.journal().api()) {
            return detail(StatusCode::BAD_REQUEST, &format!("expectation {number}, at {problem}"));
        }
    }
    let entries = control.journal().since(0);
    let outcomes = expectations
        .iter()
        .map(|expectation| verify::verify(expectation, &entries, control.journal().secrets()));
    let outcomes: Vec<Outcome> = outcomes.collect();
    let results = outcomes.iter().map(|Outcome { found, mismatch }| {
        let ids: Vec<u64> = found.iter().map(|entry| entry.id()).collect();
        let mut result = json!({"holds": mismatch.is_none(), "count": ids.len(), "requests": ids});
        if let Some(mismatch) = mismatch {
            result["detail"] = json!(mismatch.message);
            result["nearest"] = json!(mismatch.nearest);
        }
        result
    });
    let results: Vec<Value> = results.collect();
    let details = outcomes.iter().filter_map(|outcome| Some(outcome.mismatch.as_ref()?.message.as_str()));
    let details: Vec<&str> = details.collect();
    if details.is_empty() {
        return answered(StatusCode::OK, &json!({"results": results}));
    }
    answered(StatusCode::EXPECTATION_FAILED, &json!({"detail": details.join("\n"), "results": results}))
}

async fn health(api: &impl Controlled) -> Response<Body> {
    let (status, mut report) = match api.check().await {
        Ok(()) => (StatusCode::OK, json!({"status": "ok"})),
        Err(error) => {
            let report = json!({"status": "read-only", "detail": error.to_string()});
            (StatusCode::SERVICE_UNAVAILABLE, report)
        }
    };
    for (name, count) in api.counts() {
        report[name] = json!(count);
    }
    answered(status, &report)
}

fn done() -> Response<Body> {
    let mut done = Response::new(Body::empty());
    *done.status_mut() = StatusCode::NO_CONTENT;
    done
}

fn detail(status: StatusCode, message: &str) -> Response<Body> {
    answered(status, &json!({"detail": message}))
}

fn answered(status: StatusCode, value: &Value) -> Response<Body> {
    json(status, value.to_string())
}

fn json(status: StatusCode, text: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}
