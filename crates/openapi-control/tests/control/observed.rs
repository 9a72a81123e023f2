//! The access log and the metrics: what is told of requests while they come.

use std::sync::{Arc, Mutex};

use openapi_control::{AccessLog, Fault, LogFormat};
use serde_json::{Value, json};

use crate::shelter::Server;

/// Returns a server and the lines of its log.
fn logged(format: LogFormat) -> (Server, Arc<Mutex<String>>) {
    let lines = Arc::new(Mutex::new(String::new()));
    let written = Arc::clone(&lines);
    let log = AccessLog::new(format, move |line| written.lock().unwrap().push_str(line));
    (Server::adapted(|control| control.with_access_log(log)), lines)
}

#[tokio::test]
async fn each_request_is_a_line_for_people() {
    let (server, lines) = logged(LogFormat::Human);
    let headers = [("x-key", "k"), ("x-request-id", "ci-17.a")];
    server.send("GET /pets/?page=1&pin=1234", &headers, "").await;
    server.send("GET /nowhere/%1B%5B31m", &[("x-request-id", "a b")], "").await;
    server.get("/-/health").await;
    server.control().faults().add([Fault::disconnect()]).unwrap();
    server.get("/pets/").await;
    let text = lines.lock().unwrap().clone();
    let lines: Vec<Vec<&str>> = text.lines().map(|line| line.split(' ').collect()).collect();
    let shown: Vec<String> =
        lines.iter().map(|line| [line[1], line[2], line[3], line[5]].join(" ")).collect();
    assert_eq!(
        shown,
        [
            "GET /api/pets/?page=1&pin=*** 200 listPets",
            "GET /api/nowhere/%1B%5B31m 404 -",
            "GET /-/health 200 -",
            "GET /api/pets/ - listPets",
        ]
    );
    assert_eq!(lines[0][6], "ci-17.a");
    assert!(lines[1][6].len() == 32, "what is not well-formed is replaced: {text}");
    assert!(lines[0][0].ends_with('Z') && lines[0][4].ends_with("ms"), "{text}");
    assert!(text.chars().all(|letter| letter == '\n' || !letter.is_control()));
    let requests = server.get("/-/requests").await.1;
    assert_eq!(
        requests.as_array().unwrap().len(),
        3,
        "requests to the control API are logged and not in the journal"
    );
}

#[tokio::test]
async fn each_request_is_an_object_for_programs() {
    let (server, lines) = logged(LogFormat::Json);
    server.ask("POST /pets/", &json!({"name": "rex"})).await;
    let line: Value = serde_json::from_str(&lines.lock().unwrap()).unwrap();
    let mut names: Vec<&String> = line.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["duration_ms", "method", "operation", "path", "request_id", "status", "time"]);
    assert_eq!((&line["status"], &line["operation"]), (&json!(201), &json!("createPet")));
}

#[tokio::test]
async fn metrics_count_requests_and_what_there_is() {
    let server = Server::start();
    server.get("/pets/").await;
    server.control().faults().add([Fault::status(503)]).unwrap();
    server.get("/pets/").await;
    server.send("GET /pets/", &[("x-stub-world", "a"), ("x-key", "k")], "").await;
    server.get("/nowhere").await;
    server.ask("DELETE /-/coverage", &Value::Null).await;
    let response = server.send("GET /-/metrics", &[], "").await;
    assert_eq!(response.headers()["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    let text = String::from_utf8(response.body().as_bytes().unwrap().to_vec()).unwrap();
    for line in [
        "# TYPE stub_requests_total counter",
        "stub_requests_total{operation=\"listPets\",method=\"GET\",status=\"200\"} 2",
        "stub_requests_total{operation=\"listPets\",method=\"GET\",status=\"503\"} 1",
        "stub_requests_total{operation=\"\",method=\"\",status=\"404\"} 1",
        "stub_request_duration_seconds_bucket{operation=\"listPets\",method=\"GET\",le=\"+Inf\"} 3",
        "stub_request_duration_seconds_count{operation=\"listPets\",method=\"GET\"} 3",
        "stub_faults 1",
        "stub_fault_hits 1",
        "stub_answers 0",
        "stub_worlds 1",
        "stub_journal_requests 4",
    ] {
        assert!(text.lines().any(|known| known == line), "{line}\n{text}");
    }
    let last = text.lines().find(|line| line.contains("listPets\",method=\"GET\",le=\"5\"")).unwrap();
    assert!(last.ends_with(" 3"), "{last}");
}
