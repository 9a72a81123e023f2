//! Faults: which requests they hit, and what becomes of the responses.

use std::io::ErrorKind;
use std::time::Duration;

use http_body_util::BodyExt as _;
use openapi_control::{Change, Damage, Fault, When};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::shelter::Server;

fn plan(server: &Server, fault: Fault) {
    server.control().faults().clear();
    server.control().faults().add([fault]).unwrap();
}

/// Returns the bytes of a response, and the error that its body ends with.
async fn received(server: &Server, line: &str) -> (http::response::Parts, Vec<u8>, Option<ErrorKind>) {
    let response = server.send(line, &[("x-key", "k")], "").await;
    let (head, mut body) = response.into_parts();
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => bytes.extend(frame.into_data().unwrap()),
            Err(error) => return (head, bytes, Some(error.kind())),
        }
    }
    (head, bytes, None)
}

#[tokio::test]
async fn conditions_choose_the_requests_that_are_hit() {
    let server = Server::start();
    plan(&server, Fault::status(500).on("listPets").query("page", 2).always());
    assert_eq!(server.get("/pets/?page=1").await.0, 200);
    assert_eq!(server.get("/pets/?page=2").await.0, 500, "the second page fails");
    let body = When { body: Some(json!({"name": "rex"})), ..When::default() };
    plan(&server, Fault::status(500).method("post").when(body));
    assert_eq!(server.ask("POST /pets/", &json!({"name": "max"})).await.0, 201);
    assert_eq!(server.ask("POST /pets/", &json!({"name": "rex", "age": 1})).await.0, 500);
    plan(&server, Fault::status(500).skip(2));
    let statuses = [server.get("/pets/").await.0, server.get("/pets/").await.0, server.get("/pets/").await.0];
    assert_eq!(statuses, [200, 200, 500], "the third call fails");
}

#[tokio::test]
async fn a_probability_is_the_same_for_the_same_seed() {
    let server = Server::start();
    let hits = async |fault: Fault| {
        plan(&server, fault);
        let mut hits = Vec::new();
        for _ in 0..200 {
            hits.push(server.get("/pets/").await.0 == 503);
        }
        hits
    };
    let fault = || Fault::status(503).always().probability(0.25);
    let first = hits(fault()).await;
    let seed = server.get("/-/faults").await.1[0]["seed"].as_u64().expect("the seed is shown");
    assert_eq!(hits(fault().seed(seed)).await, first);
    let number = first.iter().filter(|is_hit| **is_hit).count();
    assert!((20..90).contains(&number), "{number} of 200");
    assert_ne!(hits(fault().seed(seed + 1)).await, first);
}

#[tokio::test(start_paused = true)]
async fn delays_have_jitter_and_bodies_may_be_slow() {
    let server = Server::start();
    let time = async |fault: Fault| {
        plan(&server, fault);
        let begin = Instant::now();
        received(&server, "GET /pets/").await;
        begin.elapsed()
    };
    let delay = || Fault::delay(Duration::from_secs(10)).jitter(Duration::from_secs(10));
    let (one, same, other) =
        (time(delay().seed(1)).await, time(delay().seed(1)).await, time(delay().seed(2)).await);
    let bounds = Duration::from_secs(10)..=Duration::from_millis(20_010);
    assert!(bounds.contains(&one) && bounds.contains(&other), "{one:?} {other:?}");
    assert!(one == same && one != other, "{one:?} {same:?} {other:?}");
    server.make("rex");
    let slow = time(Fault::slow_body(Duration::from_secs(5))).await;
    assert!((Duration::from_secs(4)..Duration::from_secs(6)).contains(&slow), "{slow:?}");
}

#[tokio::test(start_paused = true)]
async fn a_throttle_lets_so_many_through_within_a_time() {
    let server = Server::start();
    plan(&server, Fault::throttle(2, 10));
    let status = async || server.get("/pets/").await.0;
    assert_eq!([status().await, status().await, status().await], [200, 200, 429]);
    tokio::time::advance(Duration::from_secs(4)).await;
    let response = server.send("GET /pets/", &[("x-key", "k")], "").await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["retry-after"]),
        (429, &"6".parse().unwrap())
    );
    tokio::time::advance(Duration::from_secs(6)).await;
    assert_eq!(status().await, 200);
}

#[tokio::test]
async fn a_connection_ends_before_within_or_after_the_body() {
    let server = Server::start();
    server.make("rex");
    let (_, whole, _) = received(&server, "GET /pets/").await;
    plan(&server, Fault::disconnect().on("listPets"));
    assert_eq!(received(&server, "GET /pets/").await.1, b"");
    plan(&server, Fault::disconnect_within().on("listPets"));
    let (head, bytes, error) = received(&server, "GET /pets/").await;
    assert_eq!((bytes.len(), error), (whole.len() / 2, Some(ErrorKind::ConnectionAborted)));
    assert_eq!(head.headers["content-length"].to_str().unwrap(), whole.len().to_string());
    plan(&server, Fault::disconnect_after().on("listPets"));
    let (head, bytes, error) = received(&server, "GET /pets/").await;
    assert_eq!((bytes, error), (whole.clone(), Some(ErrorKind::ConnectionAborted)));
    assert!(!head.headers.contains_key("content-length"));
    let (_, requests) = server.get("/-/requests").await;
    let statuses = [&requests[1]["status"], &requests[2]["status"], &requests[3]["status"]];
    assert_eq!(statuses, [&Value::Null, &json!(200), &json!(200)]);
    // The same in JSON.
    for (written, number) in [(json!(true), 0), (json!("before"), 0), (json!("within"), whole.len() / 2)] {
        let fault = json!({"operation": "listPets", "disconnect": written});
        assert_eq!(server.ask("POST /-/faults", &fault).await.0, 201, "{fault}");
        assert_eq!(received(&server, "GET /pets/").await.1.len(), number, "{fault}");
    }
}

