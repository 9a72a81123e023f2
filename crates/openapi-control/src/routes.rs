//! The routes of the control API: they begin anew, export and restore rows, list worlds, make requests fail, tell what the server saw and that it is there, show
//! the API's document, and have a page for people. [`Guard`](crate::guard::Guard) decides who may use them.

mod about;
mod answers;
mod clock;
mod coverage;
mod document;

use std::sync::Arc;

use bytes::Bytes;
use http::header::{ACCEPT, ALLOW, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use openapi_resources::server::status_not_kept;
use openapi_resources::worlds::{Opened, World, WorldError, Worlds, within};
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::request::RequestLine;
use openapi_server_runtime::response::Body;
use openapi_server_runtime::undeclared::Undeclared;
use serde_json::{Value, json};

use crate::api::PREFIX;
use crate::control::Control;
use crate::events::Following;
use crate::expectation::{Criteria, Expectation, parse_method, parse_status};
use crate::fault::Fault;
use crate::guard::Refusal;
use crate::json;
use crate::metrics;
use crate::observed;
use crate::pattern::Pattern;
use crate::reply::{answered, detail, done, json, text};
use crate::show::{self, Details};
use crate::verify::{self, Outcome};
use crate::world;

/// The paths that anyone may ask.
const OPEN: [&str; 2] = ["/-/health/live/", "/-/health/ready/"];

/// The action of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Action {
    About,
    Page,
    Reset,
    AddFaults,
    ListFaults,
    ClearFaults,
    RemoveFault,
    AddAnswers,
    ListAnswers,
    ClearAnswers,
    RemoveAnswer,
    ListScenarios,
    ResetScenarios,
    SetScenario,
    ListRequests,
    ClearRequests,
    ShowRequest,
    Verify,
    ShowCoverage,
    ResetCoverage,
    ShowState,
    SetState,
    ListSnapshots,
    SaveSnapshot,
    RestoreSnapshot,
    RemoveSnapshot,
    ShowClock,
    SetClock,
    Metrics,
    ListWorlds,
    RemoveWorld,
    Health,
    Alive,
    Ready,
    Document,
    ControlDocument,
}

/// Every route: its path, its method, and what it does. `HEAD` is answered wherever `GET` is.
const ROUTES: &[(&str, Method, Action)] = &[
    ("/-/", Method::GET, Action::Page),
    ("/-/page/*", Method::GET, Action::Page),
    ("/-/about", Method::GET, Action::About),
    ("/-/reset", Method::POST, Action::Reset),
    ("/-/faults", Method::POST, Action::AddFaults),
    ("/-/faults", Method::GET, Action::ListFaults),
    ("/-/faults", Method::DELETE, Action::ClearFaults),
    ("/-/faults/*", Method::DELETE, Action::RemoveFault),
    ("/-/answers", Method::POST, Action::AddAnswers),
    ("/-/answers", Method::GET, Action::ListAnswers),
    ("/-/answers", Method::DELETE, Action::ClearAnswers),
    ("/-/answers/*", Method::DELETE, Action::RemoveAnswer),
    ("/-/scenarios", Method::GET, Action::ListScenarios),
    ("/-/scenarios", Method::DELETE, Action::ResetScenarios),
    ("/-/scenarios/*", Method::PUT, Action::SetScenario),
    ("/-/requests", Method::GET, Action::ListRequests),
    ("/-/requests", Method::DELETE, Action::ClearRequests),
    ("/-/requests/*", Method::GET, Action::ShowRequest),
    ("/-/verify", Method::POST, Action::Verify),
    ("/-/coverage", Method::GET, Action::ShowCoverage),
    ("/-/coverage", Method::DELETE, Action::ResetCoverage),
    ("/-/state", Method::GET, Action::ShowState),
    ("/-/state", Method::PUT, Action::SetState),
    ("/-/snapshots", Method::GET, Action::ListSnapshots),
    ("/-/snapshots/*", Method::PUT, Action::SaveSnapshot),
    ("/-/snapshots/*", Method::DELETE, Action::RemoveSnapshot),
    ("/-/snapshots/*/restore", Method::POST, Action::RestoreSnapshot),
    ("/-/clock", Method::GET, Action::ShowClock),
    ("/-/clock", Method::POST, Action::SetClock),
    ("/-/metrics", Method::GET, Action::Metrics),
    ("/-/worlds", Method::GET, Action::ListWorlds),
    ("/-/worlds/*", Method::DELETE, Action::RemoveWorld),
    ("/-/health", Method::GET, Action::Health),
    ("/-/health/live/", Method::GET, Action::Alive),
    ("/-/health/ready/", Method::GET, Action::Ready),
    ("/-/openapi.json", Method::GET, Action::Document),
    ("/-/control.json", Method::GET, Action::ControlDocument),
];

