//! Replay: the stub, started on the fixture of the recordings, gives every recorded answer of authentik 2024.8
//! (Django REST framework 3.14, PostgreSQL 15), except where `authentik_stub::DEVIATIONS` says otherwise and why. Every
//! answer of an operation is held against the document besides.

mod case;
mod compare;
mod exchange;

use std::collections::BTreeMap;

use authentik_sources_api::{BASE_PATH, OPERATIONS};
use authentik_stub::{DEVIATIONS, Fixture, Stub};
use openapi_django::server::PATH_RULES;
use openapi_server_runtime::route::Router;

use crate::conformance::Contract;
use crate::wire::Connection;
pub use case::FIXTURE;
use case::{Answer, Kind, Step, Wire};

/// How many recorded cases there are; a case that went missing would otherwise look like success.
const RECORDED: usize = 811;

#[tokio::test]
async fn the_stub_answers_every_recorded_case_like_authentik() {
    let fixture = Fixture::parse("fixture.json", FIXTURE).expect("the recorded fixture is valid");
    let stub = Stub::builder().fixture(fixture).start().await.expect("the stub starts");
    let (tokens, wire) = (case::tokens(), Wire::recorded());
    let (contract, router) = (Contract::canonical(), Router::new(BASE_PATH, OPERATIONS, PATH_RULES));
    let mut connection = Connection::open(stub.address()).await;

    let mut failures: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut groups: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let cases = case::cases();
    for case in &cases {
        let mut problems = Vec::new();
        for step in &case.steps {
            let actual = exchange::answer(&connection.send(exchange::request(step, &tokens)).await);
            let found = compare::problems(&step.compare, &step.expect, &actual, &wire);
            let violations = violations(&contract, &router, step, &actual);
            let found = found.into_iter().chain(violations);
            problems.extend(found.map(|problem| format!("{} {}: {problem}", step.method, step.path)));
        }
        let (passed, failed) = groups.entry(case.group.clone()).or_default();
        if problems.is_empty() {
            *passed += 1;
        } else {
            *failed += 1;
            failures.insert(case.id.clone(), problems);
        }
        if case.mutates {
            stub.reset().await.expect("the stub goes back to its fixture");
        }
    }
    stub.close().await;

    for (group, (passed, failed)) in &groups {
        println!("{group:34} {passed:4} as recorded {failed:4} not");
    }
    let excused = |id: &String| DEVIATIONS.iter().any(|deviation| deviation.cases.contains(&id.as_str()));
    let surprises: Vec<_> = failures.iter().filter(|(id, _)| !excused(id)).collect();
    assert!(
        surprises.is_empty(),
        "{} answers differ from the recorded ones: {surprises:#?}",
        surprises.len()
    );
    let passed = cases.len() - failures.len();
    let listed: usize = DEVIATIONS.iter().map(|deviation| deviation.cases.len()).sum();
    assert_eq!(passed + listed, RECORDED, "a case that passes is no longer a deviation");
}

/// What the document forbids of an answer in JSON, if an operation gave it.
fn violations(contract: &Contract, router: &Router, step: &Step, answer: &Answer) -> Vec<String> {
    let path = format!("{BASE_PATH}{}", step.path.split('?').next().unwrap_or_default());
    let method = step.method.parse().expect("a recorded method");
    let operation = router.find(&path).and_then(|matched| matched.route.operation(&method));
    match (operation, answer.kind) {
        (Some(operation), Kind::Json) => contract.violations(operation, answer.status, answer.body.as_ref()),
        _ => Vec::new(),
    }
}