#[tokio::test]
async fn lengths_are_wrong_and_bodies_damaged() {
    let server = Server::start();
    server.make("rex");
    let (_, whole, _) = received(&server, "GET /pets/").await;
    for (bytes, announced) in [(5, whole.len() + 5), (-5, whole.len() - 5)] {
        plan(&server, Fault::wrong_length(bytes));
        let (head, sent, _) = received(&server, "GET /pets/").await;
        assert_eq!(
            (head.headers["content-length"].to_str().unwrap(), sent),
            (&*announced.to_string(), whole.clone())
        );
    }
    plan(&server, Fault::damage(Damage::Truncated));
    assert_eq!(received(&server, "GET /pets/").await.1, whole[..whole.len() / 2]);
    plan(&server, Fault::damage(Damage::Broken));
    let (head, sent, _) = received(&server, "GET /pets/").await;
    assert_eq!((head.status.as_u16(), &sent[..3]), (200, &b"[,{"[..]));
}

#[tokio::test]
async fn properties_are_missing_null_of_another_type_or_unknown() {
    let server = Server::start();
    server.make("rex");
    for (change, expected) in [
        (Change::Missing, Value::Null),
        (Change::Null, json!({"name": null})),
        (Change::OtherType, json!({"name": 7})),
        (Change::UnknownValue, json!({"name": "value-that-no-document-knows"})),
    ] {
        plan(&server, Fault::property("*.name", change).on("listPets"));
        let (status, pets) = server.get("/pets/").await;
        assert_eq!((status, pets[0].get("name")), (200, expected.get("name")), "{change:?}");
    }
    let fault = json!({"operation": "findPet", "properties": {"name": "other_type"}});
    assert_eq!(server.ask("POST /-/faults", &fault).await.0, 201);
    assert_eq!(server.get("/pets/rex/").await.1["name"], 7);
}

#[tokio::test]
async fn new_faults_that_make_no_sense_are_refused() {
    let server = Server::start();
    for (fault, expected) in [
        (json!({"status": 503, "probability": 0}), "`probability` is 0: it is a number above 0 and up to 1"),
        (json!({"status": 503, "probability": 1.5}), "`probability` is 1.5"),
        (json!({"throttle": {"requests": 1, "seconds": 0}}), "`throttle` needs `seconds` from 1 to 3600"),
        (json!({"jitter_ms": 3_600_001}), "`jitter_ms` is 3600001: the most is 3600000"),
        (json!({"body_ms": 3_600_001}), "`body_ms` is 3600001: the most is 3600000"),
        (
            json!({"disconnect": "later"}),
            "fault 1, at disconnect: expected true, false, \"before\", \"within\" or",
        ),
        (json!({"status": 503, "when": {"boby": 1}}), "fault 1, at when.boby: unknown field `boby`"),
        (json!({"status": 503, "when": {"query": {"a": null}}}), "when.query.a: a parameter is a text"),
        (
            json!({"status": 503, "operation": "listPets", "method": "PUT"}),
            "`listPets` is asked for with GET",
        ),
        (
            json!({"status": 503, "when": {"query": {"a": []}}}),
            "when.query.a: no parameter has an empty list",
        ),
        (
            json!({"status": 503, "when": {"headers": {"A": "b\nc"}}}),
            "when.headers.A: no header has a value with such characters",
        ),
        (json!({"disconnect": true, "status": 503}), "`status` and `disconnect` exclude each other"),
        (
            json!({"disconnect": true, "throttle": {"requests": 1, "seconds": 1}}),
            "`throttle` and `disconnect` exclude each other",
        ),
        (json!({"disconnect": true, "damage": "broken"}), "`damage` and `disconnect` exclude each other"),
        (json!({"disconnect": true, "properties": {"a": "null"}}), "`properties` and `disconnect` exclude"),
        (json!({"disconnect": true, "body_ms": 1}), "`body_ms` and `disconnect` exclude each other"),
        (json!({"disconnect": "after", "wrong_length": 1}), "`wrong_length` and `disconnect` exclude each"),
        (json!({"properties": {"a": "gone"}}), "fault 1, at properties.a: unknown variant `gone`"),
    ] {
        let (status, told) = server.ask("POST /-/faults", &fault).await;
        let detail = told["detail"].as_str().unwrap_or_default();
        assert!(status == 400 && detail.starts_with(expected), "{fault}: {status} {detail}");
    }
}
