//! Replay: the stub, started on the fixture of the recordings, gives every recorded answer of authentik 2024.8
//! (Django REST framework 3.14, PostgreSQL 15), except where `authentik_stub::DEVIATIONS` says otherwise and why.

mod case;
mod compare;
mod exchange;

use std::collections::BTreeMap;

use authentik_stub::{DEVIATIONS, Fixture, Stub};

use crate::wire::Connection;
pub use case::FIXTURE;
use case::Wire;

/// How many recorded cases there are; a case that went missing would otherwise look like success.
const RECORDED: usize = 811;

#[tokio::test]
async fn the_stub_answers_every_recorded_case_like_authentik() {
    let fixture = Fixture::parse("fixture.json", FIXTURE).expect("the recorded fixture is valid");
    let stub = Stub::builder().fixture(fixture).start().await.expect("the stub starts");
    let (tokens, wire) = (case::tokens(), Wire::recorded());
    let mut connection = Connection::open(stub.address()).await;

    let mut failures: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut groups: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let cases = case::cases();
    for case in &cases {
        let mut problems = Vec::new();
        for step in &case.steps {
            let actual = exchange::answer(&connection.send(exchange::request(step, &tokens)).await);
            let found = compare::problems(&step.compare, &step.expect, &actual, &wire);
            problems.extend(found.into_iter().map(|p| format!("{} {}: {p}", step.method, step.path)));
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
