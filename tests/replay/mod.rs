//! Replay: the stub, started on the fixture of the recordings, gives every recorded answer of authentik 2024.8
//! (Django REST framework 3.14, PostgreSQL 15), except where `authentik_stub::DEVIATIONS` says otherwise and why. Every
//! answer of an operation is held against the document besides. All of this is so whether dropshot carries the service,
//! the listener does, or nothing at all.

mod case;
mod compare;
mod exchange;

use std::collections::BTreeMap;

use authentik_sources_api::{BASE_PATH, OPERATIONS};
use authentik_stub::api::{self, Api, ByStore};
use authentik_stub::{Carrier, DEVIATIONS, Deviation, Fixture, Stub};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use openapi_django::server::{Django, PATH_RULES};
use openapi_server_runtime::route::Router;
use openapi_server_runtime::serve::serve;
use openapi_server_runtime::service::Service;

use crate::conformance::Contract;
use crate::wire::Connection;
pub use case::FIXTURE;
use case::{Answer, Case, Kind, Step, Wire};

/// The number of recorded cases. Without it, a missing case would look like success.
const RECORDED: usize = 811;

/// The headers that only a carrier sets, and the one that differs from answer to answer.
const OF_THE_CARRIER: [&str; 4] = ["content-length", "date", "x-authentik-id", "x-request-id"];

#[tokio::test]
async fn the_stub_answers_every_recorded_case_like_authentik_whatever_carries_it() {
    let dropshot = replay(Carried::by(Carrier::Dropshot).await, |_| true).await;
    let not_by_dropshot = |deviation: &Deviation| !deviation.by_dropshot;
    for other in [Carried::by(Carrier::Hyper).await, Carried::Directly(service())] {
        let other = replay(other, not_by_dropshot).await;
        for (id, heads) in &dropshot {
            if !DEVIATIONS.iter().any(|deviation| deviation.cases.contains(&id.as_str())) {
                assert_eq!(heads, &other[id], "{id}");
            }
        }
    }
}

/// The stub, as requests reach it.
enum Carried {
    Over(Stub, Connection),
    Directly(Service<ByStore, Api, Django>),
}

impl Carried {
    async fn by(carrier: Carrier) -> Self {
        let stub =
            Stub::builder().fixture(fixture()).carrier(carrier).start().await.expect("the stub starts");
        let connection = Connection::open(stub.address().as_tcp().expect("a port")).await;
        Self::Over(stub, connection)
    }

    async fn send(&mut self, request: Request<Vec<u8>>) -> Response<Bytes> {
        match self {
            Self::Over(_, connection) => connection.send(request).await,
            Self::Directly(service) => {
                let (head, body) = serve(service, request.map(Full::<Bytes>::from)).await.into_parts();
                Response::from_parts(head, body.collect().await.expect("the answer is whole").to_bytes())
            }
        }
    }

    fn reset(&self) {
        let reset = match self {
            Self::Over(stub, _) => stub.reset(),
            Self::Directly(service) => service.api().reset(),
        };
        reset.expect("the stub goes back to its fixture");
    }
}

fn fixture() -> Fixture {
    Fixture::parse("fixture.json", FIXTURE).expect("the recorded fixture is valid")
}

fn service() -> Service<ByStore, Api, Django> {
    let api = Api::new(&fixture()).expect("the recorded fixture can be loaded");
    api.service().with_dialect(api::dialect())
}

/// The status and the headers of a response, as far as the service decides them.
type Head = (u16, Vec<(String, String)>);

fn head(response: &Response<Bytes>) -> Head {
    let headers = response.headers().iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let mut headers: Vec<_> = headers.filter(|(name, _)| !OF_THE_CARRIER.contains(&name.as_str())).collect();
    headers.sort();
    (response.status().as_u16(), headers)
}

/// Replays every case and fails for a response that is not the recorded one, except for the deviations that `applies`
/// picks. Returns the heads of the responses by case.
async fn replay(mut stub: Carried, applies: impl Fn(&Deviation) -> bool) -> BTreeMap<String, Vec<Head>> {
    let (tokens, wire) = (case::tokens(), Wire::recorded());
    let (contract, router) = (Contract::canonical(), Router::new(BASE_PATH, OPERATIONS, PATH_RULES));
    let mut failures: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut groups: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut all_heads = BTreeMap::new();
    let cases: Vec<Case> = case::cases();
    for case in &cases {
        let (mut problems, mut heads) = (Vec::new(), Vec::new());
        for step in &case.steps {
            let response = stub.send(exchange::request(step, &tokens)).await;
            heads.push(head(&response));
            let actual = exchange::answer(&response);
            let found = compare::problems(&step.compare, &step.expect, &actual, &wire);
            let violations = violations(&contract, &router, step, &actual);
            let found = found.into_iter().chain(violations);
            problems.extend(found.map(|problem| format!("{} {}: {problem}", step.method, step.path)));
        }
        all_heads.insert(case.id.clone(), heads);
        let (passed, failed) = groups.entry(case.group.clone()).or_default();
        if problems.is_empty() {
            *passed += 1;
        } else {
            *failed += 1;
            failures.insert(case.id.clone(), problems);
        }
        if case.mutates {
            stub.reset();
        }
    }

    for (group, (passed, failed)) in &groups {
        println!("{group:34} {passed:4} as recorded {failed:4} not");
    }
    let deviations: Vec<&Deviation> = DEVIATIONS.iter().filter(|deviation| applies(deviation)).collect();
    let excused = |id: &String| deviations.iter().any(|deviation| deviation.cases.contains(&id.as_str()));
    let surprises: Vec<_> = failures.iter().filter(|(id, _)| !excused(id)).collect();
    assert!(
        surprises.is_empty(),
        "{} answers differ from the recorded ones: {surprises:#?}",
        surprises.len()
    );
    let passed = cases.len() - failures.len();
    let listed: usize = deviations.iter().map(|deviation| deviation.cases.len()).sum();
    assert_eq!(passed + listed, RECORDED, "a case that passes is no longer a deviation");
    all_heads
}

/// Returns the violations of the document in a JSON response, if an operation gave it.
fn violations(contract: &Contract, router: &Router, step: &Step, answer: &Answer) -> Vec<String> {
    let path = format!("{BASE_PATH}{}", step.path.split('?').next().unwrap_or_default());
    let method = step.method.parse().expect("a recorded method");
    let operation = router.find(&path).and_then(|matched| matched.route.operation(&method));
    match (operation, answer.kind) {
        (Some(operation), Kind::Json) => contract.violations(operation, answer.status, answer.body.as_ref()),
        _ => Vec::new(),
    }
}
