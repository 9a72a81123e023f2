//! The control API from the outside: requests go through the runtime's one function, as a server's do.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod answers;
mod coverage;
mod faults;
mod limits;
mod observed;
mod page;
mod record;
mod shelter;
mod supply;
mod worlds;

use std::time::Duration;

use http_body_util::BodyExt as _;
use openapi_control::limits::{MAX_BODY, MAX_REQUESTS};
use openapi_control::{Disconnect, Fault, FaultError};
use serde_json::{Value, json};

use shelter::{Refusing, Server, ids};

#[tokio::test]
async fn the_journal_has_what_was_asked_and_answered_and_no_control_requests() {
    let server = Server::start();
    server.get("/pets/?page=1").await;
    server.ask("POST /pets/", &json!({"name": "rex"})).await;
    server.ask("POST /pets/", &json!({"age": 1})).await;
    server.get("/nowhere").await;
    server.get("/-/health").await;
    server.get("/-/nothing").await;
    server.get("/api/-/nothing").await;
    let (status, requests) = server.get("/-/requests").await;
    assert_eq!(status, 200);
    let shown: Vec<_> = requests
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| {
            let text = |name: &str| entry[name].as_str().unwrap_or("-").to_owned();
            (
                entry["id"].as_u64().unwrap(),
                text("method"),
                text("path"),
                text("operation"),
                entry["status"].clone(),
            )
        })
        .collect();
    let entry = |id: u64, method: &str, path: &str, operation: &str, status: u16| {
        (id, method.to_owned(), path.to_owned(), operation.to_owned(), json!(status))
    };
    assert_eq!(
        shown,
        [
            entry(1, "GET", "/pets/?page=1", "listPets", 200),
            entry(2, "POST", "/pets/", "createPet", 201),
            entry(3, "POST", "/pets/", "createPet", 400),
            entry(4, "GET", "/nowhere", "-", 404),
            entry(5, "GET", "/-/nothing", "-", 404),
        ]
    );
    assert!(requests[0]["duration_ms"].is_number() && requests[0]["time"].as_str().unwrap().ends_with('Z'));
    assert!(requests[0].get("request").is_none(), "nobody asked for it");
    for (query, expected) in [
        ("operation=createPet", vec![2, 3]),
        ("method=get", vec![1, 4, 5]),
        ("path=/pets/", vec![1, 2, 3]),
        ("path=/no*", vec![4]),
        ("status=404", vec![4, 5]),
        ("status=2xx", vec![1, 2]),
        ("status=400-499&method=POST", vec![3]),
        ("since=2", vec![3, 4, 5]),
        ("limit=2", vec![4, 5]),
        ("since=9", vec![]),
    ] {
        assert_eq!(ids(&server.get(&format!("/-/requests?{query}")).await.1), expected, "{query}");
    }
    for (query, expected) in [
        ("operation=createPets", "operation: there is no operation `createPets`; the nearest is `createPet`"),
        ("status=7xx", "status: `7xx` is no status: write 404, 400-499 or 4xx"),
        ("pages=1", "there is no parameter `pages`; there are world, operation"),
        ("limit=x", "limit: `x` is no number"),
        ("bodies=yes", "bodies: `yes` is neither true nor false"),
        ("operation=listPets&method=PUT", "method: `listPets` is asked for with GET, not with PUT"),
    ] {
        let (status, body) = server.get(&format!("/-/requests?{query}")).await;
        assert_eq!(status, 400, "{query}");
        assert!(body["detail"].as_str().unwrap().starts_with(expected), "{query}: {body}");
    }
    assert_eq!(server.ask("DELETE /-/requests", &Value::Null).await.0, 204);
    server.get("/pets/").await;
    assert_eq!(ids(&server.get("/-/requests").await.1), [6], "ids go on");
}