/// An API that is controlled by these routes.
pub trait Controlled: Sync {
    /// The things that the API knows of a world besides its rows.
    type Extra: Default + Send + Sync + 'static;

    /// Returns the control API.
    fn control(&self) -> &Control;

    /// Returns credentials that the API takes, for people who try it: of security schemes, by their names. By default there
    /// are none.
    fn credentials(&self) -> Vec<(String, String)> {
        Vec::new()
    }

    /// Returns the worlds, of which each request has one.
    fn worlds(&self) -> &Worlds<Self::Extra>;

    /// Is told that the rows of a world are others. By default nothing follows from that.
    fn replaced(&self, world: &World<Self::Extra>) {
        let _ = world;
    }

    /// Returns the responses that the API gives to an operation beside those of its document and its dialect. By default it
    /// gives none.
    fn undeclared(&self, operation: &'static Operation) -> Vec<Undeclared> {
        let _ = operation;
        Vec::new()
    }

    /// Returns the numbers of objects, by what they are called.
    fn counts(&self) -> Vec<(String, usize)> {
        self.worlds().current().store.counts()
    }
}

/// Begins anew: the first rows of the world are there again, and the faults and answers for it alone are removed. In the first
/// world, nothing goes wrong any more, no answers are one's own and nothing was seen, besides, in any world.
///
/// # Errors
/// If the journal of the store does not keep it.
pub fn reset<A: Controlled>(api: &A, world: &World<A::Extra>) -> Result<(), WorldError> {
    replace(api, world, World::reset)?;
    match world.name() {
        Some(name) => api.control().clear_world(name),
        None => api.control().clear(),
    }
    Ok(())
}

/// Drops a world. The faults and answers for it alone are removed, also if there is no world of this name yet.
///
/// # Errors
/// If there is none of this name.
pub fn close_world<A: Controlled>(api: &A, name: &str) -> Result<(), WorldError> {
    api.control().clear_world(name);
    api.worlds().close(name)
}

/// Returns a world that was asked for. The faults and answers for those that were dropped meanwhile are removed.
pub fn opened<A: Controlled>(api: &A, opened: Opened<A::Extra>) -> Arc<World<A::Extra>> {
    opened.dropped.iter().for_each(|name| api.control().clear_world(name));
    opened.world
}

/// Drops a world if nobody else holds it, with the faults and answers for it alone.
pub fn release_world<A: Controlled>(api: &A, world: &World<A::Extra>) {
    if api.worlds().release(world) {
        api.control().clear_world(world.name().unwrap_or_default());
    }
}

/// Replaces the rows of a world with those that `work` gives it, and tells the API.
///
/// # Errors
/// If `work` fails.
pub fn replace<A: Controlled>(
    api: &A,
    world: &World<A::Extra>,
    work: impl FnOnce(&World<A::Extra>) -> Result<(), WorldError>,
) -> Result<(), WorldError> {
    work(world)?;
    api.replaced(world);
    Ok(())
}

/// Returns the response of `handling` in the world that the request names, or what a fault makes of it. A host calls it from
/// [`Host::middleware`](openapi_server_runtime::host::Host::middleware).
pub async fn middleware<A: Controlled>(
    api: &A,
    line: &RequestLine<'_>,
    handling: impl Future<Output = Response<Body>> + Send,
) -> Response<Body> {
    match world_of(api, line.headers) {
        Ok(world) => within(world, api.control().middleware(line, handling)).await,
        Err(error) => failed(&error),
    }
}

