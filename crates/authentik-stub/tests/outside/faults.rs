//! Requests that go wrong because a test asked for it.

use std::time::{Duration, Instant};

use authentik_stub::{Fault, Stub};
use serde_json::{Value, json};

use crate::client::{Answer, Client};
use crate::running::Running;

fn plan(client: &Client, faults: &Value) -> Answer {
    client.send("POST", "/-/faults", Some(faults)).unwrap()
}

fn source(slug: &str) -> Value {
    json!({"name": slug, "slug": slug, "plex_token": "t"})
}

#[test]
fn a_fault_happens_as_often_as_it_was_asked_for_and_then_no_more() {
    let program = Running::start(&[]);
    let client = &program.client;
    let fault =
        json!({"operation": "sources_plex_list", "status": 429, "headers": {"Retry-After": "7"}, "times": 2});
    assert_eq!(plan(client, &fault).status, 201);
    let statuses = [(); 3].map(|()| client.get("/sources/plex/").status);
    assert_eq!(statuses, [429, 429, 200]);
    let listed = client.send("GET", "/-/faults", None).unwrap().json();
    assert_eq!((&listed[0]["hits"], &listed[0]["operation"]), (&json!(2), &json!("sources_plex_list")));
}

#[test]
fn the_stubs_own_routes_and_unknown_paths_are_never_hit() {
    let program = Running::start(&[]);
    let client = &program.client;
    assert_eq!(plan(client, &json!([{"status": 503, "times": null}])).status, 201);
    assert_eq!(client.get("/sources/plex/").status, 503);
    assert_eq!(client.ask("OPTIONS", "/sources/plex/", None).status, 503);
    assert_eq!(client.get("/sources/").status, 404);
    assert_eq!(client.send("GET", "/-/health", None).unwrap().status, 200);
    assert_eq!(client.send("DELETE", "/-/faults", None).unwrap().status, 204);
    assert_eq!(client.get("/sources/plex/").status, 200);
}

#[test]
fn a_connection_ends_without_an_answer_before_or_after_the_request_is_carried_out() {
    for carrier in ["dropshot", "hyper"] {
        let program = Running::start(&["--carrier", carrier]);
        let client = &program.client;
        for (slug, carried_out, status) in [("lost", false, 404), ("done", true, 200)] {
            let fault =
                json!({"operation": "sources_plex_create", "disconnect": true, "carried_out": carried_out});
            assert_eq!(plan(client, &fault).status, 201);
            let answer = client.send("POST", "/api/v3/sources/plex/", Some(&source(slug)));
            assert!(answer.is_err(), "{answer:?}");
            assert_eq!(client.get(&format!("/sources/plex/{slug}/")).status, status);
        }
    }
}

#[test]
fn a_slow_answer_is_the_true_one() {
    let program = Running::start(&[]);
    let fault = json!({"path": "/sources/plex/", "delay_ms": 300});
    assert_eq!(plan(&program.client, &fault).status, 201);
    let begin = Instant::now();
    assert_eq!(program.client.get("/sources/plex/").status, 200);
    assert!(begin.elapsed() >= Duration::from_millis(300), "a busy machine only makes it slower");
}

#[test]
fn a_fault_that_makes_no_sense_is_refused_with_its_reason_and_nothing_is_planned() {
    let program = Running::start(&[]);
    for (fault, expected) in [
        (json!([{"status": 503}, {"status": "503"}]), "fault 2, at status: invalid type: string"),
        (json!({"status": 503, "time": 1}), "unknown field `time`"),
        (
            json!({"operation": "plex", "status": 503}),
            "there is no operation `plex`; the nearest is `sources_plex_",
        ),
        (json!({}), "the fault has no effect"),
        (json!(7), "fault 1, at .: invalid type: integer `7`"),
    ] {
        let refused = plan(&program.client, &fault);
        assert_eq!(refused.status, 400, "{fault}");
        assert!(refused.body.contains(expected), "{fault}: {}", refused.body);
    }
    let refused = program.client.send("PUT", "/-/faults", None).unwrap();
    assert_eq!(
        (refused.status, refused.body.as_str()),
        (405, r#"{"detail":"Use POST, GET, HEAD, DELETE."}"#)
    );
    assert_eq!(program.client.send("GET", "/-/faults", None).unwrap().body, "[]");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reset_ends_all_faults() {
    let stub = Stub::builder().start().await.unwrap();
    stub.faults().add([Fault { status: Some(500), times: None, ..Fault::default() }]).unwrap();
    let client = Client::new(stub.address().to_string(), stub.token().unwrap());
    let ask = || {
        let client = client.clone();
        tokio::task::spawn_blocking(move || client.get("/sources/plex/").status)
    };
    assert_eq!(ask().await.unwrap(), 500);
    stub.reset().unwrap();
    assert_eq!(ask().await.unwrap(), 200);
    stub.close().await;
}