#[tokio::test]
async fn no_secret_is_shown_and_all_of_it_can_be_expected() {
    let server = Server::start();
    let headers = [
        ("x-key", "k3y"),
        ("authorization", "Bearer t0ken"),
        ("cookie", "a=c00kie"),
        ("x-other", "fine"),
        ("content-type", "application/json"),
    ];
    server
        .send(
            "POST /pets/?pin=p1n&x-key=k3y",
            &headers,
            r#"{"name": "rex", "chip": "ch1p", "of": [{"chip": "ch1p"}]}"#,
        )
        .await;
    server.send("POST /pets/", &headers, r#"{"name": "rex", "chip": "ch1p""#).await;
    let form = [("x-key", "k3y"), ("content-type", "application/x-www-form-urlencoded")];
    server.send("POST /pets/", &form, "name=rex&chip=ch1p&pet[chip]=ch1p").await;
    let (_, requests) = server.get("/-/requests?bodies=true&headers=true").await;
    let text = requests.to_string();
    for secret in ["k3y", "t0ken", "c00kie", "p1n", "ch1p", "chip-of-the-example"] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    assert_eq!(requests[0]["path"], "/pets/?pin=***&x-key=***");
    assert_eq!(requests[0]["request"]["headers"]["x-other"], "fine");
    assert_eq!(requests[0]["request"]["headers"]["authorization"], "***");
    assert_eq!(
        requests[0]["request"]["body"],
        json!({"name": "rex", "chip": "***", "of": [{"chip": "***"}]})
    );
    assert_eq!(requests[0]["response"]["body"]["chip"], "***");
    assert_eq!(requests[1]["request"]["body"], "***");
    assert_eq!(requests[2]["request"]["body"], json!({"name": "rex", "chip": "***", "pet[chip]": "***"}));
    let chip =
        |chip: &str| json!({"operation": "createPet", "query": {"pin": "p1n"}, "body": {"chip": chip}});
    assert_eq!(server.verify(chip("ch1p")).await.0, 200);
    let (status, detail) = server.detail(chip("other")).await;
    assert_eq!(status, 417);
    assert!(detail.contains("whose body has another `chip`") && !detail.contains("ch1p"), "{detail}");
    assert!(!format!("{:?}", server.control().requests().all()).contains("p1n"));
}

#[tokio::test]
async fn what_is_kept_has_limits() {
    let server = Server::start();
    let long = json!({"name": "x".repeat(MAX_BODY)});
    server.ask("POST /pets/", &long).await;
    let (_, requests) = server.get("/-/requests?bodies=true").await;
    assert_eq!(requests[0]["request"], json!({"length": long.to_string().len()}));
    let (_, detail) = server.detail(json!({"operation": "createPet", "body": {"name": "x"}})).await;
    assert!(detail.contains("whose body of 262155 bytes was not kept"), "{detail}");
    for _ in 0..MAX_REQUESTS {
        server.get("/nowhere").await;
    }
    let all = server.control().requests().all();
    assert_eq!((all.len(), all[0].id()), (MAX_REQUESTS, 2), "the oldest is dropped");
}

#[tokio::test]
async fn expectations_hold_or_say_what_was_nearest() {
    let server = Server::start();
    server.ask("POST /pets/", &json!({"name": "b", "age": 3, "tricks": ["sit"]})).await;
    server.get("/pets/?page=2").await;
    server.get("/pets/rex/").await;
    for expectation in [
        json!({"operation": "createPet"}),
        json!({"operation": "createPet", "count": 1, "body": {"name": "b", "age": 3.0}}),
        json!({"method": "get", "path": "/pets/*/", "count": {"at_most": 1}}),
        json!({"operation": "listPets", "query": {"page": 2}, "status": "2xx"}),
        json!({"operation": "removePet", "count": 0}),
        json!([{"count": 3}, {"in_order": [{"operation": "createPet"}, {"path": "/pets/rex/"}]}]),
        json!([]),
    ] {
        let (status, body) = server.verify(expectation.clone()).await;
        assert_eq!(status, 200, "{expectation}: {body}");
    }
    let counted = server.verify(json!({"path": "/pets/**"})).await.1;
    assert_eq!(counted, json!({"results": [{"holds": true, "count": 3, "requests": [1, 2, 3]}]}));
    for (expectation, expected) in [
        (
            json!({"operation": "createPet", "body": {"name": "a"}, "count": 2}),
            "`createPet` was called 0 times, expected 2; nearest: POST /pets/ whose body has `name` \"b\" instead of \"a\"",
        ),
        (
            json!({"operation": "createPet", "count": 2}),
            "`createPet` was called 1 time, expected 2; nearest: GET /pets/rex/ which is `findPet`, GET /pets/?page=2 which is \
             `listPets`",
        ),
        (
            json!({"operation": "createPet", "body": {"tricks": ["sit", "roll"], "chip": "x"}}),
            "`createPet` was called 0 times, expected at least 1; nearest: POST /pets/ whose body has `tricks` [\"sit\"] instead \
             of [\"sit\",\"roll\"] and whose body lacks `chip`",
        ),
        (
            json!({"path": "/pets/", "query": {"page": 1}}),
            "`/pets/` was called 0 times, expected at least 1; nearest: GET /pets/?page=2 whose query has `page` \"2\" instead \
             of 1, POST /pets/ whose query lacks `page`",
        ),
        (
            json!({"path": "/pets/**", "count": {"at_least": 1, "at_most": 2}}),
            "`/pets/**` was called 3 times, expected 1 to 2; the last: GET /pets/rex/ (3), GET /pets/?page=2 (2), POST /pets/ (1)",
        ),
        (
            json!({"in_order": [{"operation": "listPets"}, {"operation": "createPet"}]}),
            "step 2: `createPet` was not called after GET /pets/?page=2 (2); POST /pets/ (1) came before",
        ),
    ] {
        let (status, detail) = server.detail(expectation.clone()).await;
        assert_eq!((status, detail.as_str()), (417, expected), "{expectation}");
    }
}

#[tokio::test]
async fn expectations_that_can_never_hold_are_refused_with_their_place() {
    let server = Server::start();
    for (expectation, expected) in [
        (json!([{}, {"operatoin": "listPets"}]), "expectation 2, at operatoin: unknown field `operatoin`"),
        (
            json!({"operation": "listPet"}),
            "expectation 1, at operation: there is no operation `listPet`; the nearest is `listPets`",
        ),
        (
            json!({"operation": "listPets", "method": "POST"}),
            "expectation 1, at method: `listPets` is asked for with GET, not with POST",
        ),
        (
            json!({"operation": "listPets", "path": "/pets/*/"}),
            "expectation 1, at path: `listPets` is at /pets/, and no request for it has",
        ),
        (
            json!({"operation": "findPet", "path": "/pets/"}),
            "expectation 1, at path: `findPet` is at /pets/{name}/",
        ),
        (json!({"path": "pets"}), "expectation 1, at path: `pets` is no path below /api"),
        (json!({"path": "/pets/?page=1"}), "expectation 1, at path: `/pets/?page=1` is no path"),
        (
            json!({"count": {"at_least": 3, "at_most": 1}}),
            "expectation 1, at count: no number is at least 3 and at most 1",
        ),
        (json!({"count": {}}), "expectation 1, at count: name `at_least`"),
        (json!({"count": "two"}), "expectation 1, at count: expected a number, or"),
        (json!({"count": MAX_REQUESTS + 1}), "expectation 1, at count: the journal keeps no more than"),
        (json!({"query": {"page": {}}}), "expectation 1, at query.page: a parameter is a text"),
        (json!({"status": 99}), "expectation 1, at status: `99` is no status"),
        (json!({"in_order": []}), "expectation 1, at in_order: the list is empty"),
        (json!({"in_order": [{}], "count": 1}), "expectation 1, at in_order: this stands alone"),
        (
            json!({"in_order": [{}, {"count": 1}]}),
            "expectation 1, at in_order[1].count: a step is one request",
        ),
        (
            json!({"in_order": [{"operation": "x"}]}),
            "expectation 1, at in_order[0].operation: there is no operation `x`",
        ),
        (json!(7), "expectation 1, at .: invalid type: integer `7`"),
    ] {
        let (status, detail) = server.detail(expectation.clone()).await;
        assert_eq!(status, 400, "{expectation}: {detail}");
        assert!(detail.starts_with(expected), "{expectation}: {detail}");
    }
}

#[tokio::test]
async fn a_test_in_rust_is_told_the_same() {
    let server = Server::start();
    server.ask("POST /pets/", &json!({"name": "rex"})).await;
    let requests = || server.control().requests();
    let entry = requests().of("createPet").method("POST").path("/pets/").status("201").once().unwrap();
    assert_eq!(entry.json().unwrap()["name"], "rex");
    assert_eq!(requests().of("createPet").body(json!({"name": "rex"})).count(), 1);
    requests().of("removePet").never().unwrap();
    let told = requests().of("createPet").times(2).unwrap_err().to_string();
    assert_eq!(told, "`createPet` was called 1 time, expected 2");
    let told = requests().of("createPets").never().unwrap_err().to_string();
    assert_eq!(told, "operation: there is no operation `createPets`; the nearest is `createPet`");
    assert!(requests().status("ok").never().unwrap_err().to_string().contains("`ok` is no status"));
}

#[tokio::test]
async fn a_fault_has_an_id_is_told_of_in_the_journal_and_can_be_removed() {
    let server = Server::start();
    let (status, faults) = server.ask("POST /-/faults", &json!([{"operation": "listPets", "status": 503, "times": null}, {"path": "/pets/*/", "disconnect": true}])).await;
    assert_eq!((status, ids(&faults)), (201, vec![1, 2]));
    let (status, problem) = server.get("/pets/").await;
    assert_eq!((status, &problem["title"]), (503, &json!("Service Unavailable")), "the dialect words it");
    assert!(server.send("GET /pets/rex/", &[("x-key", "k")], "").await.body().is_aborted());
    let (_, requests) = server.get("/-/requests").await;
    assert_eq!(
        (&requests[0]["fault"], &requests[1]["fault"], &requests[1]["status"]),
        (&json!(1), &json!(2), &Value::Null)
    );
    assert_eq!(server.ask("DELETE /-/faults/1", &Value::Null).await.0, 204);
    assert_eq!(
        server.ask("DELETE /-/faults/1", &Value::Null).await,
        (404, json!({"detail": "There is no fault `1`."}))
    );
    assert_eq!(server.get("/pets/").await.0, 200);
    let (_, left) = server.get("/-/faults").await;
    assert_eq!((ids(&left), &left[0]["hits"]), (vec![2], &json!(1)));
}

#[tokio::test]
async fn a_request_asks_for_a_fault_on_itself_alone() {
    let server = Server::start();
    let send = async |fault: &'static str| {
        let response = server.send("GET /pets/", &[("x-key", "k"), ("x-stub-fault", fault)], "").await;
        let body = response.body().as_bytes().cloned().unwrap_or_default();
        (response.status().as_u16(), String::from_utf8_lossy(&body).into_owned())
    };
    assert_eq!(send(r#"{"status": 418, "body": "tea"}"#).await, (418, "tea".to_owned()));
    assert_eq!(server.get("/pets/").await.0, 200);
    for (fault, expected) in [
        ("{", "this is no JSON"),
        ("{} {}", "this is no JSON"),
        ("{}", "the fault has no effect"),
        (r#"{"status": "x"}"#, "at status: invalid type"),
        (r#"{"status": 503, "times": 2}"#, "`times` says which requests a fault is for"),
        (r#"{"status": 503, "operation": "listPets"}"#, "`operation` says which requests a fault is for"),
    ] {
        let (status, body) = send(fault).await;
        assert_eq!(status, 400, "{fault}");
        assert!(body.contains(&format!("x-stub-fault: {expected}")), "{fault}: {body}");
    }
    assert_eq!(server.control().requests().all()[0].fault(), Some(1));
    assert_eq!(server.get("/-/faults").await.1, json!([]));
}

#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_wait_is_in_the_journal_with_its_fault_and_no_status() {
    let server = Server::start();
    server.control().faults().add([Fault::delay(Duration::from_mins(1)).on("listPets")]).unwrap();
    let gone = tokio::time::timeout(Duration::from_secs(1), server.get("/pets/")).await;
    assert!(gone.is_err());
    let entry = server.control().requests().of("listPets").once().unwrap();
    assert_eq!((entry.status(), entry.fault()), (None, Some(1)));
}

#[tokio::test]
async fn faults_that_can_never_happen_are_refused() {
    let server = Server::start();
    let refused = |fault: Fault| server.control().faults().add([fault]).unwrap_err().to_string();
    for (fault, expected) in [
        (Fault::status(503).on("listPet"), "there is no operation `listPet`; the nearest is `listPets`"),
        (
            Fault::status(503).on("listPets").at("/pets/rex/"),
            "`listPets` is at /pets/, and no request for it has the path `/pets/rex/`",
        ),
        (
            Fault::status(503).at("/nowhere/*"),
            "no operation is at the path `/nowhere/*`; give one below /api",
        ),
        (Fault::status(503).at("/api/pets/"), "no operation is at the path `/api/pets/`"),
        (Fault::status(503).at("pets"), "`pets` is no path below /api"),
        (Fault::status(503).times(0), "`times` is 0"),
        (Fault::delay(Duration::from_secs(3601)), "`delay_ms` is 3601000: the most is 3600000"),
        (Fault::default(), "the fault has no effect"),
        (Fault::delay(Duration::ZERO), "the fault has no effect"),
        (Fault::delay(Duration::from_secs(1)).carried_out(), "`carried_out` belongs to a fault with"),
        (Fault::disconnect().body("x"), "`body` belongs to an answer"),
        (Fault::disconnect().header("a", "b"), "`headers` belongs to an answer"),
        (
            Fault { disconnect: Some(Disconnect::Before), ..Fault::status(503) },
            "`status` and `disconnect` exclude each other",
        ),
        (Fault::status(204).body("x"), "an answer with the status 204 has no body"),
        (Fault::status(101), "`status` is 101"),
        (Fault::status(503).header("a b", "c"), "the header `a b` cannot be sent"),
        (
            Fault::status(503).header("Content-Length", "3"),
            "the header `content-length` is about the connection",
        ),
    ] {
        let told = refused(fault.clone());
        assert!(told.starts_with(expected), "{fault:?}: {told}");
    }
    let both = [Fault::status(503), Fault::default()];
    assert_eq!(server.control().faults().add(both), Err(FaultError::Harmless));
    assert_eq!(server.control().faults().list(), [], "all or none");
}

#[tokio::test]
async fn requests_take_the_first_fault_that_is_for_them() {
    let server = Server::start();
    server
        .control()
        .faults()
        .add([
            Fault::status(503).on("listPets").times(2),
            Fault::status(500).at("/pets/home/").always(),
            Fault::status(429).skip(1),
        ])
        .unwrap();
    let mut statuses = Vec::new();
    for path in ["/pets/away/", "/pets/", "/pets/home/", "/pets/", "/pets/", "/pets/", "/pets/home/"] {
        statuses.push(server.get(path).await.0);
    }
    assert_eq!(statuses, [200, 503, 500, 503, 429, 200, 500]);
    let hits: Vec<u32> = server.control().faults().list().iter().map(|planned| planned.hits).collect();
    assert_eq!(hits, [2, 2, 1]);
}

#[tokio::test]
async fn events_are_the_requests_that_there_are_and_those_to_come() {
    let server = Server::start();
    server.get("/pets/").await;
    server.get("/nowhere").await;
    let events =
        server.send("GET /-/requests?operation=listPets", &[("accept", "text/event-stream")], "").await;
    assert_eq!(events.headers()["content-type"], "text/event-stream");
    let mut body = events.into_body();
    let mut next = async || {
        String::from_utf8(body.frame().await.unwrap().unwrap().into_data().unwrap().to_vec()).unwrap()
    };
    assert!(next().await.starts_with("id: 1\nevent: request\ndata: {\"id\":1,"));
    server.get("/pets/?pin=1234").await;
    let event = next().await;
    assert!(
        event.starts_with("id: 3\n") && event.contains("?pin=***") && event.ends_with("}\n\n"),
        "{event}"
    );
    server.control().end_streams();
    assert!(body.frame().await.is_none(), "a server can close");
    let again = [("accept", "text/event-stream"), ("last-event-id", "1")];
    let events = server.send("GET /-/requests?limit=1", &again, "").await;
    let text = events.into_body().collect().await.unwrap().to_bytes();
    assert!(text.starts_with(b"id: 2\n"), "{text:?}");
}

#[tokio::test]
async fn head_is_answered_wherever_get_is_and_other_methods_are_named() {
    let server = Server::start();
    for path in [
        "/-/faults",
        "/-/requests",
        "/-/health",
        "/-/openapi.json",
        "/-/control.json",
        "/-/coverage",
        "/-/clock",
    ] {
        let (status, body) = server.get(path).await;
        let head = server.send(&format!("HEAD {path}"), &[], "").await;
        assert_eq!((head.status().as_u16(), status), (200, 200), "{path}");
        let length = head.headers()["content-length"].to_str().unwrap().parse::<usize>().unwrap();
        assert!(head.body().as_bytes().unwrap().is_empty() && length == body.to_string().len(), "{path}");
    }
    for (line, expected) in [
        ("PUT /-/requests", "Use GET, HEAD, DELETE."),
        ("GET /-/faults/1", "Use DELETE."),
        ("GET /-/verify", "Use POST."),
    ] {
        assert_eq!(server.ask(line, &Value::Null).await, (405, json!({"detail": expected})), "{line}");
    }
}

#[tokio::test]
async fn a_reset_forgets_faults_and_requests_and_tells_what_was_not_kept() {
    let server = Server::start();
    server.control().faults().add([Fault::status(503).always()]).unwrap();
    server.get("/pets/").await;
    server.make("rex");
    assert_eq!(server.get("/-/health").await, (200, json!({"status": "ok", "pets": 1})));
    assert_eq!(server.ask("POST /-/reset", &Value::Null).await.0, 204);
    assert_eq!(server.control().requests().count(), 0);
    assert_eq!(server.get("/pets/").await.0, 200);
    assert_eq!(server.get("/-/health").await, (200, json!({"status": "ok", "pets": 0})));
    server.0.api().worlds.main().store.keep_in(Box::new(Refusing));
    let (status, told) = server.ask("POST /-/reset", &Value::Null).await;
    let detail = told["detail"].as_str().unwrap();
    assert!(status == 507 && detail.starts_with("Nothing was changed: the shelter is full."), "{detail}");
    assert_eq!(server.get("/-/health").await.0, 503);
    assert_eq!(server.get("/-/health/live/").await.0, 204);
    assert_eq!(server.get("/-/health/ready/").await.0, 503);
}

#[tokio::test]
async fn each_world_has_rows_of_its_own_and_its_states_can_be_kept() {
    let server = Server::start();
    server.make("rex");
    let (_, state) = server.get("/-/state").await;
    assert_eq!((server.pets("").await, server.pets("a").await), (json!(1), json!(0)));
    let in_a = [("x-stub-world", "a")];
    let sent = async |line: &str, body: &str| server.send(line, &in_a, body).await.status().as_u16();
    assert_eq!(sent("PUT /-/state", &state.to_string()).await, 204);
    assert_eq!((server.pets("a").await, server.pets("b").await), (json!(1), json!(0)));
    assert_eq!(sent("PUT /-/snapshots/one", "").await, 204);
    assert_eq!(sent("POST /-/reset", "").await, 204);
    assert_eq!((server.pets("").await, server.pets("a").await), (json!(1), json!(0)));
    assert_eq!(sent("POST /-/snapshots/one/restore", "").await, 204);
    assert_eq!(server.pets("a").await, 1);
    assert_eq!(sent("POST /-/snapshots/two/restore", "").await, 404);
    assert_eq!(sent("PUT /-/state", "{}").await, 400);
    assert_eq!(sent("PUT /-/state", "[").await, 400);
    assert_eq!(server.get("/-/worlds").await, (200, json!(["a", "b"])));
    assert_eq!(server.get("/-/snapshots").await, (200, json!([])));
    assert_eq!(server.ask("DELETE /-/worlds/a", &Value::Null).await.0, 204);
    assert_eq!(
        (server.pets("a").await, server.ask("DELETE /-/worlds/c", &Value::Null).await.0),
        (json!(0), 404)
    );
    assert_eq!(server.send("GET /pets/", &[("x-stub-world", "a b"), ("x-key", "k")], "").await.status(), 400);
}