/// Returns the world that headers name, which is there from now on.
fn world_of<A: Controlled>(api: &A, headers: &HeaderMap) -> Result<Option<Arc<World<A::Extra>>>, WorldError> {
    let Some(name) = world::of(headers) else { return Ok(None) };
    let name = std::str::from_utf8(name);
    let found = api.worlds().open(name.map_err(|_| WorldError::Name(world::WORLD.to_owned()))?)?;
    Ok(Some(opened(api, found)))
}

/// Answers a request for a route of the control API, or for another path that an answer of one's own is for; `None` for any
/// other. Who may not use the control API does not
/// learn which routes it has. A host calls it from [`Host::fallback`](openapi_server_runtime::host::Host::fallback).
pub async fn answer(api: &impl Controlled, request: &Request<Bytes>) -> Option<Response<Body>> {
    let path = request.uri().path();
    if !path.starts_with(PREFIX) {
        return api.control().own_answer(request);
    }
    if let Err(refusal) = api.control().guard().check(request.uri(), request.headers())
        && !is_open(path, &refusal)
    {
        return Some(refused(&refusal));
    }
    match world_of(api, request.headers()) {
        Ok(world) => within(world, async { routed(api, request) }).await,
        Err(error) => Some(failed(&error)),
    }
}

/// Returns `true` if a path may be asked in spite of a refusal. What waits for the server does not have its token, and the page
/// asks for it.
fn is_open(path: &str, refusal: &Refusal) -> bool {
    OPEN.contains(&path)
        || (refusal.status() == StatusCode::UNAUTHORIZED && crate::page::asset(path).is_some())
}

fn routed(api: &impl Controlled, request: &Request<Bytes>) -> Option<Response<Body>> {
    let (control, path) = (api.control(), request.uri().path());
    let here: Vec<_> = ROUTES.iter().filter(|(route, ..)| Pattern::new(*route).fits(path)).collect();
    if here.is_empty() {
        return None;
    }
    let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    let Some((_, _, action)) = here.iter().find(|(_, known, _)| known == method) else {
        return Some(not_allowed(here.iter().map(|(_, method, _)| method)));
    };
    Some(match action {
        Action::About => {
            let routes = ROUTES.iter().map(|(path, method, _)| (method, *path));
            answered(StatusCode::OK, &about::tell(control, api.credentials(), routes))
        }
        Action::Page => match crate::page::asset(path) {
            Some(asset) => asset.response(),
            None => return None,
        },
        Action::Reset => outcome(reset(api, &api.worlds().current())),
        Action::ShowState => answered(StatusCode::OK, &api.worlds().current().store.export()),
        Action::SetState => match serde_json::from_slice::<Value>(request.body()) {
            Ok(state) => outcome(replace(api, &api.worlds().current(), |world| world.import(&state))),
            Err(error) => detail(StatusCode::BAD_REQUEST, &format!("The body is no JSON: {error}.")),
        },
        Action::ListSnapshots => answered(StatusCode::OK, &json!(api.worlds().current().snapshots())),
        Action::SaveSnapshot => outcome(api.worlds().current().save_snapshot(name(path))),
        Action::RestoreSnapshot => {
            let restored = |world: &World<_>| world.restore_snapshot(name(path));
            outcome(replace(api, &api.worlds().current(), restored))
        }
        Action::RemoveSnapshot => outcome(api.worlds().current().remove_snapshot(name(path))),
        Action::ShowClock => clock::show(control.supply()),
        Action::SetClock => clock::change(control.supply(), request.body()),
        Action::Metrics => text(metrics::MEDIA_TYPE, control.metrics(api.worlds().names().len())),
        Action::ListWorlds => answered(StatusCode::OK, &json!(api.worlds().names())),
        Action::RemoveWorld => outcome(close_world(api, name(path))),
        Action::AddFaults => add_faults(control, request.body()),
        Action::ListFaults => answered(StatusCode::OK, &json!(control.faults().list())),
        Action::ClearFaults => {
            control.faults().clear();
            done()
        }
        Action::RemoveFault => remove_fault(control, name(path)),
        Action::AddAnswers => answers::add(control, request.body()),
        Action::ListAnswers => answered(StatusCode::OK, &json!(control.answers().list())),
        Action::ClearAnswers => {
            control.answers().clear();
            done()
        }
        Action::RemoveAnswer => answers::remove(control, name(path)),
        Action::ListScenarios => answered(StatusCode::OK, &json!(control.answers().scenarios())),
        Action::ResetScenarios => {
            control.answers().reset_scenarios();
            done()
        }
        Action::SetScenario => answers::set_scenario(control, name(path), request.body()),
        Action::ListRequests => list_requests(control, request),
        Action::ClearRequests => {
            control.journal().clear();
            done()
        }
        Action::ShowRequest => show_request(control, name(path)),
        Action::Verify => verify(control, request.body()),
        Action::ShowCoverage => coverage::show(control, request.headers()),
        Action::ResetCoverage => {
            control.reset_coverage();
            done()
        }
        Action::Health => health(api),
        Action::Alive => done(),
        Action::Ready => {
            let checked = api.worlds().current().store.check();
            checked.map_or_else(|error| detail(StatusCode::SERVICE_UNAVAILABLE, &error.advice()), |()| done())
        }
        Action::Document => shown(api, request.uri().query().unwrap_or_default()),
        Action::ControlDocument => document::show(),
    })
}

/// Answers with the document of the API, or with that of what is really answered.
fn shown(api: &impl Controlled, query: &str) -> Response<Body> {
    let control = api.control();
    if !form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "observed") {
        return json(StatusCode::OK, control.document().to_owned());
    }
    let known = control.journal().api();
    let undeclared = |operation| {
        let mut found = known.undeclared(operation);
        found.extend(api.undeclared(operation));
        found
    };
    let plan = api.worlds().plan();
    let described =
        observed::document(control.document(), known.tables().operations, undeclared, plan.definition());
    match described {
        Ok(document) => json(StatusCode::OK, document.to_string()),
        Err(error) => {
            detail(StatusCode::INTERNAL_SERVER_ERROR, &format!("The document is no JSON: {error}."))
        }
    }
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

/// Returns the name in a path, `/-/things/{name}` and what follows.
fn name(path: &str) -> &str {
    path.split('/').nth(3).unwrap_or_default()
}

fn outcome(outcome: Result<(), WorldError>) -> Response<Body> {
    outcome.map_or_else(|error| failed(&error), |()| done())
}

fn failed(error: &WorldError) -> Response<Body> {
    let status = match error {
        WorldError::NotKept(error) => {
            tracing::error!(%error, "the rows were not replaced");
            return detail(status_not_kept(error), &error.advice());
        }
        WorldError::Unknown(_) => StatusCode::NOT_FOUND,
        WorldError::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        WorldError::Name(_) | WorldError::State(_) => StatusCode::BAD_REQUEST,
        WorldError::OtherPlan => StatusCode::INTERNAL_SERVER_ERROR,
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
                "world" => criteria.world = Some(value.clone().into_owned()),
                "operation" => criteria.operation = Some(value.clone().into_owned()),
                "method" => criteria.method = Some(parse_method(&value).map_err(at)?),
                "path" => criteria.path = Some(Pattern::new(value.clone())),
                "status" => criteria.status = Some(parse_status(&value).map_err(at)?),
                "since" => wanted.since = number()?,
                "limit" => wanted.limit = Some(usize::try_from(number()?).unwrap_or(usize::MAX)),
                "bodies" => details.bodies = flag()?,
                "headers" => details.headers = flag()?,
                _ => {
                    let known = "world, operation, method, path, status, since, limit, bodies and headers";
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

fn show_request(control: &Control, id: &str) -> Response<Body> {
    let (journal, details) = (control.journal(), Details { headers: true, bodies: true });
    match id.parse().ok().and_then(|id| journal.find(id)) {
        Some(entry) => answered(StatusCode::OK, &show::entry(&entry, details, journal.secrets())),
        None => {
            detail(StatusCode::NOT_FOUND, &format!("There is no request `{id}`, or it is there no more."))
        }
    }
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

fn health(api: &impl Controlled) -> Response<Body> {
    let (status, mut report) = match api.worlds().current().store.check() {
        Ok(()) => (StatusCode::OK, json!({"status": "ok"})),
        Err(error) => {
            let report = json!({"status": "read-only", "detail": error.advice()});
            (StatusCode::SERVICE_UNAVAILABLE, report)
        }
    };
    for (name, count) in api.counts() {
        report[name] = json!(count);
    }
    answered(status, &report)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Returns the document of the control API.
    fn described() -> Value {
        serde_json::from_str(include_str!("../control.json")).expect("a document")
    }

    #[test]
    fn routes_and_document_agree() {
        let value = described();
        let paths = value["paths"].as_object().expect("paths").iter();
        let described: BTreeSet<(String, String)> = paths
            .flat_map(|(path, item)| {
                let route = path.split('/').map(|part| if part.starts_with('{') { "*" } else { part });
                let route = route.collect::<Vec<_>>().join("/");
                let methods = item.as_object().expect("operations").keys();
                methods.map(move |method| (route.clone(), method.to_uppercase())).collect::<Vec<_>>()
            })
            .collect();
        let routes = ROUTES.iter().map(|(route, method, _)| ((*route).to_owned(), method.to_string()));
        assert_eq!(described, routes.collect());
        let open = value["paths"].as_object().expect("paths").iter();
        let open = open.filter(|(_, item)| item["get"]["security"].as_array().is_some_and(Vec::is_empty));
        assert_eq!(open.map(|(path, _)| path.as_str()).collect::<Vec<_>>(), OPEN);
    }

    /// Returns the names of the properties that a value has.
    fn names(value: &impl serde::Serialize) -> BTreeSet<String> {
        let value = serde_json::to_value(value).expect("a value");
        value.as_object().expect("an object").keys().cloned().collect()
    }

    #[test]
    fn what_is_listed_is_described_as_what_was_sent_and_what_is_told_of_it() {
        let value = described();
        let described = |name: &str| names(&value["components"]["schemas"][name]["properties"]);
        let (fault, answer) = (Fault::default(), crate::Answer::default());
        let planned = crate::Planned { id: 1, fault: fault.clone(), skipped: 0, hits: 0 };
        let given = crate::Given { id: 1, answer: answer.clone(), hits: 0 };
        let told = &names(&planned) - &names(&fault);
        assert_eq!(described("PlannedFault"), &described("Fault") | &told);
        let told = &names(&given) - &names(&answer);
        assert_eq!(described("GivenAnswer"), &described("Answer") | &told);
    }

    #[test]
    fn the_document_describes_every_property_of_faults_and_answers_and_no_other() {
        let value = described();
        let described = |name: &str| -> BTreeSet<String> {
            let properties = value["components"]["schemas"][name]["properties"].as_object();
            properties.expect("properties").keys().cloned().collect()
        };
        // What serde expects is told where a property is unknown.
        let expected = |error: String| -> BTreeSet<String> {
            let names = error.split_once("expected one of ").expect("names").1;
            names.split(", ").map(|name| name.trim().trim_matches('`').to_owned()).collect()
        };
        let odd = br#"{"odd": 1}"#;
        let fault = json::one::<Fault>(odd).expect_err("an unknown property");
        let answer = json::one::<crate::Answer>(odd).expect_err("an unknown property");
        let when = json::one::<crate::When>(odd).expect_err("an unknown property");
        for (name, error) in [("Fault", fault), ("Answer", answer), ("When", when)] {
            assert_eq!(described(name), expected(error), "{name}");
        }
    }
}
